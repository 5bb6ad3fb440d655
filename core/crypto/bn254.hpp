// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The curve alt_bn128 as precompiles 0x06, 0x07 and 0x08 expose it, on encoded byte strings.
///
/// Inputs shorter than an operation's size are extended with zero bytes and longer ones cut, as
/// EIP-196 says; the pairing check insists on whole pairs. A failure means that the call fails.
///
/// spec: EIP-196, EIP-197.

#include <cstdint>
#include <expected>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

enum class Bn254Error : std::uint8_t {
    input_length,      ///< pairing input is not a multiple of 192 bytes
    coordinate_range,  ///< a coordinate is not below the field modulus
    not_on_curve,      ///< a point is not on its curve
    not_in_subgroup,   ///< a G2 point is not of the group's order
};

/// Point addition. input: x1 y1 x2 y2 (128 bytes). returns: x y.
[[nodiscard]] std::expected<FixedBytes<64>, Bn254Error> bn254_add(ByteView input) noexcept;

/// Scalar multiplication. input: x y k (96 bytes), any k. returns: x y.
[[nodiscard]] std::expected<FixedBytes<64>, Bn254Error> bn254_mul(ByteView input) noexcept;

/// Whether the product of pairings is one. input: k times (G1 x y, G2 x1 x0 y1 y0), 192 bytes each;
/// none gives true.
[[nodiscard]] std::expected<bool, Bn254Error> bn254_pairing_check(ByteView input);

}  // namespace mezz::crypto
