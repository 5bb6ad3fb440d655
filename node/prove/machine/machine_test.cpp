// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/machine.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "node/prove/machine/test_programs.hpp"

namespace mezz::node::prove {
namespace {

using testing::assemble;
using testing::CODE;
using testing::Words;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const text = std::getenv(variable);
    return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(Machine, RunsRandomProgramsAsDefined) {
    const std::uint64_t first = number_from("MEZZ_FIRST_PROGRAM", 1);
    const std::uint64_t count = number_from("MEZZ_PROGRAMS", 400);
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        std::mt19937_64 random{seed};
        const Words words = testing::random_words(random, 20 + random() % 100);
        const auto different =
            testing::difference(words, testing::random_hart(random), 250, random, seed % 8 == 0);
        ASSERT_FALSE(different.has_value()) << "seed " << seed << ": " << *different;
    }
}

/// Counts down from `n` in x5, adding in x6, and exits with its low byte.
Words loop(std::int32_t n) {
    return {assemble(riscv::Kind::addi, 5, 0, 0, n),
            assemble(riscv::Kind::add, 6, 6, 5, 0),
            assemble(riscv::Kind::addi, 5, 5, 0, -1),
            assemble(riscv::Kind::bne, 0, 5, 0, -8),
            assemble(riscv::Kind::addi, 10, 6, 0, 0),
            assemble(riscv::Kind::addi, 17, 0, 0, 93),
            0x73};
}

TEST(Machine, StopsAfterExactlyTheStepsAskedFor) {
    riscv::testing::MapPreimages none;
    const auto program = testing::program_of(loop(50));
    Machine single(program, none);
    for (std::uint64_t steps = 0; steps <= 1 + 150 + 3; ++steps) {
        Machine fast(program, none);
        ASSERT_TRUE(fast.run_to(steps).has_value());
        ASSERT_EQ(fast.hart().step, steps);
        ASSERT_EQ(fast.hart(), single.hart()) << steps;
        ASSERT_TRUE(single.step().has_value());
    }
    EXPECT_TRUE(single.hart().exited);
    EXPECT_EQ(single.hart().exit_code, 50 * 51 / 2 % 256);
    EXPECT_EQ(single.hart().step, 154u);
    ASSERT_TRUE(single.run_to(1000).has_value());
    EXPECT_EQ(single.hart().step, 154u);
}

TEST(Machine, CountsRunsThatAreLongerThanTheInterpreterKnows) {
    riscv::testing::MapPreimages none;
    Words words(3 * 8192 + 5, assemble(riscv::Kind::addi, 5, 5, 0, 1));
    words.push_back(0);
    const auto program = testing::program_of(words);
    for (const std::uint64_t steps : {8190u, 8191u, 8192u, 8193u, 16384u, 24581u}) {
        Machine machine(program, none);
        ASSERT_TRUE(machine.run_to(steps).has_value());
        EXPECT_EQ(machine.hart().step, steps);
        EXPECT_EQ(machine.hart().x[5], steps);
    }
    Machine machine(program, none);
    ASSERT_TRUE(machine.run_to(~std::uint64_t{0}).has_value());
    EXPECT_EQ(machine.hart().step, 24582u);
    EXPECT_EQ(machine.hart().exit_code, 255);
}

TEST(Machine, JumpsToEveryKindOfPlace) {
    // The target in x3; x4 keeps the link.
    riscv::testing::MapPreimages none;
    const auto program = testing::program_of(
        {assemble(riscv::Kind::jalr, 4, 3, 0, 0), assemble(riscv::Kind::addi, 5, 0, 0, 7)});
    struct {
        std::uint64_t target;
        std::uint64_t pc_after_two;
        bool trapped;
    } const cases[] = {{CODE + 4, CODE + 8, false}, {CODE + 5, CODE + 8, false},
                       {CODE + 6, CODE + 6, true},  {CODE + 8, CODE + 8, true},
                       {CODE - 4, CODE - 4, true},  {riscv::CODE_END, riscv::CODE_END, true},
                       {~3ull, ~3ull, true},        {1ull << 63, 1ull << 63, true}};
    for (const auto& c : cases) {
        Machine machine(program, none);
        riscv::Hart hart = machine.hart();
        hart.x[3] = c.target;
        machine.restore({hart, program->data()});
        ASSERT_TRUE(machine.run_to(2).has_value());
        EXPECT_EQ(machine.hart().pc, c.pc_after_two) << std::hex << c.target;
        EXPECT_EQ(machine.hart().exited, c.trapped);
        EXPECT_EQ(machine.hart().x[4], CODE + 4);
        EXPECT_EQ(machine.hart().step, 2u);
    }
}

TEST(Machine, StopsAtAnUnknownPreimageAndGoesOnWhenItIsKnown) {
    riscv::testing::MapPreimages preimages;
    const auto program = testing::program_of({assemble(riscv::Kind::lui, 10, 0, 0, 0x200000),
                                              assemble(riscv::Kind::addi, 17, 0, 0, 1), 0x73,
                                              assemble(riscv::Kind::addi, 17, 0, 0, 2), 0x73,
                                              assemble(riscv::Kind::addi, 17, 0, 0, 93), 0x73});
    Machine machine(program, preimages);
    Bytes32 key;
    for (std::size_t i = 0; i < 32; ++i) key[i] = 0x81;
    for (int again = 0; again < 2; ++again) {
        const auto ran = machine.run_to(100);
        ASSERT_FALSE(ran.has_value());
        EXPECT_EQ(ran.error(), (UnknownPreimage{key, 4}));
        EXPECT_EQ(machine.hart().step, 4u);
    }
    EXPECT_EQ(machine.witness(), std::unexpected(UnknownPreimage{key, 4}));
    preimages.known[key] = Bytes(200, 1);
    ASSERT_TRUE(machine.run_to(100).has_value());
    EXPECT_EQ(machine.hart().exit_code, 200);
    EXPECT_EQ(machine.memory().load(riscv::DATA_START, 8), 0x0101010101010101u);
    EXPECT_EQ(machine.memory().load(riscv::DATA_START + 32, 8), 0x8181818181818181u);
}

TEST(Machine, GoesBackToSnapshots) {
    riscv::testing::MapPreimages none;
    std::mt19937_64 random{9};
    for (int round = 0; round < 40; ++round) {
        const auto program = testing::program_of(testing::random_words(random, 60));
        Machine machine(program, none);
        machine.restore({testing::random_hart(random), program->data()});
        const std::uint64_t start = machine.hart().step;
        std::vector<std::pair<Snapshot, Bytes32>> seen;
        for (std::uint64_t i = 0; i < 60; i += 5) {
            (void)machine.run_to(start + i);
            seen.emplace_back(machine.snapshot(), machine.state_hash());
        }
        for (int i = 0; i < 60; ++i) {
            const auto& [snapshot, hash] = seen[random() % seen.size()];
            machine.restore(snapshot);
            ASSERT_EQ(machine.state_hash(), hash);
            (void)machine.run_to(machine.hart().step + random() % 7);
        }
    }
}

TEST(Machine, NamesAProgramByItsCodeAndStart) {
    const auto a = testing::program_of(loop(50)), b = testing::program_of(loop(51));
    EXPECT_NE(a->id(), b->id());
    EXPECT_EQ(a->data().root(), b->data().root());
    EXPECT_EQ(a->id(), riscv::parent_of(a->code_root(), riscv::hash(a->initial())));
    riscv::testing::MapAccess plain;
    const Words words = loop(50);
    for (std::size_t i = 0; i < words.size(); ++i) plain.put_code(CODE + 4 * i, words[i]);
    EXPECT_EQ(a->code_root(), riscv::testing::SparseTree(plain.code, riscv::CODE_LEVELS).root());
}

TEST(Memory, IsTheTreeOfItsLeaves) {
    std::mt19937_64 random{7};
    Memory memory{MemoryTree{}};
    riscv::testing::MapAccess plain;
    std::vector<std::pair<MemoryTree, Bytes32>> versions;
    for (int round = 0; round < 12; ++round) {
        for (int i = 0; i < 70; ++i) {
            std::uint64_t at = riscv::DATA_START + random() % (riscv::DATA_END - riscv::DATA_START);
            if (random() % 4 != 0) at = riscv::DATA_START + random() % 20'000;
            if (random() % 16 == 0) at = riscv::DATA_END - 8;
            const unsigned size = 1u << random() % 4;
            at -= at % size;
            const std::uint64_t value = random() % 4 == 0 ? 0 : random();
            memory.store(at, size, value);
            (void)plain.store(at, size, value);
            std::uint64_t same = 0;
            (void)plain.load(at, size, same);
            ASSERT_EQ(memory.load(at, size), same);
        }
        const Bytes32 root = riscv::testing::SparseTree(plain.data, riscv::DATA_LEVELS).root();
        ASSERT_EQ(memory.commit().root(), root);
        versions.emplace_back(memory.committed(), root);
    }
    for (const auto& [version, root] : versions) {  // later stores went to other pages
        EXPECT_EQ(version.root(), root);
        memory.store(riscv::DATA_START, 8, random());
        memory.restore(version);
        EXPECT_EQ(memory.commit().root(), root);
    }
    memory.restore(versions.back().first);
    for (const auto& [address, leaf] : plain.data) ASSERT_EQ(memory.load_leaf(address), leaf);
}

TEST(Memory, ReadsZerosWithoutKeepingThem) {
    Memory memory{MemoryTree{}};
    EXPECT_EQ(memory.load(riscv::DATA_END - 8, 8), 0u);
    EXPECT_TRUE(memory.written().empty());
    EXPECT_EQ(memory.commit().root(), riscv::repeated_nodes({}, riscv::DATA_LEVELS).back());
    memory.store(riscv::DATA_END - 8, 8, 0);  // a page of zeros is like none
    EXPECT_EQ(memory.commit().root(), MemoryTree{}.root());
}

}  // namespace
}  // namespace mezz::node::prove
