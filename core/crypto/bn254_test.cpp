// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bn254.hpp"

#include <gtest/gtest.h>

#include "core/crypto/bn254_constants.hpp"
#include "core/crypto/curve.hpp"

namespace mezz::crypto {
namespace {

using bn254::Fp;
using bn254::Fp2;

Bytes g1(std::uint64_t x, std::uint64_t y) {
    Bytes out(64);
    store_be64(&out[24], x);
    store_be64(&out[56], y);
    return out;
}
Bytes g2(const Fp2& x, const Fp2& y) {
    Bytes out(128);
    x.a1.to_be(&out[0]);
    x.a0.to_be(&out[32]);
    y.a1.to_be(&out[64]);
    y.a0.to_be(&out[96]);
    return out;
}
Bytes join(const Bytes& a, const Bytes& b) {
    Bytes out = a;
    append(out, b);
    return out;
}
const Fp2 GENERATOR_X{
    Fp::from_hex("0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
    Fp::from_hex("0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2")};
const Fp2 GENERATOR_Y{
    Fp::from_hex("0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
    Fp::from_hex("0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b")};

TEST(bn254, short_input_is_extended_with_zeros) {
    EXPECT_EQ(bn254_add({}), FixedBytes<64>{});
    EXPECT_EQ(bn254_mul(g1(1, 2)), FixedBytes<64>{});
    EXPECT_EQ(*bn254_add(g1(1, 2)), FixedBytes<64>::from(g1(1, 2)));
}

TEST(bn254, doubling_by_addition_and_by_multiplication_agree) {
    Bytes scalar(32);
    scalar.back() = 2;
    EXPECT_EQ(*bn254_add(join(g1(1, 2), g1(1, 2))), *bn254_mul(join(g1(1, 2), scalar)));
}

TEST(bn254, points_are_checked) {
    EXPECT_EQ(bn254_add(g1(1, 3)).error(), Bn254Error::not_on_curve);
    Bytes wide = g1(1, 2);
    const auto p = Fp::modulus();
    for (int i = 0; i < 4; ++i)
        store_be64(&wide[static_cast<std::size_t>(24 - 8 * i)], p[static_cast<std::size_t>(i)]);
    EXPECT_EQ(bn254_mul(wide).error(), Bn254Error::coordinate_range);
    EXPECT_EQ(bn254_pairing_check(Bytes(191)).error(), Bn254Error::input_length);
    EXPECT_EQ(bn254_pairing_check(Bytes(193)).error(), Bn254Error::input_length);
}

TEST(bn254, a_pairing_and_its_inverse_cancel) {
    const Bytes q = g2(GENERATOR_X, GENERATOR_Y), minus_q = g2(GENERATOR_X, -GENERATOR_Y);
    const Bytes pair = join(g1(1, 2), q), inverse = join(g1(1, 2), minus_q);
    EXPECT_EQ(bn254_pairing_check({}), true);
    EXPECT_EQ(bn254_pairing_check(join(pair, inverse)), true);
    EXPECT_EQ(bn254_pairing_check(join(pair, pair)), false);
    EXPECT_EQ(bn254_pairing_check(pair), false);
    EXPECT_EQ(bn254_pairing_check(Bytes(192)), true);
}

TEST(bn254, points_of_the_twist_outside_the_subgroup_are_rejected) {
    // The twist has cofactor about 2^254: a random point is never in the subgroup.
    int found = 0;
    for (std::uint64_t k = 1; found < 5; ++k) {
        const Fp2 x{Fp::from_u64(k), Fp::one()};
        const auto y = (x.square() * x + bn254::TWIST_B).sqrt();
        if (!y) continue;
        ++found;
        const Jacobian<Fp2> point(AffinePoint<Fp2>(x, *y));
        EXPECT_FALSE(multiply(point, bn254::OrderModulus::LIMBS).infinity());
        EXPECT_EQ(bn254_pairing_check(join(g1(1, 2), g2(x, *y))).error(),
                  Bn254Error::not_in_subgroup);
    }
    EXPECT_EQ(bn254_pairing_check(join(g1(1, 2), g2({Fp::one(), Fp::one()}, Fp2::one()))).error(),
              Bn254Error::not_on_curve);
}

}  // namespace
}  // namespace mezz::crypto
