// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/disassemble.hpp"

#include "core/riscv/instruction.hpp"

namespace mezz::app {
namespace {

using riscv::Kind;

/// In the order of riscv::Kind.
constexpr const char* mnemonics[] = {
    "trap",  "lui",   "auipc", "jal",  "jalr", "beq",   "bne",  "blt",   "bge",    "bltu",  "bgeu",
    "lb",    "lh",    "lw",    "ld",   "lbu",  "lhu",   "lwu",  "sb",    "sh",     "sw",    "sd",
    "addi",  "slti",  "sltiu", "xori", "ori",  "andi",  "slli", "srli",  "srai",   "addiw", "slliw",
    "srliw", "sraiw", "add",   "sub",  "sll",  "slt",   "sltu", "xor",   "srl",    "sra",   "or",
    "and",   "addw",  "subw",  "sllw", "srlw", "sraw",  "mul",  "mulh",  "mulhsu", "mulhu", "div",
    "divu",  "rem",   "remu",  "mulw", "divw", "divuw", "remw", "remuw", "fence",  "ecall"};
static_assert(std::size(mnemonics) == static_cast<std::size_t>(Kind::ecall) + 1);

constexpr const char* registers[] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                     "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                     "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                     "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

}  // namespace

std::string disassemble(std::uint32_t word) {
    const riscv::Instruction i = riscv::decode(word);
    const Kind k = i.kind;
    const std::string name = mnemonics[static_cast<std::size_t>(k)];
    const std::string rd = registers[i.rd & 31], rs1 = registers[i.rs1 & 31],
                      rs2 = registers[i.rs2 & 31], imm = std::to_string(i.imm);
    if (k == Kind::trap || k == Kind::fence || k == Kind::ecall) return name;
    if (k == Kind::lui || k == Kind::auipc)
        return name + " " + rd + ", " + std::to_string(static_cast<std::uint32_t>(i.imm) >> 12);
    if (k == Kind::jal) return name + " " + rd + ", " + imm;
    if (riscv::is_branch(k)) return name + " " + rs1 + ", " + rs2 + ", " + imm;
    if (riscv::is_load(k) || k == Kind::jalr) return name + " " + rd + ", " + imm + "(" + rs1 + ")";
    if (riscv::is_store(k)) return name + " " + rs2 + ", " + imm + "(" + rs1 + ")";
    if (riscv::is_immediate(k)) return name + " " + rd + ", " + rs1 + ", " + imm;
    return name + " " + rd + ", " + rs1 + ", " + rs2;
}

}  // namespace mezz::app
