// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/p256.hpp"

#include <algorithm>

#include "core/crypto/curve.hpp"
#include "core/crypto/prime_field.hpp"

namespace mezz::crypto {
namespace {

struct BaseModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0xffffffffffffffff, 0x00000000ffffffff,
                                                        0x0000000000000000, 0xffffffff00000001};
};
struct OrderModulus {
    static constexpr std::array<std::uint64_t, 4> LIMBS{0xf3b9cac2fc632551, 0xbce6faada7179e84,
                                                        0xffffffffffffffff, 0xffffffff00000000};
};
using Fp = PrimeField<BaseModulus>;
using Scalar = PrimeField<OrderModulus>;
using Point = Jacobian<Fp, true>;

constexpr Fp B = Fp::from_hex("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
constexpr AffinePoint<Fp> G{
    Fp::from_hex("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
    Fp::from_hex("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")};

/// a G + b q with one chain of doublings.
Point multiply_two(const Scalar& a, const Scalar& b, const AffinePoint<Fp>& q) noexcept {
    const auto la = a.to_limbs(), lb = b.to_limbs();
    const SignedDigits<5> da(la), db(lb);
    Point odd[2][8];
    odd[0][0] = Point(G);
    odd[1][0] = Point(q);
    for (auto& row : odd) {
        const Point step = row[0].twice();
        for (int i = 1; i < 8; ++i) row[i] = row[i - 1] + step;
    }
    Point r;
    auto add = [&r](const Point(&row)[8], int digit) {
        if (digit > 0) r += row[digit / 2];
        if (digit < 0) r += row[-digit / 2].negated();
    };
    for (std::size_t i = std::max(da.size(), db.size()); i-- > 0;) {
        r = r.twice();
        add(odd[0], da[i]);
        add(odd[1], db[i]);
    }
    return r;
}

}  // namespace

bool p256_verify(ByteView input) noexcept {
    if (input.size() != 160) return false;
    const auto r = Scalar::from_be(input.subspan(32, 32)),
               s = Scalar::from_be(input.subspan(64, 32));
    const auto x = Fp::from_be(input.subspan(96, 32)), y = Fp::from_be(input.subspan(128, 32));
    if (!r || !s || !x || !y || r->is_zero() || s->is_zero()) return false;
    // b is not zero, so the encoding (0, 0) of the neutral element fails this too.
    const Fp right = (x->square() - Fp::from_u64(3)) * *x + B;
    if (!(y->square() == right)) return false;

    const Scalar hash = Scalar::from_limbs(limbs_from_be<4>(input.first(32)));
    const Scalar inverse = s->inverse();
    const Point sum = multiply_two(hash * inverse, *r * inverse, {*x, *y});
    if (sum.infinity()) return false;
    return Scalar::from_limbs(sum.affine().x.to_limbs()) == *r;
}

}  // namespace mezz::crypto
