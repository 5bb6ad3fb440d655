// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/step.hpp"

#include <gtest/gtest.h>

#include "core/riscv/test_machine.hpp"

namespace mezz::riscv {
namespace {

using testing::assemble;

constexpr std::uint64_t MAX = 0xffff'ffff'ffff'ffff;

/// One instruction at 0x10000 and the step over it.
struct Step : ::testing::Test {
    testing::MapAccess access;
    Hart hart;
    Hart before;

    Step() { hart.pc = 0x10000; }
    void run(std::uint32_t word) {
        access.put_code(hart.pc, word);
        again();
    }
    void again() {
        before = hart;
        ASSERT_TRUE(step(hart, access));
    }
    void expect_trap() {
        before.exited = true;
        before.exit_code = 255;
        ++before.step;
        EXPECT_EQ(hart, before);
    }
    void expect_next() {
        EXPECT_EQ(hart.pc, before.pc + 4);
        EXPECT_EQ(hart.step, before.step + 1);
        EXPECT_FALSE(hart.exited);
    }
};

TEST_F(Step, ComputesOnRegisters) {
    hart.x[5] = 40;
    hart.x[6] = 2;
    run(assemble(Kind::sub, 7, 5, 6, 0));
    expect_next();
    EXPECT_EQ(hart.x[7], 38u);
    run(assemble(Kind::addi, 7, 7, 0, -39));
    EXPECT_EQ(hart.x[7], MAX);
}

TEST_F(Step, NeverWritesX0) {
    hart.x[5] = 40;
    access.put_data(DATA_START, MAX);
    hart.x[6] = DATA_START;
    for (const Kind kind : {Kind::add, Kind::mul, Kind::addi, Kind::lui, Kind::auipc}) {
        run(assemble(kind, 0, 5, 5, 4096));
        expect_next();
    }
    run(assemble(Kind::ld, 0, 6, 0, 0));
    expect_next();
    run(assemble(Kind::jal, 0, 0, 0, 8));
    run(assemble(Kind::jalr, 0, 5, 0, 0));
    EXPECT_EQ(hart.x[0], 0u);
}

TEST_F(Step, AddsUpperImmediates) {
    run(assemble(Kind::lui, 1, 0, 0, static_cast<std::int32_t>(0x80000000)));
    EXPECT_EQ(hart.x[1], 0xffff'ffff'8000'0000);
    run(assemble(Kind::auipc, 2, 0, 0, 0x1000));
    EXPECT_EQ(hart.x[2], 0x10004u + 0x1000);
}

TEST_F(Step, JumpsAndLinks) {
    run(assemble(Kind::jal, 1, 0, 0, -4));
    EXPECT_EQ(hart.pc, 0xfffcu);
    EXPECT_EQ(hart.x[1], 0x10004u);
    EXPECT_EQ(hart.step, 1u);
}

TEST_F(Step, JalrReadsBeforeItWritesAndClearsBit0) {
    hart.x[1] = 0x20002;
    run(assemble(Kind::jalr, 1, 1, 0, 7));
    EXPECT_EQ(hart.pc, 0x20008u);
    EXPECT_EQ(hart.x[1], 0x10004u);
}

TEST_F(Step, JumpsAnywhereAndTrapsThere) {
    for (const std::uint64_t target : {CODE_END, std::uint64_t{0x10002}, MAX - 1, MAX - 3}) {
        hart = {};
        hart.pc = 0x10000;
        hart.x[1] = target;
        run(assemble(Kind::jalr, 0, 1, 0, 0));
        EXPECT_EQ(hart.pc, target);
        EXPECT_FALSE(hart.exited);
        again();
        expect_trap();
    }
}

TEST_F(Step, BranchesGoOrPass) {
    hart.x[1] = MAX;
    run(assemble(Kind::blt, 0, 1, 0, -4096));
    EXPECT_EQ(hart.pc, 0xf000u);
    run(assemble(Kind::bltu, 0, 1, 0, 64));
    expect_next();
    // Even to where no instruction can be.
    run(assemble(Kind::beq, 0, 0, 0, 2));
    EXPECT_EQ(hart.pc, 0xf006u);
    again();
    expect_trap();
}

TEST_F(Step, WrapsThePcAndTheStep) {
    hart.pc = 0;
    hart.step = MAX;
    run(assemble(Kind::jal, 1, 0, 0, -4));
    EXPECT_EQ(hart.pc, MAX - 3);
    EXPECT_EQ(hart.step, 0u);
}

TEST_F(Step, ExecutesTheLastWordOfCode) {
    hart.pc = CODE_END - 4;
    run(assemble(Kind::addi, 1, 0, 0, 1));
    expect_next();
    again();
    expect_trap();
}

TEST_F(Step, TrapsOnUnwrittenCode) {
    hart.pc = 0;
    again();
    expect_trap();
}

TEST_F(Step, TrapsOnWhatIsNoInstruction) {
    for (const std::uint32_t word : {0x00100073u, 0x0000100fu, 0xc0002573u, 0x40001033u}) {
        hart = {};
        hart.pc = 0x10000;
        run(word);
        expect_trap();
    }
}

TEST_F(Step, FenceOnlyMovesOn) {
    run(0x0ff0000f);
    expect_next();
}

TEST_F(Step, LoadsAndStoresEverySize) {
    const std::uint64_t at = DATA_START + 0x1238;
    hart.x[1] = at + 2048;
    hart.x[2] = 0x8182'8384'8586'8788;
    run(assemble(Kind::sd, 0, 1, 2, -2048));
    expect_next();
    hart.x[1] = at;
    struct {
        Kind kind;
        std::int32_t offset;
        std::uint64_t value;
    } const loads[] = {{Kind::lb, 0, 0xffff'ffff'ffff'ff88}, {Kind::lbu, 7, 0x81},
                       {Kind::lh, 2, 0xffff'ffff'ffff'8586}, {Kind::lhu, 6, 0x8182},
                       {Kind::lw, 4, 0xffff'ffff'8182'8384}, {Kind::lwu, 0, 0x8586'8788},
                       {Kind::ld, 0, 0x8182'8384'8586'8788}};
    for (const auto& l : loads) {
        run(assemble(l.kind, 3, 1, 0, l.offset));
        expect_next();
        EXPECT_EQ(hart.x[3], l.value) << static_cast<int>(l.kind);
    }
    hart.x[2] = 0;
    run(assemble(Kind::sb, 0, 1, 2, 7));
    run(assemble(Kind::sh, 0, 1, 2, 4));
    run(assemble(Kind::sw, 0, 1, 2, 0));
    run(assemble(Kind::ld, 3, 1, 0, 0));
    EXPECT_EQ(hart.x[3], 0x0082'0000'0000'0000u);
    EXPECT_EQ(access.data.size(), 1u);
}

TEST_F(Step, TrapsOnDataOutOfRangeOrUnaligned) {
    for (const Kind kind : {Kind::lb, Kind::lhu, Kind::lw, Kind::lwu, Kind::ld, Kind::sb, Kind::sh,
                            Kind::sw, Kind::sd}) {
        const unsigned size = access_bytes(kind);
        const auto at = [&](std::uint64_t address) {
            hart = {};
            hart.pc = 0x10000;
            hart.x[1] = address - 8;
            access.data.clear();
            run(assemble(kind, 3, 1, 2, 8));
        };
        for (const std::uint64_t bad :
             {DATA_START - size, DATA_END, std::uint64_t{0}, MAX - size + 1, DATA_END * 2}) {
            at(bad);
            expect_trap();
            EXPECT_TRUE(access.data.empty());
        }
        for (unsigned skew = 1; skew < size; skew *= 2) {
            at(DATA_START + skew);
            expect_trap();
        }
        at(DATA_START);
        expect_next();
        at(DATA_END - size);
        expect_next();
    }
}

TEST_F(Step, AddressesWrapAround) {
    hart.x[1] = DATA_START + 2048;
    run(assemble(Kind::sd, 0, 1, 0, -2048));
    expect_next();
    hart.x[1] = MAX;  // -1 + 1 = 0 is no data
    run(assemble(Kind::lb, 3, 1, 0, 1));
    expect_trap();
}

TEST_F(Step, SetKeyTakesTheLeafAndRewinds) {
    const std::uint64_t at = DATA_END - 32;
    access.put_data(at, 0x0807060504030201);
    hart.x[A0] = at;
    hart.x[A7] = CALL_SET_KEY;
    hart.offset = 64;
    run(0x73);
    expect_next();
    EXPECT_EQ(hart.key, access.data[at]);
    EXPECT_EQ(hart.offset, 0u);
    EXPECT_EQ(hart.x[A0], at);
}

TEST_F(Step, ReadPutsALeafAndGivesTheLength) {
    const Bytes32 key = keccak256_key(
        hex<Bytes32>("0x1111111111111111111111111111111111111111111111111111111111111111"));
    Bytes preimage(40, 7);
    preimage[32] = 9;
    access.preimages.known[key] = preimage;
    hart.key = key;
    hart.x[A7] = CALL_READ;
    const std::uint64_t at = DATA_START + 96;
    access.put_data(at + 24, MAX);
    for (const std::uint64_t offset : {0u, 32u, 64u}) {
        hart.x[A0] = at;
        run(0x73);
        expect_next();
        EXPECT_EQ(hart.x[A0], 40u);
        EXPECT_EQ(hart.offset, offset + 32);
        Bytes32 expected;
        for (std::size_t i = 0; i < 32 && offset + i < 40; ++i) expected[i] = preimage[offset + i];
        EXPECT_EQ(access.data[at], expected) << offset;
    }
    hart.x[A0] = at;
    hart.offset = MAX - 31;
    run(0x73);
    EXPECT_EQ(hart.offset, 0u);  // modulo 2^64
    EXPECT_TRUE(access.data[at].is_zero());
}

TEST_F(Step, ReadOfAnUnknownKeyHasNoNextState) {
    hart.x[A0] = DATA_START;
    hart.x[A7] = CALL_READ;
    access.put_code(hart.pc, 0x73);
    before = hart;
    EXPECT_FALSE(step(hart, access));
    EXPECT_EQ(hart, before);
    EXPECT_TRUE(access.data.empty());
}

TEST_F(Step, CallsTrapOnABadLeaf) {
    for (const std::uint64_t number : {CALL_SET_KEY, CALL_READ})
        for (const std::uint64_t at : {std::uint64_t{0}, DATA_START - 32, DATA_START + 8,
                                       DATA_START + 16, DATA_START + 1, DATA_END, MAX - 31}) {
            hart = {};
            hart.pc = 0x10000;
            hart.x[A0] = at;
            hart.x[A7] = number;
            run(0x73);
            expect_trap();
        }
}

TEST_F(Step, ExitKeepsTheLowByteAndMovesOn) {
    hart.x[A0] = 0x1234;
    hart.x[A7] = CALL_EXIT;
    run(0x73);
    EXPECT_TRUE(hart.exited);
    EXPECT_EQ(hart.exit_code, 0x34);
    EXPECT_EQ(hart.pc, before.pc + 4);
    EXPECT_EQ(hart.step, 1u);
    again();
    EXPECT_EQ(hart, before);  // its own next state
}

TEST_F(Step, OtherCallsAnswerMinusOne) {
    for (const std::uint64_t number :
         {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{63}, MAX, std::uint64_t{1} << 32 | 1}) {
        hart.x[A0] = 5;
        hart.x[A7] = number;
        run(0x73);
        expect_next();
        EXPECT_EQ(hart.x[A0], MAX);
    }
}

TEST_F(Step, RecordingNotesTheDataAccess) {
    hart.x[1] = DATA_START + 8;
    RecordingAccess recording(access);
    access.put_code(0x10000, assemble(Kind::add, 2, 1, 1, 0));
    access.put_code(0x10004, assemble(Kind::ld, 2, 1, 0, 8));
    ASSERT_TRUE(step(hart, recording));
    EXPECT_FALSE(recording.touched());
    ASSERT_TRUE(step(hart, recording));
    ASSERT_TRUE(recording.touched());
    EXPECT_EQ(recording.touched()->address, DATA_START + 16);
    EXPECT_FALSE(recording.touched()->written);
    access.put_code(0x10008, assemble(Kind::sb, 0, 1, 2, 1));
    ASSERT_TRUE(step(hart, recording));
    EXPECT_EQ(recording.touched()->address, DATA_START + 9);
    EXPECT_TRUE(recording.touched()->written);
}

}  // namespace
}  // namespace mezz::riscv
