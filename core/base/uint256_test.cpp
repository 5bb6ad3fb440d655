// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/uint256.hpp"

#include <gtest/gtest.h>

#include <random>

namespace mezz {
namespace {

/// Random numbers biased to limbs of all zeros, all ones and short values.
class BiasedNumbers {
public:
    uint256 next() {
        uint256 r;
        for (auto& limb : r.limb) {
            switch (generator_() % 4) {
                case 0:
                    limb = 0;
                    break;
                case 1:
                    limb = ~std::uint64_t{0};
                    break;
                case 2:
                    limb = generator_() >> (generator_() % 64);
                    break;
                default:
                    limb = generator_();
            }
        }
        return r;
    }

private:
    std::mt19937_64 generator_{20241122};
};

TEST(uint256, quotient_times_divisor_plus_remainder_is_the_numerator) {
    BiasedNumbers numbers;
    for (int i = 0; i < 200'000; ++i) {
        const uint256 a = numbers.next(), b = numbers.next();
        if (b.is_zero()) continue;
        const auto [q, r] = divide(a, b);
        ASSERT_TRUE(r < b);
        ASSERT_TRUE(q * b + r == a);
    }
}

TEST(uint256, division_by_zero_is_zero) {
    EXPECT_TRUE((uint256{7} / uint256{}).is_zero());
    EXPECT_TRUE((uint256{7} % uint256{}).is_zero());
    EXPECT_TRUE(mul_mod(7, 7, 0).is_zero());
    EXPECT_TRUE(add_mod(7, 7, 0).is_zero());
}

TEST(uint256, mul_mod_distributes_over_add_mod) {
    BiasedNumbers numbers;
    for (int i = 0; i < 200'000; ++i) {
        const uint256 a = numbers.next(), b = numbers.next(), m = numbers.next();
        if (m.is_zero()) continue;
        const uint256 half = a >> 1;
        const uint256 sum = add_mod(mul_mod(half, b, m), mul_mod(a - half, b, m), m);
        ASSERT_TRUE(mul_mod(a, b, m) == sum);
    }
}

TEST(uint256, shifting_left_then_right_masks_the_top) {
    BiasedNumbers numbers;
    for (unsigned n = 0; n < 260; ++n) {
        const uint256 a = numbers.next();
        const uint256 mask = ~uint256{} >> n;
        EXPECT_TRUE(((a << n) >> n) == (a & mask)) << n;
    }
}

TEST(uint256, signed_minimum_divided_by_minus_one_wraps) {
    const uint256 minimum = uint256{1} << 255;
    EXPECT_TRUE(divide_signed(minimum, ~uint256{}).quotient == minimum);
    EXPECT_TRUE(divide_signed(minimum, ~uint256{}).remainder.is_zero());
}

TEST(uint256, signed_remainder_takes_the_sign_of_the_numerator) {
    EXPECT_TRUE(divide_signed(-uint256{8}, 3).remainder == -uint256{2});
    EXPECT_TRUE(divide_signed(8, -uint256{3}).remainder == uint256{2});
}

TEST(uint256, big_endian_round_trip) {
    BiasedNumbers numbers;
    for (int i = 0; i < 1000; ++i) {
        const uint256 a = numbers.next();
        EXPECT_TRUE(to_uint256(to_bytes32(a)) == a);
        EXPECT_TRUE(from_be(ByteView(to_bytes32(a))) == a);
    }
}

}  // namespace
}  // namespace mezz
