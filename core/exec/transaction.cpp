// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/transaction.hpp"

#include <algorithm>

#include "core/crypto/secp256k1.hpp"

namespace mezz::exec {
namespace {

/// spec: Yellow Paper, Appendix G; EIP-2930, EIP-3860, EIP-7623, EIP-7702.
constexpr std::uint64_t TRANSACTION_GAS = 21000;
constexpr std::uint64_t CREATION_GAS = 32000;
constexpr std::uint64_t ZERO_BYTE_GAS = 4;
constexpr std::uint64_t ACCESS_ADDRESS_GAS = 2400;
constexpr std::uint64_t ACCESS_SLOT_GAS = 1900;
constexpr std::uint64_t INITCODE_WORD_GAS = 2;
constexpr std::uint64_t AUTHORIZATION_GAS = 25000;
constexpr std::uint64_t FLOOR_TOKEN_GAS = 10;
/// spec: EIP-4844, VERSIONED_HASH_VERSION_KZG.
constexpr std::uint8_t BLOB_HASH_VERSION = 1;

constexpr std::string_view NAMES[] = {
    "INSUFFICIENT_ACCOUNT_FUNDS",
    "INSUFFICIENT_MAX_FEE_PER_GAS",
    "PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS",
    "GASLIMIT_PRICE_PRODUCT_OVERFLOW",
    "GAS_ALLOWANCE_EXCEEDED",
    "GAS_LIMIT_EXCEEDS_MAXIMUM",
    "INTRINSIC_GAS_TOO_LOW",
    "INTRINSIC_GAS_BELOW_FLOOR_GAS_COST",
    "INITCODE_SIZE_EXCEEDED",
    "NONCE_IS_MAX",
    "NONCE_MISMATCH_TOO_LOW",
    "NONCE_MISMATCH_TOO_HIGH",
    "SENDER_NOT_EOA",
    "INVALID_CHAINID",
    "TYPE_1_TX_PRE_FORK",
    "TYPE_2_TX_PRE_FORK",
    "TYPE_3_TX_PRE_FORK",
    "TYPE_4_TX_PRE_FORK",
    "TYPE_3_TX_CONTRACT_CREATION",
    "TYPE_3_TX_ZERO_BLOBS",
    "TYPE_3_TX_BLOB_COUNT_EXCEEDED",
    "TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH",
    "TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED",
    "INSUFFICIENT_MAX_FEE_PER_BLOB_GAS",
    "TYPE_4_TX_CONTRACT_CREATION",
    "TYPE_4_EMPTY_AUTHORIZATION_LIST",
    "INVALID_SIGNATURE_VRS",
    "EC_RECOVERY_FAIL",
    "TYPE_NOT_SUPPORTED",
};

using enum TxError;
using Verdict = std::optional<TxError>;

/// a * b with the information whether it wrapped.
Sum256 multiply_overflow(const uint256& a, std::uint64_t b) {
    Sum256 r{};
    std::uint64_t carry = 0;
    for (int i = 0; i < 4; ++i) {
        const u128 t = static_cast<u128>(a.limb[i]) * b + carry;
        r.value.limb[i] = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
    }
    r.carry = carry != 0;
    return r;
}

Verdict check_type(const Transaction& txn, const ChainSpec& spec, Revision rev) {
    switch (txn.type) {
        case TxType::legacy:
            break;
        case TxType::access_list:
            if (rev < Revision::berlin) return TYPE_1_TX_PRE_FORK;
            break;
        case TxType::dynamic_fee:
            if (rev < Revision::london) return TYPE_2_TX_PRE_FORK;
            break;
        case TxType::blob:
            if (spec.refuses_blob_transactions) return TYPE_NOT_SUPPORTED;
            if (rev < Revision::cancun) return TYPE_3_TX_PRE_FORK;
            break;
        case TxType::set_code:
            if (rev < Revision::prague) return TYPE_4_TX_PRE_FORK;
            break;
        default:
            return TYPE_NOT_SUPPORTED;
    }
    if (txn.chain_id && *txn.chain_id != spec.chain_id) return INVALID_CHAINID;
    if (!txn.chain_id && txn.type != TxType::legacy) return INVALID_CHAINID;
    return std::nullopt;
}

/// spec: EIP-4844, EIP-7594.
Verdict check_blobs(const Transaction& txn, Revision rev, const BlobParams& params,
                    const BlockRoom& room) {
    if (!txn.to) return TYPE_3_TX_CONTRACT_CREATION;
    if (txn.blob_hashes.empty()) return TYPE_3_TX_ZERO_BLOBS;
    const std::uint64_t cap = traits(rev).max_blobs_per_txn;
    if (cap == 0 && txn.blob_hashes.size() > params.max) return TYPE_3_TX_BLOB_COUNT_EXCEEDED;
    if (txn.blob_hashes.size() * GAS_PER_BLOB > room.blob_gas)
        return TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED;
    if (cap != 0 && txn.blob_hashes.size() > cap) return TYPE_3_TX_BLOB_COUNT_EXCEEDED;
    for (const Bytes32& h : txn.blob_hashes)
        if (h[0] != BLOB_HASH_VERSION) return TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH;
    if (txn.max_fee_per_blob_gas < room.blob_base_fee) return INSUFFICIENT_MAX_FEE_PER_BLOB_GAS;
    return std::nullopt;
}

Verdict check_fees(const Transaction& txn, Revision rev, const uint256& base_fee) {
    if (rev < Revision::london) return std::nullopt;
    if (txn.max_priority_fee_per_gas > txn.max_fee_per_gas)
        return PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS;
    if (txn.max_fee_per_gas < base_fee) return INSUFFICIENT_MAX_FEE_PER_GAS;
    return std::nullopt;
}

Verdict check_gas(const Transaction& txn, Revision rev, const BlockRoom& room,
                  const IntrinsicGas& gas) {
    const RevisionTraits t = traits(rev);
    if (t.max_transaction_gas != 0 && txn.gas_limit > t.max_transaction_gas)
        return GAS_LIMIT_EXCEEDS_MAXIMUM;
    if (t.max_initcode_size != 0 && !txn.to && txn.data.size() > t.max_initcode_size)
        return INITCODE_SIZE_EXCEEDED;
    if (txn.gas_limit < gas.base) return INTRINSIC_GAS_TOO_LOW;
    if (txn.gas_limit < gas.floor) return INTRINSIC_GAS_BELOW_FLOOR_GAS_COST;
    if (txn.gas_limit > room.gas || txn.gas_limit >> 63 != 0) return GAS_ALLOWANCE_EXCEEDED;
    return std::nullopt;
}

}  // namespace

std::string_view name(TxError error) noexcept {
    return NAMES[static_cast<unsigned>(error)];
}

std::expected<Address, TxError> sender_of(const Transaction& txn, Revision rev) noexcept {
    if (txn.type == TxType::deposit) return txn.from;
    const uint256& most_s =
        rev >= Revision::homestead ? crypto::SECP256K1_HALF_ORDER : crypto::SECP256K1_ORDER;
    const bool early_chain_id =
        txn.type == TxType::legacy && txn.chain_id && rev < Revision::spurious_dragon;
    if (early_chain_id || txn.r.is_zero() || txn.s.is_zero() || txn.r >= crypto::SECP256K1_ORDER ||
        txn.s >= crypto::SECP256K1_ORDER || txn.s > most_s)
        return std::unexpected(INVALID_SIGNATURE_VRS);
    const auto signer = crypto::recover_address(signing_hash(txn), txn.r, txn.s, txn.odd_y);
    if (!signer) return std::unexpected(EC_RECOVERY_FAIL);
    return *signer;
}

Verdict check_funds(const Transaction& txn, const uint256& balance,
                    const uint256& l1_data_fee) noexcept {
    const Sum256 gas = multiply_overflow(txn.max_fee_per_gas, txn.gas_limit);
    const Sum256 blobs =
        multiply_overflow(txn.max_fee_per_blob_gas, txn.blob_hashes.size() * GAS_PER_BLOB);
    const Sum256 with_value = add_overflow(gas.value, txn.value);
    const Sum256 with_blobs = add_overflow(with_value.value, blobs.value);
    const Sum256 total = add_overflow(with_blobs.value, l1_data_fee);
    if (gas.carry || blobs.carry || with_value.carry || with_blobs.carry || total.carry ||
        total.value > balance)
        return INSUFFICIENT_ACCOUNT_FUNDS;
    return std::nullopt;
}

IntrinsicGas intrinsic_gas(const Transaction& txn, Revision rev) noexcept {
    std::uint64_t zeros = 0;
    for (const std::uint8_t b : txn.data) zeros += b == 0;
    const std::uint64_t nonzeros = txn.data.size() - zeros;

    IntrinsicGas gas{TRANSACTION_GAS, 0};
    gas.base += zeros * ZERO_BYTE_GAS + nonzeros * traits(rev).calldata_nonzero_gas;
    if (!txn.to) {
        if (rev >= Revision::homestead) gas.base += CREATION_GAS;
        if (rev >= Revision::shanghai) gas.base += (txn.data.size() + 31) / 32 * INITCODE_WORD_GAS;
    }
    for (const AccessEntry& entry : txn.access_list)
        gas.base += ACCESS_ADDRESS_GAS + entry.storage_keys.size() * ACCESS_SLOT_GAS;
    gas.base += txn.authorizations.size() * AUTHORIZATION_GAS;
    if (rev >= Revision::prague)
        gas.floor = TRANSACTION_GAS + (zeros + 4 * nonzeros) * FLOOR_TOKEN_GAS;
    return gas;
}

std::expected<TxProperties, TxError> validate_stateless(const Transaction& txn,
                                                        const ChainSpec& spec,
                                                        const BlockContext& block,
                                                        const BlockRoom& room) noexcept {
    const Revision rev = spec.revision_at(block.timestamp);
    if (const Verdict v = check_type(txn, spec, rev)) return std::unexpected(*v);
    if (txn.type == TxType::blob)
        if (const Verdict v = check_blobs(txn, rev, spec.blobs_at(block.timestamp), room))
            return std::unexpected(*v);
    if (txn.type == TxType::set_code) {
        if (!txn.to) return std::unexpected(TYPE_4_TX_CONTRACT_CREATION);
        if (txn.authorizations.empty()) return std::unexpected(TYPE_4_EMPTY_AUTHORIZATION_LIST);
    }
    TxProperties out;
    out.gas = intrinsic_gas(txn, rev);
    if (const Verdict v = check_fees(txn, rev, block.base_fee)) return std::unexpected(*v);
    if (multiply_overflow(txn.max_fee_per_gas, txn.gas_limit).carry)
        return std::unexpected(GASLIMIT_PRICE_PRODUCT_OVERFLOW);
    if (const Verdict v = check_gas(txn, rev, room, out.gas)) return std::unexpected(*v);
    if (txn.nonce == ~std::uint64_t{0}) return std::unexpected(NONCE_IS_MAX);

    if (rev >= Revision::london) {
        out.priority_fee =
            std::min(txn.max_priority_fee_per_gas, txn.max_fee_per_gas - block.base_fee);
        out.effective_gas_price = block.base_fee + out.priority_fee;
    } else {
        out.priority_fee = out.effective_gas_price = txn.max_fee_per_gas;
    }
    return out;
}

std::expected<TxProperties, TxError> validate(const Transaction& txn, const SenderState& sender,
                                              const ChainSpec& spec, const BlockContext& block,
                                              const BlockRoom& room,
                                              const uint256& l1_data_fee) noexcept {
    auto out = validate_stateless(txn, spec, block, room);
    if (!out) return out;
    if (sender.has_code) return std::unexpected(SENDER_NOT_EOA);
    if (txn.nonce < sender.nonce) return std::unexpected(NONCE_MISMATCH_TOO_LOW);
    if (txn.nonce > sender.nonce) return std::unexpected(NONCE_MISMATCH_TOO_HIGH);
    if (const Verdict v = check_funds(txn, sender.balance, l1_data_fee)) return std::unexpected(*v);
    out->l1_data_fee = l1_data_fee;
    return out;
}

}  // namespace mezz::exec
