// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/modexp.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/uint256.hpp"

namespace mezz::crypto {
namespace {

Bytes be(std::uint64_t v) {
    Bytes out(8);
    store_be64(out.data(), v);
    return out;
}
std::uint64_t value(const Bytes& b) {
    std::uint64_t v = 0;
    for (const auto byte : b) v = (v << 8) | byte;
    return v;
}

TEST(modexp, small_numbers_equal_repeated_multiplication) {
    for (std::uint64_t m = 0; m < 70; ++m)
        for (std::uint64_t b = 0; b < 12; ++b)
            for (std::uint64_t e = 0; e < 20; ++e) {
                std::uint64_t expected = m == 0 ? 0 : 1 % m;
                for (std::uint64_t i = 0; i < e && m != 0; ++i) expected = expected * b % m;
                ASSERT_EQ(value(modexp(be(b), be(e), be(m))), expected)
                    << b << "^" << e << " % " << m;
            }
}

TEST(modexp, output_has_the_size_of_the_modulus) {
    EXPECT_TRUE(modexp(be(3), be(3), {}).empty());
    EXPECT_EQ(modexp(be(3), be(3), Bytes{5}), Bytes{2});
    EXPECT_EQ(modexp(be(3), be(3), Bytes(40)), Bytes(40));
    Bytes wide(40);
    wide.back() = 5;
    EXPECT_EQ(modexp({}, {}, wide).back(), 1);
}

TEST(modexp, wide_odd_and_even_moduli_equal_square_and_multiply) {
    std::mt19937_64 random{6};
    for (int i = 0; i < 400; ++i) {
        uint256 m{random(), random(), random(), random()};
        m = (m >> (random() % 200)) << (random() % 130);
        if (m.is_zero()) continue;
        const uint256 b{random(), random(), random(), random()};
        const uint256 e{random(), random(), 0, 0};
        uint256 expected = uint256{1} % m;
        for (unsigned k = 128; k-- > 0;) {
            expected = mul_mod(expected, expected, m);
            if (e.bit(k)) expected = mul_mod(expected, b, m);
        }
        const Bytes out = modexp(to_bytes32(b), to_bytes32(e), to_bytes32(m));
        ASSERT_EQ(Bytes32::from(out), to_bytes32(expected)) << i;
    }
}

TEST(modexp, fermat_holds_for_a_base_wider_than_the_modulus) {
    const Bytes32 prime =
        hex<Bytes32>("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
    Bytes32 exponent = prime;
    exponent[31] -= 1;
    Bytes base(200, 0x5a), one(32);
    one.back() = 1;
    EXPECT_EQ(modexp(base, exponent, prime), one);
}

}  // namespace
}  // namespace mezz::crypto
