// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/secp256k1.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/keccak.hpp"
#include "core/crypto/secp256k1_group.hpp"

namespace mezz::crypto {
namespace {

Bytes32 random_bytes32(std::mt19937_64& random) {
    return to_bytes32({random(), random(), random(), random()});
}

TEST(secp256k1, the_key_one_has_the_generator_as_public_key) {
    const auto key = public_key(to_bytes32(1));
    ASSERT_TRUE(key);
    EXPECT_EQ((*key)[0], 0x79);
    EXPECT_EQ(address_of(to_bytes32(1)),
              hex<Address>("0x7e5f4552091a69125d5dfcb7b8c2659029395bdf"));
}

TEST(secp256k1, keys_outside_the_group_order_are_rejected) {
    EXPECT_FALSE(public_key(Bytes32{}));
    EXPECT_FALSE(public_key(to_bytes32(SECP256K1_ORDER)));
    EXPECT_TRUE(public_key(to_bytes32(SECP256K1_ORDER - 1)));
    EXPECT_FALSE(sign(Bytes32{}, Bytes32{}));
    EXPECT_FALSE(sign(Bytes32{}, to_bytes32(SECP256K1_ORDER)));
}

TEST(secp256k1, rfc_6979_signature_of_a_known_message) {
    // Key 1, sha256("Satoshi Nakamoto"): a vector shared by several wallets.
    const auto hash =
        hex<Bytes32>("0xa0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e");
    const auto signature = sign(hash, to_bytes32(1));
    ASSERT_TRUE(signature);
    EXPECT_EQ(to_bytes32(signature->r),
              hex<Bytes32>("0x934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"));
    EXPECT_EQ(to_bytes32(signature->s),
              hex<Bytes32>("0x2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5"));
}

TEST(secp256k1, the_signer_is_recovered) {
    std::mt19937_64 random{3};
    for (int i = 0; i < 200; ++i) {
        const Bytes32 key = random_bytes32(random), hash = random_bytes32(random);
        const auto signature = sign(hash, key);
        ASSERT_TRUE(signature);
        ASSERT_TRUE(signature->s <= SECP256K1_HALF_ORDER);
        ASSERT_EQ(recover_address(hash, signature->r, signature->s, signature->odd_y),
                  address_of(key));
        // The mirrored signature names the same signer.
        ASSERT_EQ(
            recover_address(hash, signature->r, SECP256K1_ORDER - signature->s, !signature->odd_y),
            address_of(key));
    }
}

TEST(secp256k1, out_of_range_signatures_are_rejected) {
    const Bytes32 hash = keccak256({});
    const auto good = sign(hash, to_bytes32(7));
    ASSERT_TRUE(good);
    EXPECT_FALSE(recover_address(hash, 0, good->s, false));
    EXPECT_FALSE(recover_address(hash, good->r, 0, false));
    EXPECT_FALSE(recover_address(hash, SECP256K1_ORDER, good->s, false));
    EXPECT_FALSE(recover_address(hash, good->r, SECP256K1_ORDER, false));
    EXPECT_FALSE(recover_address(hash, ~uint256{}, ~uint256{}, false));
    EXPECT_FALSE(recover_address(hash, 5, good->s, false));  // 5^3 + 7 is no square
}

TEST(secp256k1, a_result_of_infinity_is_rejected) {
    // R = G, s = hash: s R - hash G = 0.
    const uint256 x{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac};
    EXPECT_FALSE(recover_address(to_bytes32(9), x, 9, false));
    EXPECT_TRUE(recover_address(to_bytes32(9), x, 10, false));
    EXPECT_TRUE(recover_address(to_bytes32(9), x, 9, true));
}

TEST(secp256k1, split_multiplication_equals_the_constant_time_ladder) {
    using namespace secp256k1;
    std::mt19937_64 random{4};
    const uint256 edges[] = {0,
                             1,
                             2,
                             SECP256K1_ORDER - 1,
                             SECP256K1_HALF_ORDER,
                             uint256{1} << 128,
                             (uint256{1} << 128) - 1};
    for (int i = 0; i < 100; ++i) {
        const uint256 a =
            i < 7 ? edges[i] : to_uint256(scalar_from({random(), random(), random(), random()}));
        const uint256 b = i < 49 ? edges[i / 7] : uint256{random(), random(), 0, 0};
        const Affine p = multiply_generator_secret(uint256{random()});
        const Point expected =
            Point(multiply_generator_secret(a)) + crypto::multiply(Point(p), b.limb);
        ASSERT_TRUE(multiply_two(scalar_from(a), scalar_from(b), p) == expected) << i;
    }
}

TEST(secp256k1_field, edges_reduce) {
    using F = Secp256k1Field;
    const uint256 p = ~uint256{} - 0x1000003d0;
    EXPECT_FALSE(F::from_uint256(p));
    const F minus_one = *F::from_uint256(p - 1);
    EXPECT_EQ(minus_one + F::one(), F::zero());
    EXPECT_EQ(minus_one * minus_one, F::one());
    EXPECT_EQ(minus_one.square(), F::one());
    EXPECT_EQ(F::zero() - F::one(), minus_one);
    EXPECT_EQ(minus_one.inverse(), minus_one);
    EXPECT_FALSE(minus_one.sqrt());  // p = 3 mod 4
    std::mt19937_64 random{5};
    for (int i = 0; i < 1000; ++i) {
        const F a = *F::from_uint256({random(), random(), random(), random() >> 1});
        ASSERT_EQ(a.square(), a * a);
        ASSERT_EQ(a.inverse() * a, F::one());
        ASSERT_TRUE(a.square().sqrt());
    }
}

}  // namespace
}  // namespace mezz::crypto
