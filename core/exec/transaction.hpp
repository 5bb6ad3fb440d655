// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// When a transaction may enter a block, and what it pays before execution starts.
///
/// `validate` is the only judge of validity: the pool, the sequencer and the block executor all
/// call it. Deposits (type 0x7e) are not judged here; they are always valid on a rollup.

#include <expected>
#include <string_view>

#include "core/spec/chain_spec.hpp"
#include "core/state/view.hpp"
#include "core/types/transaction.hpp"
#include "core/vm/evm/context.hpp"

namespace mezz::exec {

/// Why a transaction is invalid. spec: execution-spec-tests TransactionException.
enum class TxError : std::uint8_t {
    INSUFFICIENT_ACCOUNT_FUNDS,
    INSUFFICIENT_MAX_FEE_PER_GAS,
    PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS,
    GASLIMIT_PRICE_PRODUCT_OVERFLOW,
    GAS_ALLOWANCE_EXCEEDED,     ///< more gas than the block has left.
    GAS_LIMIT_EXCEEDS_MAXIMUM,  ///< EIP-7825.
    INTRINSIC_GAS_TOO_LOW,
    INTRINSIC_GAS_BELOW_FLOOR_GAS_COST,  ///< EIP-7623.
    INITCODE_SIZE_EXCEEDED,              ///< EIP-3860.
    NONCE_IS_MAX,                        ///< EIP-2681.
    NONCE_MISMATCH_TOO_LOW,
    NONCE_MISMATCH_TOO_HIGH,
    SENDER_NOT_EOA,  ///< EIP-3607.
    INVALID_CHAINID,
    TYPE_1_TX_PRE_FORK,
    TYPE_2_TX_PRE_FORK,
    TYPE_3_TX_PRE_FORK,
    TYPE_4_TX_PRE_FORK,
    TYPE_3_TX_CONTRACT_CREATION,
    TYPE_3_TX_ZERO_BLOBS,
    TYPE_3_TX_BLOB_COUNT_EXCEEDED,
    TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH,
    TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED,  ///< more blob gas than the block has left.
    INSUFFICIENT_MAX_FEE_PER_BLOB_GAS,
    TYPE_4_TX_CONTRACT_CREATION,
    TYPE_4_EMPTY_AUTHORIZATION_LIST,
    INVALID_SIGNATURE_VRS,  ///< v, r or s is not a value of a signature (EIP-2, EIP-155).
    EC_RECOVERY_FAIL,       ///< well-formed, but no key made that signature.
    TYPE_NOT_SUPPORTED,  ///< blobs where the chain refuses them; deposits where none are allowed.
};

/// The enumerator's own spelling.
[[nodiscard]] std::string_view name(TxError error) noexcept;

/// Who signed a transaction; a deposit carries it.
///
/// errors: INVALID_SIGNATURE_VRS: r or s outside [1, n), s above n/2 since Homestead, or a v with a
/// chain id before Spurious Dragon; EC_RECOVERY_FAIL: r is not on the curve.
/// spec: Yellow Paper, Appendix F; EIP-2, EIP-155.
[[nodiscard]] std::expected<Address, TxError> sender_of(const Transaction& txn,
                                                        Revision rev) noexcept;

/// units: gas.
struct IntrinsicGas {
    std::uint64_t base = 0;   ///< charged before execution.
    std::uint64_t floor = 0;  ///< least the transaction uses in total; 0 before Prague.
};

/// Gas a transaction must own before execution starts.
///
/// spec: Yellow Paper §6.2; EIP-2028, EIP-2930, EIP-3860, EIP-7623, EIP-7702.
[[nodiscard]] IntrinsicGas intrinsic_gas(const Transaction& txn, Revision rev) noexcept;

/// The part of the block a transaction is judged against, with what earlier ones left.
struct BlockRoom {
    std::uint64_t gas = 0;       ///< gas left in the block.
    std::uint64_t blob_gas = 0;  ///< blob gas left in the block.
    uint256 blob_base_fee;       ///< wei.
};

/// The sender as it is before the transaction. `has_code` is false for EIP-7702 delegations.
struct SenderState {
    std::uint64_t nonce = 0;
    uint256 balance;  ///< wei.
    bool has_code = false;
};

/// What execution needs from a valid transaction.
struct TxProperties {
    IntrinsicGas gas;
    uint256 effective_gas_price;  ///< wei.
    uint256 priority_fee;         ///< wei a gas that goes to the coinbase.
    uint256 l1_data_fee;          ///< wei; zero outside rollups.
};

/// Judges one transaction other than a deposit. Checks that need no state come first.
///
/// `l1_data_fee` (wei) counts as a cost the sender must be able to pay.
[[nodiscard]] std::expected<TxProperties, TxError> validate(
    const Transaction& txn, const SenderState& sender, const ChainSpec& spec,
    const BlockContext& block, const BlockRoom& room, const uint256& l1_data_fee = {}) noexcept;

/// Whether the sender owns the most the transaction could cost. spec: EIP-1559.
/// returns: INSUFFICIENT_ACCOUNT_FUNDS or none.
[[nodiscard]] std::optional<TxError> check_funds(const Transaction& txn, const uint256& balance,
                                                 const uint256& l1_data_fee) noexcept;

/// The same judgement where no state is at hand: nonce, balance and code are not looked at.
[[nodiscard]] std::expected<TxProperties, TxError> validate_stateless(
    const Transaction& txn, const ChainSpec& spec, const BlockContext& block,
    const BlockRoom& room) noexcept;

}  // namespace mezz::exec
