// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/deposits.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "core/spec/chain_spec.hpp"

namespace mezz::derive {
namespace {

constexpr std::uint64_t user_domain = 0;
constexpr std::uint64_t attributes_domain = 1;
/// units: gas. spec: OP Stack, the gas of the attributes transaction since Regolith.
constexpr std::uint64_t attributes_gas = 1'000'000;
/// setL1BlockValuesEcotone()
constexpr std::uint8_t attributes_selector[4] = {0x44, 0x0a, 0x5e, 0x20};

void append_be32(Bytes& out, std::uint32_t v) {
    std::uint8_t b[4];
    store_be32(b, v);
    append(out, b);
}

}  // namespace

Bytes32 source_hash(std::uint64_t domain, const Bytes32& hash, std::uint64_t number) {
    Bytes inner = to_bytes(hash);
    append(inner, to_bytes32(uint256{number}));
    Bytes outer = to_bytes(to_bytes32(uint256{domain}));
    append(outer, crypto::keccak256(inner));
    return crypto::keccak256(outer);
}

Transaction attributes_transaction(const Origin& origin, std::uint64_t sequence_number,
                                   const FeeScalars& scalars, const Address& batcher) {
    Transaction t;
    t.type = TxType::deposit;
    t.source_hash = source_hash(attributes_domain, origin.hash, sequence_number);
    t.from = ATTRIBUTES_DEPOSITOR;
    t.to = predeploy::L1_BLOCK;
    t.gas_limit = attributes_gas;
    append(t.data, attributes_selector);
    append_be32(t.data, scalars.base_fee_scalar);
    append_be32(t.data, scalars.blob_base_fee_scalar);
    append_be64(t.data, sequence_number);
    append_be64(t.data, origin.timestamp);
    append_be64(t.data, origin.number);
    append(t.data, to_bytes32(origin.base_fee));
    append(t.data, to_bytes32(origin.blob_base_fee));
    append(t.data, origin.hash);
    append(t.data, to_bytes32(to_uint256(batcher)));
    return t;
}

Transaction deposit_transaction(const QueueItem& item, const std::optional<DepositLabel>& label) {
    Transaction t;
    t.type = TxType::deposit;
    t.from = item.from;
    t.source_hash = label ? source_hash(user_domain, label->parent_hash, label->log_index)
                          : source_hash(queue_source_domain, Bytes32{}, item.index);
    ByteReader in(item.opaque_data);
    const uint256 mint = to_uint256(in.fixed<32>());
    const uint256 value = to_uint256(in.fixed<32>());
    const ByteView gas = in.take(8);
    const std::uint8_t is_creation = in.u8();
    if (!in.ok()) {
        t.to = item.to;
        return t;
    }
    t.mint = mint;
    t.value = value;
    t.gas_limit = load_be64(gas.data());
    t.data = to_bytes(in.take(in.remaining()));
    if (is_creation == 0) t.to = item.to;
    return t;
}

std::uint64_t deposit_gas(const QueueItem& item) {
    return deposit_transaction(item, std::nullopt).gas_limit;
}

}  // namespace mezz::derive
