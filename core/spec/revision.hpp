// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The protocol revisions (hard forks) in activation order; compare with < and >=.

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mezz {

enum class Revision : std::uint8_t {
    frontier,
    homestead,
    tangerine_whistle,
    spurious_dragon,
    byzantium,
    constantinople,
    petersburg,
    istanbul,
    berlin,
    london,
    paris,
    shanghai,
    cancun,
    prague,
    osaka,
};

inline constexpr Revision LATEST_REVISION = Revision::osaka;
inline constexpr unsigned REVISION_COUNT = static_cast<unsigned>(LATEST_REVISION) + 1;

/// Everything about a revision that is a constant, for use as a template argument or a value.
struct RevisionTraits {
    std::uint64_t max_code_size;         ///< bytes; 0 = unlimited. EIP-170.
    std::uint64_t max_initcode_size;     ///< bytes; 0 = unlimited. EIP-3860.
    std::uint64_t max_transaction_gas;   ///< gas; 0 = unlimited. EIP-7825.
    std::uint64_t refund_quotient;       ///< 2 before London, 5 after. EIP-3529.
    std::uint64_t selfdestruct_refund;   ///< gas; 0 after London. EIP-3529.
    std::uint64_t calldata_nonzero_gas;  ///< gas a byte: 68, 16 after Istanbul. EIP-2028.
    std::uint64_t max_blobs_per_txn;     ///< 0 = only the block limit. EIP-7594.
    bool clears_touched_empty_accounts;  ///< EIP-161.
    bool has_access_lists;               ///< EIP-2929/2930.
    bool has_fee_market;                 ///< EIP-1559.
};

[[nodiscard]] constexpr RevisionTraits traits(Revision rev) noexcept {
    using enum Revision;
    return {
        .max_code_size = rev >= spurious_dragon ? 0x6000u : 0u,
        .max_initcode_size = rev >= shanghai ? 0xc000u : 0u,
        .max_transaction_gas = rev >= osaka ? std::uint64_t{1} << 24 : 0u,
        .refund_quotient = rev >= london ? 5u : 2u,
        .selfdestruct_refund = rev >= london ? 0u : 24000u,
        .calldata_nonzero_gas = rev >= istanbul ? 16u : 68u,
        .max_blobs_per_txn = rev >= osaka ? 6u : 0u,
        .clears_touched_empty_accounts = rev >= spurious_dragon,
        .has_access_lists = rev >= berlin,
        .has_fee_market = rev >= london,
    };
}

/// The name official test vectors use ("Cancun", "Osaka", "ConstantinopleFix", …).
[[nodiscard]] std::string_view name(Revision rev) noexcept;
/// Inverse of `name`; also accepts "Merge" for Paris, "EIP150"/"EIP158" and "Petersburg".
[[nodiscard]] std::optional<Revision> revision_from_name(std::string_view text) noexcept;

}  // namespace mezz
