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

/// a + b modulo m by comparing and subtracting alone. requires: a, b < m.
uint256 plain_add_mod(const uint256& a, const uint256& b, const uint256& m) {
    const Sum256 s = add_overflow(a, b);
    return s.carry || s.value >= m ? s.value - m : s.value;
}
/// a b modulo m, a bit of b at a time. requires: a < m.
uint256 plain_mul_mod(const uint256& a, const uint256& b, const uint256& m) {
    uint256 r;
    for (unsigned i = 256; i-- > 0;) {
        r = plain_add_mod(r, r, m);
        if (b.bit(i)) r = plain_add_mod(r, a, m);
    }
    return r;
}

TEST(uint256, mul_mod_equals_doubling_and_adding) {
    BiasedNumbers numbers;
    for (int i = 0; i < 20'000; ++i) {
        uint256 m = numbers.next();
        if (m < uint256{2}) continue;
        // Moduli of any length, and operands just below them: the digits of the quotient are then
        // the largest there are.
        m = m >> (i % 5 * 50);
        if (m < uint256{2}) continue;
        const uint256 a = plain_mul_mod(1, numbers.next(), m);
        const uint256 b = i % 3 == 0 ? m - 1 : numbers.next();
        ASSERT_TRUE(mul_mod(a, b, m) == plain_mul_mod(a, b, m));
        ASSERT_TRUE(mul_mod(m - 1, m - 1, m) == uint256{1});
    }
}

TEST(uint256, a_modulus_kept_from_before_changes_no_product) {
    BiasedNumbers numbers;
    PreparedModulus known;
    uint256 m;
    for (int i = 0; i < 20'000; ++i) {
        // The same modulus a few times, at times one of fewer words, at times zero.
        if (i % 3 == 0) m = numbers.next() >> (i % 7 * 31);
        const uint256 a = numbers.next(), b = numbers.next();
        const uint256 product = mul_mod(a, b, m, known);
        ASSERT_TRUE(product == mul_mod(a, b, m));
        if (m < uint256{2}) continue;
        ASSERT_TRUE(product == plain_mul_mod(plain_mul_mod(1, a, m), b, m));
        ASSERT_TRUE(mul_mod(m - 1, m - 1, m, known) == uint256{1});
        ASSERT_TRUE(mul_mod(~uint256{}, m, m, known).is_zero());
    }
}

TEST(uint256, add_mod_equals_adding_what_is_left_of_both) {
    BiasedNumbers numbers;
    for (int i = 0; i < 20'000; ++i) {
        const uint256 m = numbers.next() >> (i % 5 * 50);
        if (m < uint256{2}) continue;
        const uint256 a = numbers.next(), b = i % 3 == 0 ? m - 1 : numbers.next();
        const uint256 left = plain_mul_mod(1, a, m), right = plain_mul_mod(1, b, m);
        ASSERT_TRUE(add_mod(a, b, m) == plain_add_mod(left, right, m));
        ASSERT_TRUE(add_mod(left, right, m) == plain_add_mod(left, right, m));
        ASSERT_TRUE(add_mod(m - 1, m - 1, m) == m - 2);
    }
}

TEST(uint256, carries_and_borrows_go_through_every_word) {
    const std::uint64_t ones = ~std::uint64_t{0};
    for (std::uint64_t in : {0U, 1U})
        for (const std::uint64_t a : {std::uint64_t{0}, std::uint64_t{1}, ones - 1, ones})
            for (const std::uint64_t b : {std::uint64_t{0}, std::uint64_t{1}, ones - 1, ones}) {
                std::uint64_t carry = in, borrow = in;
                const u128 sum = static_cast<u128>(a) + b + in;
                const u128 difference = static_cast<u128>(a) - b - in;
                EXPECT_EQ(add_carry(a, b, carry), static_cast<std::uint64_t>(sum));
                EXPECT_EQ(carry, static_cast<std::uint64_t>(sum >> 64));
                EXPECT_EQ(sub_borrow(a, b, borrow), static_cast<std::uint64_t>(difference));
                EXPECT_EQ(borrow, static_cast<std::uint64_t>(difference >> 64) & 1);
            }
}

TEST(uint256, a_quotient_digit_can_be_the_largest) {
    // The top two words of the numerator equal those of the divisor, for divisors of two to four
    // words; the rest decides whether the digit is one or two less.
    const std::uint64_t top = std::uint64_t{1} << 63;
    for (const std::uint64_t low : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}}) {
        const uint256 two{low, top, 0, 0}, three{low, low, top, 0};
        for (const uint256& d : {two, three}) {
            const uint256 one_less = (d << 64) - 1;
            const auto [q, r] = divide(one_less, d);
            EXPECT_TRUE(q == uint256{~std::uint64_t{0}});
            EXPECT_TRUE(q * d + r == one_less);
            EXPECT_TRUE(r < d);
        }
        const uint256 four{low, low, low, top};
        EXPECT_TRUE(mul_mod(four - 1, uint256{1} << 64, four) == four - (uint256{1} << 64));
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
