// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// When a block is valid: its header against its parent, its body against its header, and what its
/// execution came to against its header.
///
/// These are Ethereum's rules from London on, and those earlier ones that are not about proof of
/// work. A rollup block is derived and never received, so these rules judge blocks of others: of a
/// parent chain, of an export file, of the official vectors.

#include <expected>
#include <span>
#include <string_view>

#include "core/spec/chain_spec.hpp"
#include "core/types/block.hpp"

namespace mezz::exec {

/// Why a block is invalid. spec: execution-spec-tests BlockException.
enum class BlockError : std::uint8_t {
    RLP_STRUCTURES_ENCODING,
    RLP_BLOCK_LIMIT_EXCEEDED,  ///< EIP-7934.
    INCORRECT_BLOCK_FORMAT,    ///< a field of a later fork, one that is missing, or a nonce.
    EXTRA_DATA_TOO_BIG,
    GASLIMIT_TOO_BIG,              ///< above 2^63-1.
    INVALID_GASLIMIT,              ///< below 5000, or a 1024th or more away from the parent's.
    INVALID_GAS_USED_ABOVE_LIMIT,  ///< more gas used than the limit.
    INVALID_BLOCK_NUMBER,
    INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT,
    INVALID_BASEFEE_PER_GAS,
    IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS,
    IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS,
    BLOB_GAS_USED_ABOVE_LIMIT,
    INCORRECT_EXCESS_BLOB_GAS,
    INVALID_TRANSACTIONS_ROOT,
    INVALID_UNCLES_HASH,
    INVALID_WITHDRAWALS_ROOT,
    INVALID_GAS_USED,
    INCORRECT_BLOB_GAS_USED,
    INVALID_LOG_BLOOM,
    INVALID_RECEIPTS_ROOT,
    INVALID_STATE_ROOT,
    INVALID_REQUESTS,              ///< EIP-7685.
    INVALID_DEPOSIT_EVENT_LAYOUT,  ///< EIP-6110.
    SYSTEM_CONTRACT_EMPTY,         ///< EIP-7002, EIP-7251: the contract is not there.
    SYSTEM_CONTRACT_CALL_FAILED,   ///< EIP-7002, EIP-7251.
};

/// The enumerator's own spelling.
[[nodiscard]] std::string_view name(BlockError error) noexcept;

/// Judges a header by itself and against its parent.
///
/// The first block with a base fee is known by its parent, which has none. Difficulty, mix hash and
/// uncles of blocks before Paris are not looked at: they are rules of proof of work.
/// spec: Yellow Paper §4.3.4; EIP-1559, EIP-3675, EIP-4399, EIP-4844, EIP-4895, EIP-7685.
[[nodiscard]] std::expected<void, BlockError> validate_header(const Header& header,
                                                              const Header& parent,
                                                              const ChainSpec& spec) noexcept;

/// Judges transactions, ommers and withdrawals against what the header says about them.
/// `encoded_bytes` is the size of the block's RLP. spec: EIP-7934.
[[nodiscard]] std::expected<void, BlockError> validate_body(const Block& block,
                                                            std::size_t encoded_bytes,
                                                            const ChainSpec& spec);

/// Root of the transactions or withdrawals of a block.
[[nodiscard]] Bytes32 transactions_root(std::span<const Transaction> transactions);
[[nodiscard]] Bytes32 withdrawals_root(std::span<const Withdrawal> withdrawals);
/// keccak256 of the list of headers.
[[nodiscard]] Bytes32 ommers_hash(std::span<const Header> ommers);

/// What the execution of a block came to.
struct ExecutedBlock {
    std::uint64_t gas_used = 0;
    std::uint64_t blob_gas_used = 0;
    Bloom logs_bloom;
    Bytes32 receipts_root;
    Bytes32 state_root;
    std::optional<Bytes32> requests_hash;  ///< since Prague.
};
/// Judges the header against the execution of its block.
[[nodiscard]] std::expected<void, BlockError> validate_execution(
    const Header& header, const ExecutedBlock& executed) noexcept;

}  // namespace mezz::exec
