// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/publish/da/data_layers.hpp"

#include <algorithm>

#include "node/host/crypto/kzg_native.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t base_gas = 21'000;
/// Storage, events and checks of an entry: measured 52,000 at most, see contracts/gas.
constexpr std::uint64_t entry_gas = 120'000;
/// Opening of a blob: measured 53,000.
constexpr std::uint64_t opening_gas = 65'000;
constexpr std::uint64_t gas_per_blob = 131'072;  ///< GAS_PER_BLOB, EIP-4844

/// spec: EIP-7623, tokens_in_calldata.
std::uint64_t tokens(ByteView input) {
    const auto zeros = static_cast<std::uint64_t>(std::count(input.begin(), input.end(), 0));
    return zeros + 4 * (input.size() - zeros);
}

std::uint64_t transaction_gas(ByteView input, std::uint64_t execution) {
    const std::uint64_t t = tokens(input);
    return base_gas + std::max(4 * t + execution, 10 * t) + 1'000;
}

std::unexpected<Error> wrong_size(std::size_t size, std::size_t capacity) {
    return fatal("batch data of " + std::to_string(size) +
                 " bytes does not fit into one inbox entry (1 to " + std::to_string(capacity) +
                 "); publish fewer blocks in one, or lower the chain's gas limit");
}

}  // namespace

std::uint64_t calldata_entry_gas(ByteView input, std::size_t data_bytes) {
    return transaction_gas(input, entry_gas + data_bytes);
}

std::uint64_t blob_entry_gas(ByteView input, std::size_t blobs) {
    return transaction_gas(input, entry_gas + opening_gas * blobs);
}

Result<TxCandidate> CalldataLayer::entry(const EntryParameters& p, ByteView data, const FeeQuote&) {
    if (data.empty() || data.size() > capacity()) return wrong_size(data.size(), capacity());
    TxCandidate out;
    out.to = inbox_;
    out.data = abi::Call("appendCalldata(uint64,uint64,uint64,bytes32,bytes)")
                   .word(p.index)
                   .word(p.queue_cursor)
                   .word(p.origin.number)
                   .word(p.origin.hash)
                   .bytes(data)
                   .finish();
    out.gas_limit = calldata_entry_gas(out.data, data.size());
    if (*out.gas_limit > MAX_TX_GAS)
        return fatal("batch data of " + std::to_string(data.size()) + " bytes needs " +
                     std::to_string(*out.gas_limit) + " gas, above the " +
                     std::to_string(MAX_TX_GAS) +
                     " of one transaction (EIP-7825); lower the batch target or use blobs");
    return out;
}

Result<TxCandidate> BlobLayer::entry(const EntryParameters& p, ByteView data, const FeeQuote&) {
    if (data.empty() || data.size() > capacity()) return wrong_size(data.size(), capacity());
    TxCandidate out;
    out.to = inbox_;
    out.blobs = derive::encode_blobs(data);
    const Bytes32 data_hash = derive::chunk_hash(data);
    Bytes openings;
    for (const auto& blob : out.blobs) {
        const auto commitment = host::blob_to_kzg_commitment(blob);
        if (!commitment) return fatal("a blob made of batch data is malformed; report this");
        const uint256 z =
            derive::opening_point(crypto::kzg_to_versioned_hash(*commitment), data_hash);
        const auto opening = host::compute_kzg_proof(blob, to_bytes32(z));
        if (!opening) return fatal("a blob made of batch data cannot be opened; report this");
        append(openings, opening->y);
        append(openings, *commitment);
        append(openings, opening->proof);
        out.commitments.push_back(*commitment);
    }
    out.data = abi::Call("appendBlobs(uint64,uint64,uint64,bytes32,bytes32,bytes)")
                   .word(p.index)
                   .word(p.queue_cursor)
                   .word(p.origin.number)
                   .word(p.origin.hash)
                   .word(data_hash)
                   .bytes(openings)
                   .finish();
    out.gas_limit = blob_entry_gas(out.data, out.blobs.size());
    return out;
}

CheaperLayer::Costs CheaperLayer::costs(ByteView data, const FeeQuote& fees) {
    const uint256 price = fees.base_fee + fees.priority_fee;
    const std::size_t blobs =
        std::max<std::size_t>(1, (data.size() + derive::blob_capacity - 1) / derive::blob_capacity);
    return {price * calldata_entry_gas(data, data.size()),
            price * (base_gas + entry_gas + opening_gas * blobs) +
                fees.blob_base_fee * (gas_per_blob * blobs)};
}

Result<TxCandidate> CheaperLayer::entry(const EntryParameters& parameters, ByteView data,
                                        const FeeQuote& fees) {
    const Costs c = costs(data, fees);
    if (data.size() <= calldata_.capacity() && c.calldata < c.blobs)
        if (auto candidate = calldata_.entry(parameters, data, fees)) return candidate;
    return blobs_.entry(parameters, data, fees);
}

}  // namespace mezz::node
