// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The group of secp256k1 as recovery and signing need it. Internal to core/crypto.

#include "core/crypto/curve.hpp"
#include "core/crypto/prime_field.hpp"
#include "core/crypto/secp256k1_field.hpp"

namespace mezz::crypto::secp256k1 {

struct OrderModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0xbfd25e8cd0364141, 0xbaaedce6af48a03b,
                                                        0xfffffffffffffffe, 0xffffffffffffffff};
};
using Fp = Secp256k1Field;
using Scalar = PrimeField<OrderModulus>;
using Affine = AffinePoint<Fp>;
using Point = Jacobian<Fp>;

/// The scalar with this value modulo n.
inline Scalar scalar_from(const uint256& v) noexcept {
    return Scalar::from_limbs({v.limb[0], v.limb[1], v.limb[2], v.limb[3]});
}
inline uint256 to_uint256(const Scalar& s) noexcept {
    const auto l = s.to_limbs();
    return {l[0], l[1], l[2], l[3]};
}

/// The endomorphism (x, y) -> (BETA x, y) multiplies by a root of unity, LAMBDA.
/// spec: Gallant, Lambert, Vanstone, "Faster Point Multiplication on Elliptic Curves with
/// Efficient Endomorphisms".
inline constexpr Fp BETA =
    Fp::from_hex("0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501ee");
/// A number below 2^129 in size with its sign.
struct Half {
    uint256 size;
    bool negative;
};
struct Halves {
    Half low, high;
};
/// k = low + LAMBDA high. Public data only.
Halves split(const Scalar& k) noexcept;

/// a G + b p. Public data only. complexity: 128 doublings, about 86 additions.
Point multiply_two(const Scalar& a, const Scalar& b, const Affine& p) noexcept;

/// k G in time that does not depend on k.
Affine multiply_generator_secret(const uint256& k) noexcept;

}  // namespace mezz::crypto::secp256k1
