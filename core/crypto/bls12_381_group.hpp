// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The groups and the pairing of BLS12-381. Internal to core/crypto; the public faces are
/// bls12_381.hpp and kzg.hpp. Public data only.
///
/// spec: EIP-2537; Scott (2021), "A note on group membership tests"; Hayashida, Hayasaka, Teruya
/// (2020) for the hard part of the final exponentiation.

#include <array>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/crypto/bls12_381_constants.hpp"
#include "core/crypto/curve.hpp"

namespace mezz::crypto::bls12_381 {

using G1 = AffinePoint<Fp>;
using G2 = AffinePoint<Fp2>;
using G1Sum = Jacobian<Fp>;
using G2Sum = Jacobian<Fp2>;
using Scalar = std::array<std::uint64_t, 4>;  ///< little-endian limbs

inline constexpr G1 G1_GENERATOR{G1_X, G1_Y};
inline constexpr G2 G2_GENERATOR{G2_X, G2_Y};

[[nodiscard]] bool on_curve(const G1& p) noexcept;
[[nodiscard]] bool on_curve(const G2& p) noexcept;
/// Whether a point of the curve has order r (or is neutral).
[[nodiscard]] bool in_subgroup(const G1& p) noexcept;
[[nodiscard]] bool in_subgroup(const G2& p) noexcept;

/// k p = low p + high q with q = times_square(p), for any p of the subgroup and any k; both are
/// below 2^128. spec: Gallant, Lambert, Vanstone (2001).
struct Halves {
    std::array<std::uint64_t, 2> low, high;
};
[[nodiscard]] Halves split(const Scalar& k) noexcept;
/// x^2 p with the curve's parameter x, for one product. requires: p in the subgroup.
[[nodiscard]] G1 times_square(const G1& p) noexcept;

/// scalar * p through the endomorphism. requires: p in the subgroup.
[[nodiscard]] G1Sum multiply_subgroup(const G1Sum& p, const Scalar& scalar) noexcept;

/// The sum of scalars[i] * points[i]. requires: equal sizes, points in the subgroup.
[[nodiscard]] G1Sum multiply_sum(std::span<const G1> points, std::span<const Scalar> scalars);
[[nodiscard]] G2Sum multiply_sum(std::span<const G2> points, std::span<const Scalar> scalars);

/// A point of the curve times the effective cofactor. spec: RFC 9380 §8.8.
[[nodiscard]] G1Sum clear_cofactor(const G1Sum& p) noexcept;
[[nodiscard]] G2Sum clear_cofactor(const G2Sum& p) noexcept;

struct Pair {
    G1 p;
    G2 q;
};
/// Whether the product of the pairings is one. requires: points in their subgroups.
[[nodiscard]] bool pairing_product_is_one(std::span<const Pair> pairs);

/// The 48-byte form: flags compressed, neutral, larger-y in the top bits. Nothing unless canonical
/// and on the curve; the subgroup is not checked.
[[nodiscard]] std::optional<G1> decompress_g1(ByteView bytes) noexcept;
[[nodiscard]] Bytes48 compress(const G1& p) noexcept;
/// The 96-byte form, imaginary part first.
[[nodiscard]] std::optional<G2> decompress_g2(ByteView bytes) noexcept;

}  // namespace mezz::crypto::bls12_381
