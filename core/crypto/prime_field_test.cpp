// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/prime_field.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/bls12_381_constants.hpp"
#include "core/crypto/bn254_constants.hpp"
#include "core/crypto/secp256k1_group.hpp"

namespace mezz::crypto {
namespace {

template <class F>
class PrimeFieldTest : public testing::Test {};
using Fields = testing::Types<bn254::Fp, bls12_381::Fp, bls12_381::Fr, secp256k1::Scalar>;
TYPED_TEST_SUITE(PrimeFieldTest, Fields);

template <class F>
F random_element(std::mt19937_64& random) {
    typename F::Limbs limbs;
    for (auto& limb : limbs) limb = random() % 3 == 0 ? ~std::uint64_t{0} : random();
    return F::from_limbs(limbs);
}

TYPED_TEST(PrimeFieldTest, numbers_above_the_modulus_are_reduced) {
    using F = TypeParam;
    typename F::Limbs ones;
    for (auto& limb : ones) limb = ~std::uint64_t{0};
    F expected = F::zero();  // 2^(64 N) - 1 by doubling
    for (std::size_t i = 0; i < 64 * F::N; ++i) expected = expected.twice() + F::one();
    EXPECT_EQ(F::from_limbs(ones), expected);
    EXPECT_TRUE(F::from_limbs(F::modulus()).is_zero());
}

TYPED_TEST(PrimeFieldTest, field_laws_hold) {
    using F = TypeParam;
    std::mt19937_64 random{10};
    for (int i = 0; i < 300; ++i) {
        const F a = random_element<F>(random), b = random_element<F>(random),
                c = random_element<F>(random);
        ASSERT_EQ(a * (b + c), a * b + a * c);
        ASSERT_EQ((a - b) + b, a);
        ASSERT_EQ(a + (-a), F::zero());
        ASSERT_EQ(a.square(), a * a);
        if (!a.is_zero()) ASSERT_EQ(a * a.inverse(), F::one());
        ASSERT_EQ(F::from_limbs(a.to_limbs()), a);
    }
    EXPECT_TRUE(F::zero().inverse().is_zero());
}

TYPED_TEST(PrimeFieldTest, decoding_is_canonical) {
    using F = TypeParam;
    Bytes bytes(F::SIZE);
    (-F::one()).to_be(bytes.data());
    ASSERT_TRUE(F::from_be(bytes));  // modulus - 1
    for (std::size_t i = bytes.size(); i-- > 0 && ++bytes[i] == 0;) {
    }
    EXPECT_FALSE(F::from_be(bytes));  // modulus
    EXPECT_FALSE(F::from_be(ByteView(bytes).first(F::SIZE - 1)));
}

}  // namespace
}  // namespace mezz::crypto
