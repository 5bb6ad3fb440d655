// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parent chain as everything here sees it: any Ethereum JSON-RPC endpoint plus blobs.
///
/// Synchronous; an implementation bounds every call in time. Answers are not trusted: derivation
/// checks hashes, actors check receipts. Thread-safe.

#include <optional>
#include <vector>

#include "core/types/receipt.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

enum class BlockTag : std::uint8_t { latest, safe, finalized };

struct ParentBlock {
    std::uint64_t number = 0;
    Bytes32 hash;
    Bytes32 parent_hash;
    std::uint64_t timestamp = 0;  ///< units: seconds
    uint256 base_fee;             ///< units: wei a gas
    std::uint64_t excess_blob_gas = 0;
    std::uint64_t gas_limit = 0;
};

struct ParentLog {
    Log log;
    std::uint64_t block_number = 0;
    Bytes32 block_hash;
    Bytes32 transaction_hash;
    std::uint64_t log_index = 0;
};

struct ParentReceipt {
    bool success = false;
    std::uint64_t block_number = 0;
    Bytes32 block_hash;
    std::uint64_t gas_used = 0;
    uint256 effective_gas_price;  ///< units: wei a gas
    std::optional<Address> contract_address;
    std::vector<ParentLog> logs;
};

struct LogFilter {
    std::uint64_t from_block = 0;
    std::uint64_t to_block = 0;  ///< inclusive
    Address address;
    std::vector<Bytes32> topics0;  ///< any of these as first topic; empty: all
};

/// units: wei a gas, wei a blob gas.
struct FeeQuote {
    uint256 base_fee;
    uint256 priority_fee;
    uint256 blob_base_fee;
};

class Parent {
public:
    virtual ~Parent() = default;
    virtual Result<std::uint64_t> chain_id() = 0;
    virtual Result<ParentBlock> block(BlockTag tag) = 0;
    /// returns: none when the parent has no block of that number.
    virtual Result<std::optional<ParentBlock>> block(std::uint64_t number) = 0;
    virtual Result<std::vector<ParentLog>> logs(const LogFilter& filter) = 0;
    /// The input of a transaction that is in a block.
    virtual Result<std::optional<Transaction>> transaction(const Bytes32& hash) = 0;
    /// Blobs of one block by versioned hash, in that order. A missing one is a retry error.
    virtual Result<std::vector<Bytes>> blobs(const ParentBlock& block,
                                             const std::vector<Bytes32>& versioned_hashes) = 0;
    /// The same, but a server's answer is taken as it is: for callers that check a hash of the
    /// bytes, and ask `blobs` when it does not match.
    virtual Result<std::vector<Bytes>> unchecked_blobs(
        const ParentBlock& block, const std::vector<Bytes32>& versioned_hashes) {
        return blobs(block, versioned_hashes);
    }
    virtual Result<Bytes> call(const Address& to, ByteView data,
                               BlockTag tag = BlockTag::latest) = 0;
    virtual Result<std::uint64_t> nonce(const Address& address, bool pending) = 0;
    virtual Result<uint256> balance(const Address& address) = 0;
    virtual Result<Bytes> code(const Address& address) = 0;
    virtual Result<std::uint64_t> estimate_gas(const Address& from,
                                               const std::optional<Address>& to,
                                               const uint256& value, ByteView data) = 0;
    virtual Result<FeeQuote> fees() = 0;
    /// `raw` is the network form (with sidecar for blob transactions). returns: the hash.
    virtual Result<Bytes32> send(ByteView raw) = 0;
    virtual Result<std::optional<ParentReceipt>> receipt(const Bytes32& hash) = 0;
};

}  // namespace mezz::node
