// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/secp256k1_native.hpp"

#include <gtest/gtest.h>

#include <random>

#include "node/host/crypto/recovery_lanes.hpp"

namespace mezz::host {
namespace {

uint256 random_number(std::mt19937_64& random) {
    return {random(), random(), random(), random()};
}

TEST(secp256k1_native, signatures_equal_the_portable_ones) {
    std::mt19937_64 random{11};
    for (int i = 0; i < 300; ++i) {
        Bytes32 hash = to_bytes32(random_number(random));
        if (i % 4 == 0) hash = to_bytes32(~uint256{} - uint256{random() % 1000});  // above n
        const Bytes32 key = to_bytes32(random_number(random));
        const auto native = sign_native(hash, key), portable = crypto::sign(hash, key);
        ASSERT_TRUE(native && portable);
        ASSERT_TRUE(native->r == portable->r && native->s == portable->s) << i;
        ASSERT_EQ(native->odd_y, portable->odd_y);
    }
}

TEST(secp256k1_native, keys_outside_the_order_are_rejected_by_both) {
    for (const uint256& key : {uint256{}, crypto::SECP256K1_ORDER, ~uint256{}}) {
        EXPECT_FALSE(sign_native(Bytes32{}, to_bytes32(key)));
        EXPECT_FALSE(crypto::sign(Bytes32{}, to_bytes32(key)));
    }
    const Bytes32 largest = to_bytes32(crypto::SECP256K1_ORDER - 1);
    EXPECT_TRUE(sign_native(Bytes32{}, largest) && crypto::sign(Bytes32{}, largest));
}

TEST(secp256k1_native, recovery_equals_the_portable_one_accepted_or_rejected) {
    std::mt19937_64 random{12};
    const uint256 edges[] = {0,
                             1,
                             crypto::SECP256K1_ORDER - 1,
                             crypto::SECP256K1_ORDER,
                             crypto::SECP256K1_ORDER + 1,
                             crypto::SECP256K1_HALF_ORDER,
                             crypto::SECP256K1_HALF_ORDER + 1,
                             ~uint256{}};
    int accepted = 0, rejected = 0;
    std::vector<SignedHash> inputs;
    std::vector<std::optional<Address>> answers;
    auto check = [&](const Bytes32& hash, const uint256& r, const uint256& s, bool odd) {
        const auto native = recover_address_native(hash, r, s, odd);
        ASSERT_EQ(native, crypto::recover_address(hash, r, s, odd));
        inputs.push_back({hash, r, s, odd});
        answers.push_back(native);
        ++(native ? accepted : rejected);
    };
    for (const auto& r : edges)
        for (const auto& s : edges)
            for (const auto& h : edges) check(to_bytes32(h), r, s, random() % 2 == 0);
    for (int i = 0; i < 2000; ++i)  // about half of all x are on the curve
        check(to_bytes32(random_number(random)), random_number(random), random_number(random),
              random() % 2 == 0);
    // s R = hash G: the neutral element.
    const uint256 x{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac};
    check(to_bytes32(9), x, 9, false);
    for (int i = 0; i < 300; ++i) {  // all accepted, as in a block
        const Bytes32 hash = to_bytes32(random_number(random));
        const auto signature = *sign_native(hash, to_bytes32(random_number(random)));
        check(hash, signature.r, signature.s, signature.odd_y);
    }
    for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{4},
                                std::size_t{9}, inputs.size()}) {
        const auto together = recover_addresses(std::span(inputs).last(n));
        ASSERT_EQ(together.size(), n);
        for (std::size_t i = 0; i < n; ++i)
            ASSERT_EQ(together[i], answers[answers.size() - n + i]) << i << " of " << n;
    }
    EXPECT_GT(accepted, 800);
    EXPECT_GT(rejected, 800);
}

}  // namespace
}  // namespace mezz::host
