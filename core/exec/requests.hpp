// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What an L1 block asks of the consensus layer: deposits, withdrawals, consolidations.
///
/// A rollup has no consensus layer; its requests hash is always the one of no requests.

#include <expected>
#include <span>

#include "core/exec/header.hpp"
#include "core/types/receipt.hpp"

namespace mezz::exec {

/// spec: EIP-6110, EIP-7002, EIP-7251.
inline constexpr std::uint8_t DEPOSIT_REQUEST_TYPE = 0;
inline constexpr std::uint8_t WITHDRAWAL_REQUEST_TYPE = 1;
inline constexpr std::uint8_t CONSOLIDATION_REQUEST_TYPE = 2;
inline constexpr Address WITHDRAWAL_REQUEST_CONTRACT =
    hex<Address>("0x00000961ef480eb55e80d19ad83579a64c007002");
inline constexpr Address CONSOLIDATION_REQUEST_CONTRACT =
    hex<Address>("0x0000bbddc7ce488642fb579f8b00f3a590007251");

/// Requests of one type; without data they do not count.
struct Requests {
    std::uint8_t type = 0;
    Bytes data;
    friend bool operator==(const Requests&, const Requests&) = default;
};

/// The deposits in the logs of a block, each 192 bytes. spec: EIP-6110, parse_deposit_data.
/// errors: INVALID_DEPOSIT_EVENT_LAYOUT.
[[nodiscard]] std::expected<Bytes, BlockError> deposit_requests(const Address& deposit_contract,
                                                                std::span<const Receipt> receipts);

/// sha256 over the sha256 of each type's requests. spec: EIP-7685, compute_requests_hash.
[[nodiscard]] Bytes32 requests_hash(std::span<const Requests> requests);

}  // namespace mezz::exec
