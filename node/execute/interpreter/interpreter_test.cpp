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

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// MEZZ_PROGRAMS: how many to try; MEZZ_FIRST_PROGRAM: the number of the first.
TEST(Interpreter, RunsRandomProgramsAsThePlainOne) {
    const std::uint64_t first = number_from("MEZZ_FIRST_PROGRAM", 0);
    const std::uint64_t programs = number_from("MEZZ_PROGRAMS", 20'000);
    for (std::uint64_t seed = first; seed < first + programs; ++seed) {
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

/// Instructions of a program that were decoded from this code.
std::size_t decoded(const Bytes& code) {
    return decode(code, Revision::osaka)->instrs.size();
}

TEST(Decoder, FollowsJumpsWhoseTargetIsKnown) {
    // PUSH1 6, PUSH1 8, JUMP, INVALID, JUMPDEST (6), STOP, JUMPDEST (8), JUMP: to 8, back to 6.
    const Bytes code = from_hex("0x6006600856fe5b005b56").value();
    const auto program = decode(code, Revision::osaka);
    const Entry* start = program->entry(0);
    ASSERT_NE(start, nullptr);
    // One segment up to STOP: PUSH, PUSH, JUMP, JUMPDEST, JUMP, JUMPDEST.
    EXPECT_EQ(start->gas, 3 + 3 + 8 + 1 + 8 + 1);
    EXPECT_FALSE(difference(code, {}, 100, Revision::osaka).has_value());
}

TEST(Decoder, TellsTheGasLeftInTheMiddleOfASegment) {
    // GAS, PUSH0, MSTORE, GAS, PUSH1 32, MSTORE, PUSH1 64, PUSH0, RETURN
    const Bytes code = from_hex("0x5a5f525a60205260405ff3").value();
    const auto program = decode(code, Revision::osaka);
    EXPECT_EQ(program->entry(0)->gas, 2 + 2 + 3 + 2 + 3 + 3 + 3 + 2);
    for (std::int64_t gas = 0; gas < 60; ++gas)
        EXPECT_FALSE(difference(code, {}, gas, Revision::osaka).has_value()) << gas;
}

TEST(Decoder, StopsFollowingAnEndlessLoop) {
    const Bytes code = from_hex("0x5b600056").value();
    EXPECT_LT(decoded(code), 20u);
    EXPECT_FALSE(difference(code, {}, 10'000, Revision::osaka).has_value());
}

TEST(Decoder, MakesProgramsThatGrowWithTheCodeOnly) {
    // Every JUMPDEST goes to the next, which goes on to the one behind it.
    const auto chain = [](std::size_t jumps) {
        Bytes code;
        for (std::size_t i = 1; i <= jumps; ++i) {
            const std::size_t next = 8 * i;
            for (const std::size_t b :
                 {0x5bul, 0x59ul, 0x50ul, 0x61ul, next >> 8, next & 0xff, 0x56ul, 0xfeul})
                code.push_back(static_cast<std::uint8_t>(b));
        }
        code.push_back(0x5b);
        return code;
    };
    const Bytes small = chain(100), large = chain(2000);
    EXPECT_GT(decoded(small), 200u);
    EXPECT_LT(decoded(small), 5 * small.size());
    EXPECT_LT(decoded(large), 5 * large.size());
    EXPECT_FALSE(difference(large, {}, 100'000, Revision::osaka).has_value());
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
