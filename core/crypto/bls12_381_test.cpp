// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bls12_381.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/bls12_381_group.hpp"
#include "core/crypto/tower.hpp"

namespace mezz::crypto {
namespace {

using namespace bls12_381;

Scalar random_scalar(std::mt19937_64& random) {
    return {random(), random(), random(), random() >> 2};
}

void append_fp(Bytes& out, const Fp& v) {
    out.resize(out.size() + 64);
    v.to_be(&out[out.size() - 48]);
}
Bytes encoded(const G1& p) {
    Bytes out;
    append_fp(out, p.x);
    append_fp(out, p.y);
    return out;
}
Bytes encoded(const G2& p) {
    Bytes out;
    for (const Fp& v : {p.x.a0, p.x.a1, p.y.a0, p.y.a1}) append_fp(out, v);
    return out;
}
Bytes join(const Bytes& a, const Bytes& b) {
    Bytes out = a;
    append(out, b);
    return out;
}

TEST(bls12_381, products_of_the_base_field_equal_the_plain_loop) {
    std::mt19937_64 random{381};
    std::vector<Fp> values{Fp::zero(), Fp::one(), -Fp::one(), Fp::from_u64(2), -Fp::from_u64(2)};
    // The largest number of six limbs, limbs that are all ones or all zeros, and anything.
    for (int i = 0; i < 200; ++i) {
        Fp::Limbs limbs;
        for (auto& limb : limbs) {
            const auto kind = random() % 4;
            limb = i == 0 || kind == 0 ? ~std::uint64_t{0} : kind == 1 ? 0 : random();
        }
        values.push_back(Fp::from_limbs(limbs));
        EXPECT_TRUE(less_limbs(values.back().to_limbs(), Fp::modulus()));
    }
    for (const Fp& a : values)
        for (const Fp& b : values) ASSERT_EQ(a * b, Fp::product_plainly(a, b));
    // Constants are made by the compiler, by the plain loop.
    constexpr Fp made = Fp::from_hex("0x123456789abcdef0") * Fp::from_hex("0xfedcba9876543210");
    const Fp counted = Fp::from_u64(0x123456789abcdef0) * Fp::from_u64(0xfedcba9876543210);
    EXPECT_EQ(made, counted);
}

TEST(bls12_381, generators_have_the_group_order) {
    EXPECT_TRUE(on_curve(G1_GENERATOR) && in_subgroup(G1_GENERATOR));
    EXPECT_TRUE(on_curve(G2_GENERATOR) && in_subgroup(G2_GENERATOR));
    EXPECT_TRUE(multiply(G1Sum(G1_GENERATOR), OrderModulus::LIMBS).infinity());
    EXPECT_TRUE(multiply(G2Sum(G2_GENERATOR), OrderModulus::LIMBS).infinity());
}

TEST(bls12_381, endomorphism_multiplication_and_sums_equal_plain_multiplication) {
    std::mt19937_64 random{7};
    for (const std::size_t n : {1U, 2U, 17U, 300U}) {
        std::vector<G1> points;
        std::vector<Scalar> scalars;
        G1Sum expected;
        for (std::size_t i = 0; i < n; ++i) {
            const G1Sum p = multiply(G1Sum(G1_GENERATOR), random_scalar(random));
            points.push_back(p.affine());
            scalars.push_back(i == 0 ? Scalar{~0ULL, ~0ULL, ~0ULL, ~0ULL} : random_scalar(random));
            const G1Sum product = multiply(p, scalars.back());
            ASSERT_TRUE(product == multiply_subgroup(p, scalars.back()));
            expected += product;
        }
        EXPECT_TRUE(multiply_sum(points, scalars) == expected) << n;
    }
}

TEST(bls12_381, compressed_points_round_trip) {
    std::mt19937_64 random{8};
    for (int i = 0; i < 20; ++i) {
        const G1 p = multiply(G1Sum(G1_GENERATOR), random_scalar(random)).affine();
        EXPECT_EQ(decompress_g1(compress(p)), p);
    }
    EXPECT_EQ(decompress_g1(compress(G1{})), G1{});
    Bytes48 bad = compress(G1_GENERATOR);
    bad[0] &= 0x7f;
    EXPECT_FALSE(decompress_g1(bad));  // not flagged compressed
    bad = compress(G1{});
    bad[47] = 1;
    EXPECT_FALSE(decompress_g1(bad));  // neutral with digits
    bad = compress(G1_GENERATOR);
    for (auto& byte : bad.bytes) byte = 0xbf;
    EXPECT_FALSE(decompress_g1(bad));  // not below the modulus
    EXPECT_FALSE(decompress_g1(Bytes(47)));
}

TEST(bls12_381, pairing_is_bilinear) {
    std::mt19937_64 random{9};
    const Scalar a = random_scalar(random), b = random_scalar(random);
    const G1 ap = multiply(G1Sum(G1_GENERATOR), a).affine();
    const G1 bp = multiply(G1Sum(G1_GENERATOR), b).affine();
    const G2 bq = multiply(G2Sum(G2_GENERATOR), b).affine();
    const G2 aq = multiply(G2Sum(G2_GENERATOR), a).affine();
    const Pair equal[] = {{ap, bq}, {bp.negated(), aq}};
    EXPECT_TRUE(pairing_product_is_one(equal));
    const Pair unequal[] = {{ap, bq}, {bp, aq}};
    EXPECT_FALSE(pairing_product_is_one(unequal));
    EXPECT_TRUE(pairing_product_is_one({}));
}

TEST(bls12_381, cyclotomic_square_equals_square_after_the_easy_part) {
    using Fp12 = DodecicField<Tower>;
    Fp12 f = Fp12::one();
    f.c0.c1 = G2_X;
    f.c1.c2 = G2_Y;
    f = f.conjugate() * f.inverse();
    f = f.frobenius().frobenius() * f;
    EXPECT_EQ(f.cyclotomic_square(), f.square());
    EXPECT_TRUE((f * f.conjugate()).is_one());
}

TEST(bls12_381, every_reason_is_given) {
    const Bytes g1 = encoded(G1_GENERATOR), g2 = encoded(G2_GENERATOR);
    EXPECT_EQ(bls12_g1_add(Bytes(255)).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_g2_add(Bytes(513)).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_g1_msm({}).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_g2_msm(Bytes(287)).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_pairing_check({}).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_map_fp_to_g1(Bytes(63)).error(), Bls12Error::input_length);
    EXPECT_EQ(bls12_map_fp2_to_g2(Bytes(127)).error(), Bls12Error::input_length);

    Bytes padded = join(g1, g1);
    padded[15] = 1;
    EXPECT_EQ(bls12_g1_add(padded).error(), Bls12Error::field_padding);
    Bytes wide = join(g1, g1);
    for (std::size_t i = 16; i < 64; ++i) wide[i] = 0xff;
    EXPECT_EQ(bls12_g1_add(wide).error(), Bls12Error::field_range);
    Bytes off = join(g2, g2);
    off[255] ^= 1;
    EXPECT_EQ(bls12_g2_add(off).error(), Bls12Error::not_on_curve);
}

TEST(bls12_381, points_outside_the_subgroup_are_added_but_not_multiplied) {
    int found = 0;
    for (std::uint64_t k = 1; found < 3; ++k) {
        const Fp x = Fp::from_u64(k);
        const auto y = (x.square() * x + Fp::from_u64(4)).sqrt();
        if (!y) continue;
        ++found;
        const G1 p{x, *y};
        EXPECT_EQ(in_subgroup(p), multiply(G1Sum(p), OrderModulus::LIMBS).infinity());
        EXPECT_TRUE(bls12_g1_add(join(encoded(p), encoded(p))));
        EXPECT_EQ(bls12_g1_msm(join(encoded(p), Bytes(32))).error(), Bls12Error::not_in_subgroup);
        EXPECT_EQ(bls12_pairing_check(join(encoded(p), encoded(G2_GENERATOR))).error(),
                  Bls12Error::not_in_subgroup);
    }
    for (std::uint64_t k = 1; found < 6; ++k) {
        const Fp2 x{Fp::from_u64(k), Fp::one()};
        const auto y = (x.square() * x + Fp2{Fp::from_u64(4), Fp::from_u64(4)}).sqrt();
        if (!y) continue;
        ++found;
        const G2 p{x, *y};
        EXPECT_EQ(in_subgroup(p), multiply(G2Sum(p), OrderModulus::LIMBS).infinity());
        EXPECT_EQ(bls12_g2_msm(join(encoded(p), Bytes(32))).error(), Bls12Error::not_in_subgroup);
    }
}

TEST(bls12_381, mapped_points_are_in_the_subgroup) {
    for (std::uint8_t k = 0; k < 5; ++k) {  // zero is the exceptional case of the map
        Bytes u(64);
        u.back() = k;
        const auto p = bls12_map_fp_to_g1(u);
        ASSERT_TRUE(p);
        EXPECT_TRUE(bls12_g1_msm(join(to_bytes(*p), Bytes(32))));
        const auto q = bls12_map_fp2_to_g2(join(u, u));
        ASSERT_TRUE(q);
        EXPECT_TRUE(bls12_g2_msm(join(to_bytes(*q), Bytes(32))));
    }
}

}  // namespace
}  // namespace mezz::crypto
