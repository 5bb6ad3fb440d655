// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/header.hpp"

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace mezz::exec {
namespace {

constexpr std::size_t MAX_EXTRA_DATA_BYTES = 32;  // Yellow Paper (43)
constexpr std::uint64_t MAX_GAS_LIMIT = (std::uint64_t{1} << 63) - 1;
constexpr std::uint64_t GAS_LIMIT_BOUND_DIVISOR = 1024;                      // Yellow Paper (47)
constexpr std::uint64_t INITIAL_BASE_FEE = 1'000'000'000;                    // EIP-1559
constexpr std::size_t MAX_BLOCK_BYTES = 10 * 1024 * 1024 - 2 * 1024 * 1024;  // EIP-7934

constexpr std::string_view NAMES[] = {
    "RLP_STRUCTURES_ENCODING",
    "RLP_BLOCK_LIMIT_EXCEEDED",
    "INCORRECT_BLOCK_FORMAT",
    "EXTRA_DATA_TOO_BIG",
    "GASLIMIT_TOO_BIG",
    "INVALID_GASLIMIT",
    "INVALID_GAS_USED_ABOVE_LIMIT",
    "INVALID_BLOCK_NUMBER",
    "INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT",
    "INVALID_BASEFEE_PER_GAS",
    "IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS",
    "IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS",
    "BLOB_GAS_USED_ABOVE_LIMIT",
    "INCORRECT_EXCESS_BLOB_GAS",
    "INVALID_TRANSACTIONS_ROOT",
    "INVALID_UNCLES_HASH",
    "INVALID_WITHDRAWALS_ROOT",
    "INVALID_GAS_USED",
    "INCORRECT_BLOB_GAS_USED",
    "INVALID_LOG_BLOOM",
    "INVALID_RECEIPTS_ROOT",
    "INVALID_STATE_ROOT",
    "INVALID_REQUESTS",
    "INVALID_DEPOSIT_EVENT_LAYOUT",
    "SYSTEM_CONTRACT_EMPTY",
    "SYSTEM_CONTRACT_CALL_FAILED",
};

using enum BlockError;
using Verdict = std::optional<BlockError>;

std::expected<void, BlockError> result_of(const Verdict& verdict) {
    if (verdict) return std::unexpected(*verdict);
    return {};
}

Verdict check_shape(const Header& h, Revision rev) {
    const bool shanghai = rev >= Revision::shanghai, cancun = rev >= Revision::cancun;
    if (h.base_fee_per_gas.has_value() != (rev >= Revision::london) ||
        h.withdrawals_root.has_value() != shanghai || h.blob_gas_used.has_value() != cancun ||
        h.excess_blob_gas.has_value() != cancun ||
        h.parent_beacon_block_root.has_value() != cancun ||
        h.requests_hash.has_value() != (rev >= Revision::prague))
        return INCORRECT_BLOCK_FORMAT;
    if (rev < Revision::paris) return std::nullopt;
    if (!h.difficulty.is_zero()) return IMPORT_IMPOSSIBLE_DIFFICULTY_OVER_PARIS;
    if (h.ommers_hash != EMPTY_OMMERS_HASH) return IMPORT_IMPOSSIBLE_UNCLES_OVER_PARIS;
    if (!h.nonce.is_zero()) return INCORRECT_BLOCK_FORMAT;
    return std::nullopt;
}

/// The first block with a base fee: the limit doubles, so that the target stays where it was.
bool starts_fee_market(const Header& parent, Revision rev) {
    return rev >= Revision::london && !parent.base_fee_per_gas;
}

Verdict check_gas(const Header& h, const Header& parent, const ChainSpec& spec, Revision rev) {
    if (h.gas_limit > MAX_GAS_LIMIT) return GASLIMIT_TOO_BIG;
    const std::uint64_t before = starts_fee_market(parent, rev)
                                     ? parent.gas_limit * spec.elasticity_multiplier
                                     : parent.gas_limit;
    const std::uint64_t moved = h.gas_limit > before ? h.gas_limit - before : before - h.gas_limit;
    if (moved >= before / GAS_LIMIT_BOUND_DIVISOR || h.gas_limit < spec.min_gas_limit)
        return INVALID_GASLIMIT;
    if (h.gas_used > h.gas_limit) return INVALID_GAS_USED_ABOVE_LIMIT;
    return std::nullopt;
}

Verdict check_base_fee(const Header& h, const Header& parent, const ChainSpec& spec, Revision rev) {
    if (rev < Revision::london) return std::nullopt;
    const uint256 expected = parent.base_fee_per_gas
                                 ? next_base_fee(spec, {.gas_limit = parent.gas_limit,
                                                        .gas_used = parent.gas_used,
                                                        .base_fee = *parent.base_fee_per_gas,
                                                        .blob_gas_used = 0,
                                                        .excess_blob_gas = 0})
                                 : uint256{INITIAL_BASE_FEE};
    if (h.base_fee_per_gas != expected) return INVALID_BASEFEE_PER_GAS;
    return std::nullopt;
}

Verdict check_blob_gas(const Header& h, const Header& parent, const ChainSpec& spec) {
    if (!h.blob_gas_used) return std::nullopt;
    const BlobParams params = spec.blobs_at(h.timestamp);
    if (*h.blob_gas_used > params.max * GAS_PER_BLOB || *h.blob_gas_used % GAS_PER_BLOB != 0)
        return BLOB_GAS_USED_ABOVE_LIMIT;
    const std::uint64_t expected =
        next_excess_blob_gas(spec, h.timestamp,
                             {.gas_limit = parent.gas_limit,
                              .gas_used = parent.gas_used,
                              .base_fee = parent.base_fee_per_gas.value_or(uint256{}),
                              .blob_gas_used = parent.blob_gas_used.value_or(0),
                              .excess_blob_gas = parent.excess_blob_gas.value_or(0)});
    if (h.excess_blob_gas != expected) return INCORRECT_EXCESS_BLOB_GAS;
    return std::nullopt;
}

}  // namespace

std::string_view name(BlockError error) noexcept {
    return NAMES[static_cast<unsigned>(error)];
}

std::expected<void, BlockError> validate_header(const Header& header, const Header& parent,
                                                const ChainSpec& spec) noexcept {
    if (header.number != parent.number + 1) return std::unexpected(INVALID_BLOCK_NUMBER);
    if (header.timestamp <= parent.timestamp)
        return std::unexpected(INVALID_BLOCK_TIMESTAMP_OLDER_THAN_PARENT);
    if (header.extra_data.size() > MAX_EXTRA_DATA_BYTES) return std::unexpected(EXTRA_DATA_TOO_BIG);
    const Revision rev = spec.revision_at(header.timestamp);
    if (const Verdict v = check_gas(header, parent, spec, rev)) return std::unexpected(*v);
    if (const Verdict v = check_shape(header, rev)) return std::unexpected(*v);
    if (const Verdict v = check_base_fee(header, parent, spec, rev)) return std::unexpected(*v);
    return result_of(check_blob_gas(header, parent, spec));
}

std::expected<void, BlockError> validate_body(const Block& block, std::size_t encoded_bytes,
                                              const ChainSpec& spec) {
    const Header& h = block.header;
    const Revision rev = spec.revision_at(h.timestamp);
    if (rev >= Revision::osaka && encoded_bytes > MAX_BLOCK_BYTES)
        return std::unexpected(RLP_BLOCK_LIMIT_EXCEEDED);
    if (block.withdrawals.has_value() != (rev >= Revision::shanghai))
        return std::unexpected(RLP_STRUCTURES_ENCODING);
    if (ommers_hash(block.ommers) != h.ommers_hash) return std::unexpected(INVALID_UNCLES_HASH);
    if (transactions_root(block.transactions) != h.transactions_root)
        return std::unexpected(INVALID_TRANSACTIONS_ROOT);
    if (block.withdrawals && withdrawals_root(*block.withdrawals) != h.withdrawals_root)
        return std::unexpected(INVALID_WITHDRAWALS_ROOT);
    return {};
}

Bytes32 transactions_root(std::span<const Transaction> transactions) {
    std::vector<Bytes> items;
    items.reserve(transactions.size());
    for (const Transaction& txn : transactions) items.push_back(encode(txn));
    return trie::ordered_root(items);
}

Bytes32 withdrawals_root(std::span<const Withdrawal> withdrawals) {
    std::vector<Bytes> items;
    items.reserve(withdrawals.size());
    for (const Withdrawal& w : withdrawals) items.push_back(encode(w));
    return trie::ordered_root(items);
}

Bytes32 ommers_hash(std::span<const Header> ommers) {
    Bytes out;
    {
        const rlp::List list(out);
        for (const Header& ommer : ommers) rlp::append_raw(out, encode(ommer));
    }
    return crypto::keccak256(out);
}

std::expected<void, BlockError> validate_execution(const Header& header,
                                                   const ExecutedBlock& executed) noexcept {
    if (header.gas_used != executed.gas_used) return std::unexpected(INVALID_GAS_USED);
    if (header.blob_gas_used.value_or(0) != executed.blob_gas_used)
        return std::unexpected(INCORRECT_BLOB_GAS_USED);
    if (header.logs_bloom != executed.logs_bloom) return std::unexpected(INVALID_LOG_BLOOM);
    if (header.receipts_root != executed.receipts_root)
        return std::unexpected(INVALID_RECEIPTS_ROOT);
    if (header.state_root != executed.state_root) return std::unexpected(INVALID_STATE_ROOT);
    if (header.requests_hash != executed.requests_hash) return std::unexpected(INVALID_REQUESTS);
    return {};
}

}  // namespace mezz::exec
