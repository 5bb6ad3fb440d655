// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The machine against qemu-riscv64, which others wrote: programs that store all registers after
/// each of their instructions, run by both, must store the same.
///
/// A program is a loop over a body of random instructions. Each turn begins with registers loaded
/// from a table of edge values. x29 points to that table, x30 into a scratch area for loads and
/// stores, x31 to where the registers go.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "node/prove/machine/test_programs.hpp"

namespace mezz::node::prove {
namespace {

using riscv::Kind;
using testing::assemble;
using testing::Words;

constexpr unsigned TABLE = 29;
constexpr unsigned SCRATCH = 30;
constexpr unsigned DUMP = 31;
constexpr unsigned FREE_REGISTERS = 28;  // x1 to x28

constexpr std::uint64_t ENTRY = 0x10000;
constexpr std::uint64_t SCRATCH_AT = 0x200000 + 2048;  // the middle: offsets have a sign
constexpr std::size_t SCRATCH_BYTES = 4096;
constexpr std::uint64_t SCRATCH_START = SCRATCH_AT - SCRATCH_BYTES / 2;
constexpr std::uint64_t TABLE_AT = 0x300000;
constexpr std::uint64_t DUMP_AT = 0x1000000;

constexpr std::size_t BODY = 400;  // units
constexpr std::size_t TURNS = 100;
constexpr std::size_t RECORD_BYTES = FREE_REGISTERS * 8;
/// A unit: an instruction or two, and those that store all registers.
constexpr std::size_t UNIT_WORDS = 2 + FREE_REGISTERS + 1;
constexpr std::size_t UNIT_BYTES = UNIT_WORDS * 4;
constexpr std::uint64_t INSTRUCTIONS_COMPARED = 1'000'000;

/// An instruction that stays inside the program and its memory; `left`: units behind it.
std::uint32_t harmless(std::mt19937_64& random, std::size_t left) {
    for (;;) {
        const auto& e = riscv::testing::ENCODINGS[random() % std::size(riscv::testing::ENCODINGS)];
        const auto rd = static_cast<unsigned>(random() % (FREE_REGISTERS + 1));
        const auto rs1 = static_cast<unsigned>(random() % (FREE_REGISTERS + 1));
        const auto rs2 = static_cast<unsigned>(random() % (FREE_REGISTERS + 1));
        auto imm = static_cast<std::int32_t>(random());
        const std::size_t skipped = 1 + random() % 16;
        const auto ahead = static_cast<std::int32_t>(skipped * UNIT_BYTES);
        if (riscv::is_load(e.kind) || riscv::is_store(e.kind)) {
            imm = imm % 2048 & -static_cast<std::int32_t>(riscv::access_bytes(e.kind));
            return assemble(e.kind, rd, SCRATCH, rs2, imm);
        }
        if (riscv::is_branch(e.kind) || e.kind == Kind::jal) {
            if (skipped > left) continue;
            return assemble(e.kind, rd, rs1, rs2, ahead);
        }
        if (e.kind == Kind::jalr || e.kind == Kind::ecall) continue;
        return assemble(e.kind, rd, rs1, rs2, imm);
    }
}

Words program(std::mt19937_64& random) {
    Words out;
    const auto put = [&](Kind kind, unsigned rd, unsigned rs1, unsigned rs2, std::int64_t imm) {
        out.push_back(assemble(kind, rd, rs1, rs2, static_cast<std::int32_t>(imm)));
    };
    const auto set = [&](unsigned rd, std::uint64_t value) {  // a value that LUI and ADDI make
        put(Kind::lui, rd, 0, 0, static_cast<std::int64_t>((value + 0x800) & 0xfffff000));
        put(Kind::addi, rd, rd, 0, static_cast<std::int64_t>(value & 0xfff));
    };
    set(TABLE, TABLE_AT);
    set(SCRATCH, SCRATCH_AT);
    set(DUMP, DUMP_AT);
    const std::size_t turn = out.size();
    for (unsigned r = 1; r <= FREE_REGISTERS; ++r) put(Kind::ld, r, TABLE, 0, 8 * r - 8);
    put(Kind::addi, TABLE, TABLE, 0, RECORD_BYTES);
    for (std::size_t i = 0; i < BODY; ++i) {
        const std::size_t skipped = random() % 16;
        if (random() % 40 == 0 && i + skipped < BODY) {
            const auto link = static_cast<unsigned>(random() % (FREE_REGISTERS + 1));
            const auto to = static_cast<unsigned>(1 + random() % FREE_REGISTERS);
            put(Kind::auipc, to, 0, 0, 0);
            // To the third word of this unit or a later one; bit 0 is to be cleared.
            put(Kind::jalr, link, to, 0, static_cast<std::int64_t>(skipped * UNIT_BYTES + 9));
        } else {
            out.push_back(harmless(random, BODY - 1 - i));
            put(Kind::fence, 0, 0, 0, 0);
        }
        for (unsigned r = 1; r <= FREE_REGISTERS; ++r) put(Kind::sd, 0, DUMP, r, 8 * r - 8);
        put(Kind::addi, DUMP, DUMP, 0, RECORD_BYTES);
    }
    set(1, TABLE_AT + TURNS * RECORD_BYTES);
    put(Kind::beq, 0, TABLE, 1, 8);
    put(Kind::jal, 0, 0, 0, -static_cast<std::int64_t>((out.size() - turn) * 4));
    const auto write = [&](unsigned end) {  // from x11 to the register
        put(Kind::addi, 10, 0, 0, 1);
        put(Kind::sub, 12, end, 11, 0);
        put(Kind::addi, 17, 0, 0, 64);
        put(Kind::ecall, 0, 0, 0, 0);
    };
    set(11, DUMP_AT);
    write(DUMP);
    put(Kind::addi, 11, SCRATCH, 0, -2048);
    put(Kind::addi, SCRATCH, SCRATCH, 0, 2047);
    write(SCRATCH);
    put(Kind::addi, 17, 0, 0, 93);
    put(Kind::addi, 10, 0, 0, 0);
    put(Kind::ecall, 0, 0, 0, 0);
    return out;
}

Bytes image_of(std::mt19937_64& random) {
    Bytes table;
    for (std::size_t i = 0; i < TURNS * FREE_REGISTERS; ++i) {
        std::uint8_t number[8];
        store_le64(number, testing::edge_number(random));
        append(table, number);
    }
    Bytes scratch(SCRATCH_BYTES);
    for (auto& byte : scratch) byte = static_cast<std::uint8_t>(random());
    const Bytes code = testing::bytes_of(program(random));
    return testing::elf(ENTRY, {{ENTRY, code, code.size(), 5},
                                {SCRATCH_START, scratch, SCRATCH_BYTES, 6},
                                {TABLE_AT, table, table.size(), 6},
                                {DUMP_AT, {}, BODY * TURNS * RECORD_BYTES, 6}});
}

/// What qemu-riscv64 writes to its output when it runs `elf`; nothing if it fails.
std::optional<Bytes> run_by_qemu(ByteView elf) {
    char folder[] = "/tmp/mezz-qemu-XXXXXX";
    if (mkdtemp(folder) == nullptr) return std::nullopt;
    const std::filesystem::path path = std::filesystem::path(folder) / "program.elf";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(elf.data()), static_cast<std::streamsize>(elf.size()));
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    Bytes out;
    std::FILE* const pipe = popen(("qemu-riscv64 " + path.string()).c_str(), "r");
    std::uint8_t part[65536];
    for (std::size_t got = 0; (got = std::fread(part, 1, sizeof part, pipe)) > 0;)
        append(out, ByteView(part).first(got));
    const int status = pclose(pipe);
    std::filesystem::remove_all(folder);
    return status == 0 ? std::optional(out) : std::nullopt;
}

TEST(Qemu, StoresTheSameRegistersAfterEveryInstruction) {
    if (std::system("command -v qemu-riscv64 > /dev/null") != 0) GTEST_SKIP() << "no qemu-riscv64";
    riscv::testing::MapPreimages none;
    std::uint64_t compared = 0;
    for (std::uint64_t seed = 1; compared < INSTRUCTIONS_COMPARED; ++seed) {
        std::mt19937_64 random{seed};
        const Bytes file = image_of(random);
        const auto image = load_elf(file);
        ASSERT_TRUE(image.has_value());
        Machine machine(std::make_shared<const Program>(*image), none);
        ASSERT_TRUE(machine.run_to(~std::uint64_t{0}).has_value());
        ASSERT_EQ(machine.hart().exit_code, 0) << seed;
        const std::uint64_t dump_bytes = machine.hart().x[DUMP] - DUMP_AT;
        Bytes expected;
        for (std::uint64_t at = DUMP_AT; at < DUMP_AT + dump_bytes; at += 32)
            append(expected, machine.memory().load_leaf(at));
        for (std::uint64_t at = SCRATCH_START; at < SCRATCH_START + SCRATCH_BYTES - 1; ++at)
            expected.push_back(static_cast<std::uint8_t>(machine.memory().load(at, 1)));
        const auto theirs = run_by_qemu(file);
        ASSERT_TRUE(theirs.has_value()) << seed;
        ASSERT_EQ(theirs->size(), expected.size());
        const auto differs = std::ranges::mismatch(*theirs, expected).in1 - theirs->begin();
        ASSERT_EQ(differs, static_cast<std::ptrdiff_t>(expected.size()))
            << "seed " << seed << ": x" << differs / 8 % FREE_REGISTERS + 1 << " after "
            << static_cast<std::size_t>(differs) / RECORD_BYTES << " instructions";
        compared += dump_bytes / RECORD_BYTES;
    }
    RecordProperty("instructions", std::to_string(compared));
    EXPECT_GE(compared, INSTRUCTIONS_COMPARED);
}

}  // namespace
}  // namespace mezz::node::prove
