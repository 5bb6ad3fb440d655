// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/instruction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "core/riscv/test_machine.hpp"

namespace mezz::riscv {
namespace {

using testing::assemble;
using testing::Encoding;
using testing::encoding_of;
using testing::ENCODINGS;
using testing::Format;

Kind by_table(std::uint32_t word) {
    Kind found = Kind::trap;
    for (const Encoding& e : ENCODINGS)
        if ((word & e.mask) == e.match) {
            EXPECT_EQ(found, Kind::trap) << "two encodings fit " << std::hex << word;
            found = e.kind;
        }
    return found;
}

TEST(Decode, KnowsExactlyTheWordsOfTheListings) {
    // Every opcode, funct3 and funct7, with other fields of all zeros, all ones and mixed.
    for (std::uint32_t i = 0; i < 1u << 17; ++i)
        for (const std::uint32_t rest : {0u, 0x01ff8f80u, 0x00a58500u, 0x01000000u}) {
            const std::uint32_t word =
                (i & 0x7f) | (i >> 7 & 7) << 12 | (i >> 10) << 25 | (rest & ~0xfe00707fu);
            ASSERT_EQ(decode(word).kind, by_table(word)) << std::hex << word;
        }
    std::mt19937 random{1};
    for (int i = 0; i < 200'000; ++i) {
        const auto word = static_cast<std::uint32_t>(random());
        ASSERT_EQ(decode(word).kind, by_table(word)) << std::hex << word;
    }
}

TEST(Decode, TrapsWhatRv64imLacks) {
    for (const std::uint32_t word : {
             0x00000000u, 0xffffffffu,
             0x00100073u,               // EBREAK
             0x0000100fu,               // FENCE.I
             0xc0002573u,               // CSRR a0, cycle
             0x10500073u,               // WFI
             0x000000f3u, 0x00008073u,  // ECALL with rd, with rs1
             0x0005252fu,               // AMOADD.W
             0x00053507u, 0x00a53027u,  // FLD, FSD
             0x04051513u,               // SLLI with a bit above the amount
             0x0205151bu,               // SLLIW by 32
             0x0200201bu,               // OP-IMM-32, funct3 2
             0x0000203bu,               // OP-32, funct3 2
             0x40001033u,               // SLL with the bit of SUB
             0x02001b3bu,               // MULHW does not exist
         })
        EXPECT_EQ(decode(word).kind, Kind::trap) << std::hex << word;
}

TEST(Decode, FenceMayHaveAnyFields) {
    EXPECT_EQ(decode(0x0ff0000f).kind, Kind::fence);
    EXPECT_EQ(decode(0x8330000f).kind, Kind::fence);  // FENCE.TSO
    EXPECT_EQ(decode(0xfff58f8f).kind, Kind::fence);
}

TEST(Decode, FindsRegistersAndImmediates) {
    std::mt19937 random{2};
    for (const Encoding& e : ENCODINGS)
        for (int i = 0; i < 2000; ++i) {
            const unsigned rd = random() % 32, rs1 = random() % 32, rs2 = random() % 32;
            // Shifting left and back extends the sign of an immediate of that many bits.
            const auto raw = static_cast<std::int32_t>(random());
            const auto bits = [&](unsigned count) {
                const std::int32_t edge[] = {0, -1, 1 << (count - 2), -(1 << (count - 1)), raw};
                return static_cast<std::int32_t>(static_cast<std::uint32_t>(edge[i % 5])
                                                 << (32 - count)) >>
                       (32 - count);
            };
            std::int32_t imm = 0;
            if (e.format == Format::i || e.format == Format::s) imm = bits(12);
            if (e.format == Format::b) imm = bits(13) & ~1;
            if (e.format == Format::j) imm = bits(21) & ~1;
            if (e.format == Format::u) imm = raw & static_cast<std::int32_t>(0xfffff000);
            if (e.format == Format::shift) imm = raw & 63;
            if (e.format == Format::shift_word) imm = raw & 31;
            const Instruction d = decode(assemble(e.kind, rd, rs1, rs2, imm));
            const bool has_rd = e.format != Format::s && e.format != Format::b;
            const bool has_rs1 = e.format != Format::u && e.format != Format::j;
            const bool has_rs2 =
                e.format == Format::r || e.format == Format::s || e.format == Format::b;
            if (e.format == Format::fixed || e.kind == Kind::fence) continue;
            ASSERT_EQ(d.kind, e.kind);
            if (has_rd) ASSERT_EQ(d.rd, rd);
            if (has_rs1) ASSERT_EQ(d.rs1, rs1);
            if (has_rs2) ASSERT_EQ(d.rs2, rs2);
            if (e.format != Format::r) ASSERT_EQ(d.imm, imm) << static_cast<int>(e.kind);
        }
}

constexpr std::uint64_t MAX = 0xffff'ffff'ffff'ffff;
constexpr std::uint64_t MIN_S = 0x8000'0000'0000'0000;  // the smallest signed number
constexpr std::uint64_t MAX_S = 0x7fff'ffff'ffff'ffff;

struct Case {
    Kind kind;
    std::uint64_t a, b, result;
};

/// Worked out by hand from the text of the ISA.
constexpr Case CASES[] = {
    {Kind::add, MAX, 1, 0},
    {Kind::add, MAX_S, 1, MIN_S},
    {Kind::addi, 5, extended(-2048), 0xffff'ffff'ffff'f805},
    {Kind::sub, 0, 1, MAX},
    {Kind::sub, MIN_S, 1, MAX_S},
    {Kind::slt, MAX, 0, 1},
    {Kind::slt, 0, MAX, 0},
    {Kind::slt, MIN_S, MAX_S, 1},
    {Kind::slt, 7, 7, 0},
    {Kind::slti, 0, extended(-1), 0},
    {Kind::sltu, 0, MAX, 1},
    {Kind::sltu, MAX, 0, 0},
    {Kind::sltu, MAX_S, MIN_S, 1},
    {Kind::sltiu, 1, extended(-1), 1},  // the immediate is extended, then unsigned
    {Kind::sltiu, 0, 1, 1},
    {Kind::xor_, 0xff00ff00, 0x0ff00ff0, 0xf0f0f0f0},
    {Kind::xori, 0, extended(-1), MAX},
    {Kind::or_, 0xf0, 0x0f, 0xff},
    {Kind::ori, 1, extended(-2048), 0xffff'ffff'ffff'f801},
    {Kind::and_, 0xff, 0x0f0, 0xf0},
    {Kind::andi, MAX, extended(-16), 0xffff'ffff'ffff'fff0},
    {Kind::sll, 1, 63, MIN_S},
    {Kind::sll, 1, 64, 1},  // the low six bits count
    {Kind::sll, 3, MAX, MIN_S},
    {Kind::slli, MAX, 32, 0xffff'ffff'0000'0000},
    {Kind::srl, MIN_S, 63, 1},
    {Kind::srl, MAX, 65, MAX_S},
    {Kind::srli, MIN_S, 1, 0x4000'0000'0000'0000},
    {Kind::sra, MIN_S, 63, MAX},
    {Kind::sra, MIN_S, 64, MIN_S},
    {Kind::srai, MAX_S, 62, 1},
    {Kind::srai, MIN_S, 1, 0xc000'0000'0000'0000},
    {Kind::addw, 0x7fff'ffff, 1, 0xffff'ffff'8000'0000},
    {Kind::addw, 0xffff'ffff'0000'0001, 0x1234'5678'0000'0001, 2},
    {Kind::addiw, 0x1'0000'0000, 0, 0},
    {Kind::addiw, 0x8000'0000, extended(-1), 0x7fff'ffff},
    {Kind::subw, 0, 1, MAX},
    {Kind::subw, 0x8000'0000, 1, 0x7fff'ffff},
    {Kind::sllw, 1, 31, 0xffff'ffff'8000'0000},
    {Kind::sllw, 1, 32, 1},  // the low five bits count
    {Kind::slliw, 0xffff'ffff'0000'0003, 1, 6},
    {Kind::srlw, 0xffff'ffff'8000'0000, 31, 1},
    {Kind::srlw, 0xffff'ffff'8000'0000, 32, 0xffff'ffff'8000'0000},
    {Kind::srliw, 0x1'0000'0010, 4, 1},
    {Kind::sraw, 0x8000'0000, 31, MAX},
    {Kind::sraw, 0xffff'ffff'7fff'ffff, 30, 1},
    {Kind::sraiw, 0x8000'0000, 4, 0xffff'ffff'f800'0000},
    {Kind::mul, MAX, MAX, 1},
    {Kind::mul, MIN_S, 2, 0},
    {Kind::mul, 0x1'0000'0001, 0x1'0000'0001, 0x2'0000'0001},
    {Kind::mulh, MAX, MAX, 0},  // -1 · -1
    {Kind::mulh, MIN_S, MIN_S, 0x4000'0000'0000'0000},
    {Kind::mulh, MIN_S, MAX_S, 0xc000'0000'0000'0000},
    {Kind::mulh, MAX, 1, MAX},
    {Kind::mulhu, MAX, MAX, 0xffff'ffff'ffff'fffe},
    {Kind::mulhu, MIN_S, 2, 1},
    {Kind::mulhsu, MAX, MAX, MAX},  // -1 · (2^64 - 1)
    {Kind::mulhsu, MIN_S, MAX, MIN_S},
    {Kind::mulhsu, 1, MAX, 0},
    {Kind::mulhsu, MAX_S, MAX, 0x7fff'ffff'ffff'fffe},
    {Kind::div, 7, extended(-2), extended(-3)},
    {Kind::div, 5, 0, MAX},
    {Kind::div, MIN_S, 0, MAX},
    {Kind::div, MIN_S, MAX, MIN_S},  // overflow
    {Kind::div, MIN_S, 1, MIN_S},
    {Kind::divu, 5, 0, MAX},
    {Kind::divu, MIN_S, MAX, 0},
    {Kind::divu, MAX, 2, MAX_S},
    {Kind::rem, 7, extended(-2), 1},
    {Kind::rem, extended(-7), 2, MAX},
    {Kind::rem, extended(-7), 0, extended(-7)},
    {Kind::rem, MIN_S, MAX, 0},  // overflow
    {Kind::remu, 5, 0, 5},
    {Kind::remu, MAX, 16, 15},
    {Kind::remu, MIN_S, MAX, MIN_S},
    {Kind::mulw, 0x1'0001'0000, 0x8000, 0xffff'ffff'8000'0000},
    {Kind::mulw, 0xffff'ffff, 0xffff'ffff, 1},
    {Kind::divw, 0x8000'0000, MAX, 0xffff'ffff'8000'0000},  // overflow of 32 bits
    {Kind::divw, 0xffff'ffff'0000'0007, 2, 3},
    {Kind::divw, 7, 0x1'0000'0000, MAX},  // a divisor that is zero in 32 bits
    {Kind::divuw, 0x8000'0000, 1, 0xffff'ffff'8000'0000},
    {Kind::divuw, 0xffff'ffff, MAX, 1},
    {Kind::divuw, 7, 0, MAX},
    {Kind::remw, 0x8000'0000, MAX, 0},
    {Kind::remw, 0x8000'0000, 0, 0xffff'ffff'8000'0000},
    {Kind::remw, 0xffff'fff9, 2, MAX},
    {Kind::remuw, 0x8000'0001, 0, 0xffff'ffff'8000'0001},
    {Kind::remuw, 0xffff'ffff, 16, 15},
};

TEST(Computed, IsWhatTheIsaSaysAtTheEdges) {
    std::vector<Kind> seen;
    for (const Case& c : CASES) {
        EXPECT_EQ(computed(c.kind, c.a, c.b), c.result)
            << static_cast<int>(c.kind) << " of " << std::hex << c.a << " and " << c.b;
        seen.push_back(c.kind);
    }
    for (const Encoding& e : ENCODINGS)
        if (is_immediate(e.kind) || is_register(e.kind))
            EXPECT_TRUE(std::ranges::find(seen, e.kind) != seen.end()) << static_cast<int>(e.kind);
}

TEST(Loaded, ExtendsBySignOrByZero) {
    EXPECT_EQ(loaded(Kind::lb, 0x80), 0xffff'ffff'ffff'ff80);
    EXPECT_EQ(loaded(Kind::lb, 0x7f), 0x7fu);
    EXPECT_EQ(loaded(Kind::lbu, 0x80), 0x80u);
    EXPECT_EQ(loaded(Kind::lh, 0x8000), 0xffff'ffff'ffff'8000);
    EXPECT_EQ(loaded(Kind::lhu, 0x8000), 0x8000u);
    EXPECT_EQ(loaded(Kind::lw, 0x8000'0000), 0xffff'ffff'8000'0000);
    EXPECT_EQ(loaded(Kind::lwu, 0x8000'0000), 0x8000'0000u);
    EXPECT_EQ(loaded(Kind::ld, MIN_S), MIN_S);
}

TEST(BranchTaken, ComparesSignedAndUnsigned) {
    struct {
        std::uint64_t a, b;
        bool eq, lt, ltu;
    } const cases[] = {{1, 1, true, false, false},         {0, 1, false, true, true},
                       {MAX, 0, false, true, false},       {0, MAX, false, false, true},
                       {MIN_S, MAX_S, false, true, false}, {MIN_S, MIN_S, true, false, false}};
    for (const auto& c : cases) {
        EXPECT_EQ(branch_taken(Kind::beq, c.a, c.b), c.eq);
        EXPECT_EQ(branch_taken(Kind::bne, c.a, c.b), !c.eq);
        EXPECT_EQ(branch_taken(Kind::blt, c.a, c.b), c.lt);
        EXPECT_EQ(branch_taken(Kind::bge, c.a, c.b), !c.lt);
        EXPECT_EQ(branch_taken(Kind::bltu, c.a, c.b), c.ltu);
        EXPECT_EQ(branch_taken(Kind::bgeu, c.a, c.b), !c.ltu);
    }
}

}  // namespace
}  // namespace mezz::riscv
