// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/trace.hpp"

#include <gtest/gtest.h>

#include "node/host/threads/helper_thread.hpp"
#include "node/prove/machine/dense.hpp"
#include "node/prove/machine/test_programs.hpp"

namespace mezz::node::prove {
namespace {

using riscv::Kind;
using testing::assemble;
using testing::Words;

/// Stores all over 256 KiB: five steps, `turns` turns of nine, three steps to the exit.
Words scatter(std::uint32_t turns) {
    return {assemble(Kind::lui, 5, 0, 0, static_cast<std::int32_t>(turns << 12)),
            assemble(Kind::srli, 5, 5, 0, 12), assemble(Kind::lui, 6, 0, 0, 0x200000),
            assemble(Kind::lui, 8, 0, 0, 0x40000), assemble(Kind::addi, 8, 8, 0, -1),
            // x7 = x7 · 17 + x5, and where it goes to depends on it.
            assemble(Kind::slli, 9, 7, 0, 4), assemble(Kind::add, 7, 7, 9, 0),
            assemble(Kind::add, 7, 7, 5, 0), assemble(Kind::and_, 9, 7, 8, 0),
            assemble(Kind::andi, 9, 9, 0, -8), assemble(Kind::add, 9, 9, 6, 0),
            assemble(Kind::sd, 0, 9, 7, 0), assemble(Kind::addi, 5, 5, 0, -1),
            assemble(Kind::bne, 0, 5, 0, -32), assemble(Kind::addi, 10, 7, 0, 0),
            assemble(Kind::addi, 17, 0, 0, 93), 0x73};
}

TEST(Dense, EqualsSingleStateHashes) {
    std::mt19937_64 random{11};
    riscv::testing::MapPreimages none;
    for (int round = 0; round < 60; ++round) {
        const auto program =
            testing::program_of(round == 0 ? scatter(90) : testing::random_words(random, 80));
        Machine dense(program, none), single(program, none);
        Snapshot start{round == 0 ? dense.hart() : testing::random_hart(random), program->data()};
        dense.restore(start);
        single.restore(start);
        const auto hashes = dense_hashes(dense, 700);
        std::vector<Bytes32> expected;
        while (expected.size() < 700 && !single.hart().exited && single.step())
            expected.push_back(single.state_hash());
        if (!hashes) {
            EXPECT_EQ(hashes.error(), (UnknownPreimage{single.hart().key, single.hart().step}));
            continue;
        }
        ASSERT_EQ(*hashes, expected) << round;
        EXPECT_EQ(dense.state_hash(), single.state_hash());
    }
}

TEST(Dense, ForgetsPagesWithoutForgettingWrites) {
    // A store into each of more pages than are kept, three times over.
    riscv::testing::MapPreimages none;
    const auto program = testing::program_of(
        {assemble(Kind::lui, 1, 0, 0, 0x200000), assemble(Kind::lui, 2, 0, 0, 0x1000),
         assemble(Kind::lui, 4, 0, 0, 0x1500000),
         // loop
         assemble(Kind::add, 3, 3, 2, 0), assemble(Kind::add, 5, 1, 3, 0),
         assemble(Kind::sd, 0, 5, 3, 8), assemble(Kind::blt, 0, 3, 4, -12),
         assemble(Kind::addi, 3, 6, 0, 0), assemble(Kind::jal, 0, 0, 0, -20)});
    Machine dense(program, none), plain(program, none);
    constexpr std::uint64_t STEPS = 3 * 5376 * 4;
    const auto hashes = dense_hashes(dense, STEPS);
    ASSERT_TRUE(hashes.has_value());
    for (std::uint64_t step = 1500; step <= STEPS; step += 1500) {
        ASSERT_TRUE(plain.run_to(step).has_value());
        ASSERT_EQ((*hashes)[step - 1], plain.state_hash()) << step;
    }
}

struct TraceOfScatter : ::testing::Test {
    riscv::testing::MapPreimages none;
    std::shared_ptr<const Program> program = testing::program_of(scatter(99'999));
    TraceOptions options{HISTORY_STRIDE, 2, 2};
    std::uint64_t steps = 5 + 9 * 99'999 + 3;

    Bytes32 hash_at(std::uint64_t step) {
        Machine machine(program, none);
        EXPECT_TRUE(machine.run_to(step).has_value());
        return machine.state_hash();
    }
};

TEST_F(TraceOfScatter, HasTheLeavesOfBothLevels) {
    auto trace = Trace::run(program, none, options);
    ASSERT_TRUE(trace.has_value());
    EXPECT_EQ(trace->last().step, steps);
    EXPECT_TRUE(trace->last().exited);
    const Bytes32 end = hash_at(steps);
    const auto& level1 = trace->level1();
    EXPECT_EQ(level1.levels(), 18u);
    for (const std::uint64_t j : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}})
        EXPECT_EQ(level1.node(18, j), hash_at((j + 1) << 18));
    EXPECT_EQ(level1.node(18, 3), end);  // where it exited
    EXPECT_EQ(level1.node(18, HISTORY_STRIDE - 1), end);

    for (const std::uint64_t j : {2u, 0u, 3u, 2u}) {
        const auto level2 = trace->level2(j);
        ASSERT_TRUE(level2.has_value());
        // Its last leaf is the leaf of level 1.
        EXPECT_EQ((*level2)->node(18, HISTORY_STRIDE - 1), level1.node(18, j));
        for (const std::uint64_t k : {std::uint64_t{0}, std::uint64_t{77'777}})
            EXPECT_EQ((*level2)->node(18, k), hash_at((j << 18) + k + 1));
        const Bytes path = (*level2)->path(77'777);
        EXPECT_EQ(riscv::root_of((*level2)->node(18, 77'777), 77'777, path), (*level2)->root());
    }
    const auto behind = trace->level2(9);  // where nothing happens any more
    ASSERT_TRUE(behind.has_value());
    EXPECT_EQ((*behind)->root(), riscv::repeated_nodes(end, 18).back());
}

TEST_F(TraceOfScatter, GivesAnyStateAndWitnessInAnyOrder) {
    auto trace = Trace::run(program, none, options);
    ASSERT_TRUE(trace.has_value());
    std::mt19937_64 random{3};
    for (int i = 0; i < 40; ++i) {
        const std::uint64_t step = i == 0   ? 0
                                   : i == 1 ? steps - 1
                                   : i == 2 ? steps
                                   : i == 3 ? ~std::uint64_t{0}
                                            : random() % steps;
        const auto witness = trace->witness(step);
        const auto hash = trace->state_hash(step);
        ASSERT_TRUE(witness.has_value() && hash.has_value());
        const auto next = trace->state_hash(step < steps ? step + 1 : step);
        EXPECT_EQ(riscv::replay(*witness, *hash, program->code_root(), none), *next) << step;
        if (i < 8) EXPECT_EQ(*hash, hash_at(std::min(step, steps)));
    }
}

TEST_F(TraceOfScatter, IsTheSameWithAnotherThreadThatHashes) {
    auto alone = Trace::run(program, none, options);
    host::HelperThread hasher;
    options.helper = &hasher;
    auto together = Trace::run(program, none, options);
    ASSERT_TRUE(alone.has_value() && together.has_value());
    EXPECT_EQ(together->level1().root(), alone->level1().root());
    EXPECT_EQ(together->last().step, alone->last().step);
    EXPECT_EQ((*together->level2(2))->root(), (*alone->level2(2))->root());
    EXPECT_EQ(together->witness(777'777), alone->witness(777'777));
}

TEST(Trace, HashesMoreStatesThanWaitAtOnce) {
    riscv::testing::MapPreimages none;
    const std::uint64_t leaves = 17;
    const auto program = testing::program_of(scatter((1 << 19) - 1));  // 17 and a rest
    host::HelperThread hasher;
    TraceOptions options{HISTORY_STRIDE, 4, 2, &hasher};
    auto trace = Trace::run(program, none, options);
    ASSERT_TRUE(trace.has_value());
    Machine machine(program, none);
    for (std::uint64_t j = 0; j < leaves; ++j) {
        ASSERT_TRUE(machine.run_to((j + 1) * HISTORY_STRIDE).has_value());
        ASSERT_EQ(trace->level1().node(18, j), machine.state_hash()) << j;
    }
}

TEST(Trace, OfAProgramThatTrapsAtOnce) {
    riscv::testing::MapPreimages none;
    const auto program = testing::program_of({0});
    auto trace = Trace::run(program, none);
    ASSERT_TRUE(trace.has_value());
    EXPECT_EQ(trace->last().step, 1u);
    EXPECT_EQ(trace->last().exit_code, 255);
    EXPECT_EQ(trace->state_hash(0), riscv::hash(program->initial()));
    EXPECT_EQ(trace->level1().root(),
              riscv::repeated_nodes(*trace->state_hash(1), riscv::HISTORY_LEVELS).back());
    EXPECT_EQ((*trace->level2(0))->root(), trace->level1().root());
}

TEST(Trace, NamesThePreimageThatLacks) {
    riscv::testing::MapPreimages preimages;
    const auto program = testing::program_of(
        {assemble(Kind::lui, 10, 0, 0, 0x200000), assemble(Kind::addi, 17, 0, 0, 2), 0x73});
    const auto trace = Trace::run(program, preimages);
    ASSERT_FALSE(trace.has_value());
    EXPECT_EQ(trace.error(), (UnknownPreimage{Bytes32{}, 2}));
}

}  // namespace
}  // namespace mezz::node::prove
