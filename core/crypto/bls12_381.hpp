// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The seven BLS12-381 precompiles 0x0b to 0x11 on their encoded byte strings.
///
/// A field element takes 64 bytes, big-endian, 16 zero bytes first; G1 is x y (128 bytes), G2 is
/// x0 x1 y0 y1 (256 bytes), a scalar 32 bytes of any value; the neutral element is all zeros.
/// Additions accept any point of the curve; sums and pairings insist on the subgroup.
///
/// spec: EIP-2537; RFC 9380 for the maps.

#include <cstdint>
#include <expected>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

enum class Bls12Error : std::uint8_t {
    input_length,     ///< not the operation's size, or not a positive multiple of it
    field_padding,    ///< one of the 16 leading bytes of a field element is not zero
    field_range,      ///< a field element is not below the modulus
    not_on_curve,     ///< a point is not on its curve
    not_in_subgroup,  ///< a point of a sum or pairing is not of order r
};

using Bls12G1 = FixedBytes<128>;
using Bls12G2 = FixedBytes<256>;

/// p + q. input: 256 bytes.
[[nodiscard]] std::expected<Bls12G1, Bls12Error> bls12_g1_add(ByteView input) noexcept;
/// The sum of k_i p_i. input: n >= 1 times (point, scalar), 160 bytes each.
[[nodiscard]] std::expected<Bls12G1, Bls12Error> bls12_g1_msm(ByteView input);
/// p + q. input: 512 bytes.
[[nodiscard]] std::expected<Bls12G2, Bls12Error> bls12_g2_add(ByteView input) noexcept;
/// The sum of k_i p_i. input: n >= 1 times (point, scalar), 288 bytes each.
[[nodiscard]] std::expected<Bls12G2, Bls12Error> bls12_g2_msm(ByteView input);
/// Whether the product of pairings is one. input: n >= 1 times (G1, G2), 384 bytes each.
[[nodiscard]] std::expected<bool, Bls12Error> bls12_pairing_check(ByteView input);
/// A field element (64 bytes) to a point of G1's subgroup.
[[nodiscard]] std::expected<Bls12G1, Bls12Error> bls12_map_fp_to_g1(ByteView input) noexcept;
/// An element of Fp2 (128 bytes) to a point of G2's subgroup.
[[nodiscard]] std::expected<Bls12G2, Bls12Error> bls12_map_fp2_to_g2(ByteView input) noexcept;

}  // namespace mezz::crypto
