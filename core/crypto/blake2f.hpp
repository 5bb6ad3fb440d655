// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The BLAKE2b compression function as precompile 0x09 exposes it. spec: EIP-152, RFC 7693.

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// Bytes of an encoded call: rounds (4, big-endian) | h (64) | m (128) | t (16) | final flag (1).
inline constexpr std::size_t BLAKE2F_INPUT_SIZE = 213;

/// F with `rounds` rounds; h, m and t are little-endian words. complexity: linear in rounds.
void blake2b_compress(std::uint32_t rounds, std::array<std::uint64_t, 8>& h,
                      const std::array<std::uint64_t, 16>& m, const std::array<std::uint64_t, 2>& t,
                      bool final_block) noexcept;

/// The encoded call. returns: the new h (64 bytes), or nothing when the size is not 213 or the flag
/// is neither 0 nor 1. The caller charges one gas a round *before* calling.
[[nodiscard]] std::optional<FixedBytes<64>> blake2f(ByteView input) noexcept;

}  // namespace mezz::crypto
