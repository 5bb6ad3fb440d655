// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "core/codec/hex.hpp"
#include "node/execute/interpreter/arithmetic.hpp"
#include "node/execute/interpreter/engine.hpp"
#include "node/execute/interpreter/testing/random_program.hpp"

namespace mezz::node::interpreter {
namespace {

using test::difference;

std::string to_hex(ByteView bytes) {
    std::vector<char> out;
    append_hex(out, bytes);
    return {out.begin(), out.end()};
}

/// Random values, half of them at the edges.
class Values {
public:
    explicit Values(std::uint64_t seed) : random_(seed) {}
    uint256 next() {
        const uint256 power = uint256{1} << (random_() % 256);
        switch (random_() % 6) {
            case 0:
                return power - uint256{random_() % 3};
            case 1:
                return uint256{} - power;
            case 2:
                return uint256{random_() % 5};
            case 3:
                return uint256{random_()};
            default:
                return uint256{random_(), random_(), random_(), random_()} >> (random_() % 256);
        }
    }

private:
    std::mt19937_64 random_;
};

TEST(FastArithmetic, EqualsThePlainOne) {
    Values values(1);
    for (int i = 0; i < 200'000; ++i) {
        const uint256 a = values.next(), b = values.next(), m = values.next();
        EXPECT_EQ(fast_add(a, b), a + b);
        EXPECT_EQ(fast_sub(a, b), a - b);
        EXPECT_EQ(fast_mul(a, b), a * b);
        EXPECT_EQ(fast_less(a, b), a < b);
        EXPECT_EQ(fast_less_signed(a, b), less_signed(a, b));
        EXPECT_EQ(fast_divide(a, b).quotient, a / b);
        EXPECT_EQ(fast_divide(a, b).remainder, a % b);
        EXPECT_EQ(fast_divide_signed(a, b).quotient, divide_signed(a, b).quotient);
        EXPECT_EQ(fast_divide_signed(a, b).remainder, divide_signed(a, b).remainder);
        EXPECT_EQ(multiply_modulo(a, b, m), mul_mod(a, b, m));
        EXPECT_EQ(multiply_modulo_ones(a, b), mul_mod(a, b, ~uint256{}));
        EXPECT_EQ(add_modulo(a, b, m), add_mod(a, b, m));
        EXPECT_EQ(fast_shl(a, i % 256), a << (i % 256));
        EXPECT_EQ(fast_shr(a, i % 256), a >> (i % 256));
        if (has_reciprocal(m)) {
            Modulus prepared{.value = m};
            if (i % 50 == 0) {
                prepare(prepared);
                EXPECT_EQ(multiply_modulo(a, b, prepared), mul_mod(a, b, m));
            }
        }
        if (testing::Test::HasFailure()) FAIL() << "round " << i;
    }
}

/// MEZZ_PROGRAMS: how many to try.
TEST(Interpreter, RunsRandomProgramsAsThePlainOne) {
    const char* wanted = std::getenv("MEZZ_PROGRAMS");
    const std::uint64_t programs = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 20'000;
    for (std::uint64_t seed = 0; seed < programs; ++seed) {
        std::mt19937_64 random(seed);
        Bytes choices(20 + random() % 400);
        for (auto& b : choices) b = static_cast<std::uint8_t>(random());
        Bytes input(random() % 100);
        for (auto& b : input) b = static_cast<std::uint8_t>(random());
        const Bytes code = test::random_program(choices);
        const auto gas = static_cast<std::int64_t>(random() % (seed % 3 == 0 ? 2'000 : 100'000));
        const auto rev = static_cast<Revision>(random() % REVISION_COUNT);
        const auto differs = difference(code, input, gas, seed % 4 != 0 ? Revision::osaka : rev);
        ASSERT_FALSE(differs.has_value())
            << "seed " << seed << ": " << *differs << ", gas " << gas << ", code " << to_hex(code);
    }
}

TEST(Interpreter, RunsBytesThatAreNoProgramAsThePlainOne) {
    std::mt19937_64 random(7);
    for (int i = 0; i < 20'000; ++i) {
        Bytes code(random() % 200);
        for (auto& b : code) b = static_cast<std::uint8_t>(random());
        const auto rev = static_cast<Revision>(random() % REVISION_COUNT);
        const auto differs = difference(code, {}, static_cast<std::int64_t>(random() % 5000), rev);
        ASSERT_FALSE(differs.has_value()) << *differs << ", code " << to_hex(code);
    }
}

TEST(CodeCache, DecodesTheSecondTime) {
    CodeCache cache;
    const Bytes code = {0x60, 0x01, 0x60, 0x02, 0x01, 0x00};
    const Bytes32 hash = to_bytes32(uint256{1});
    EXPECT_EQ(cache.program(hash, code, Revision::osaka), nullptr);
    const auto program = cache.program(hash, code, Revision::osaka);
    ASSERT_NE(program, nullptr);
    EXPECT_EQ(cache.program(hash, code, Revision::osaka), program);
    // Another revision is another program.
    EXPECT_EQ(cache.program(hash, code, Revision::frontier), nullptr);
}

TEST(CodeCache, StaysWithinItsBound) {
    CodeCache cache({.max_bytes = 100'000, .decode_after = 1});
    const Bytes code(1000, 0x5b);
    for (std::uint64_t i = 0; i < 100; ++i)
        EXPECT_NE(cache.program(to_bytes32(uint256{i}), code, Revision::osaka), nullptr);
    EXPECT_LE(cache.bytes(), 200'000u);
}

}  // namespace
}  // namespace mezz::node::interpreter
