// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/instruction.hpp"

namespace mezz::riscv {
namespace {

// Major opcodes. spec: table 24.1.
constexpr std::uint32_t LOAD = 0x03;
constexpr std::uint32_t MISC_MEM = 0x0f;
constexpr std::uint32_t OP_IMM = 0x13;
constexpr std::uint32_t AUIPC = 0x17;
constexpr std::uint32_t OP_IMM_32 = 0x1b;
constexpr std::uint32_t STORE = 0x23;
constexpr std::uint32_t OP = 0x33;
constexpr std::uint32_t LUI = 0x37;
constexpr std::uint32_t OP_32 = 0x3b;
constexpr std::uint32_t BRANCH = 0x63;
constexpr std::uint32_t JALR = 0x67;
constexpr std::uint32_t JAL = 0x6f;

constexpr std::uint32_t ECALL_WORD = 0x00000073;

constexpr std::uint32_t FUNCT7_ALTERNATIVE = 0x20;  // SUB, SRA
constexpr std::uint32_t FUNCT7_MULTIPLY = 0x01;

// By funct3.
constexpr Kind BRANCHES[8] = {Kind::beq, Kind::bne, Kind::trap, Kind::trap,
                              Kind::blt, Kind::bge, Kind::bltu, Kind::bgeu};
constexpr Kind LOADS[8] = {Kind::lb,  Kind::lh,  Kind::lw,  Kind::ld,
                           Kind::lbu, Kind::lhu, Kind::lwu, Kind::trap};
constexpr Kind STORES[8] = {Kind::sb,   Kind::sh,   Kind::sw,   Kind::sd,
                            Kind::trap, Kind::trap, Kind::trap, Kind::trap};
constexpr Kind IMMEDIATES[8] = {Kind::addi, Kind::slli, Kind::slti, Kind::sltiu,
                                Kind::xori, Kind::srli, Kind::ori,  Kind::andi};
constexpr Kind REGISTERS[8] = {Kind::add,  Kind::sll, Kind::slt, Kind::sltu,
                               Kind::xor_, Kind::srl, Kind::or_, Kind::and_};
constexpr Kind MULTIPLIES[8] = {Kind::mul, Kind::mulh, Kind::mulhsu, Kind::mulhu,
                                Kind::div, Kind::divu, Kind::rem,    Kind::remu};
constexpr Kind MULTIPLIES_32[8] = {Kind::mulw, Kind::trap,  Kind::trap, Kind::trap,
                                   Kind::divw, Kind::divuw, Kind::remw, Kind::remuw};

/// Bits [low, low + count) of the word.
constexpr std::uint32_t field(std::uint32_t word, unsigned low, unsigned count) noexcept {
    return word >> low & ((1u << count) - 1);
}
constexpr std::int32_t top_bits(std::uint32_t word, unsigned low) noexcept {
    return static_cast<std::int32_t>(word) >> low;
}

// Immediates by format. spec: 2.3, figure 2.4.
constexpr std::int32_t immediate_i(std::uint32_t w) noexcept {
    return top_bits(w, 20);
}
constexpr std::int32_t immediate_s(std::uint32_t w) noexcept {
    return top_bits(w, 25) * 32 + static_cast<std::int32_t>(field(w, 7, 5));
}
constexpr std::int32_t immediate_b(std::uint32_t w) noexcept {
    return top_bits(w, 31) * 4096 + static_cast<std::int32_t>(field(w, 7, 1) << 11 |
                                                              field(w, 25, 6) << 5 |
                                                              field(w, 8, 4) << 1);
}
constexpr std::int32_t immediate_j(std::uint32_t w) noexcept {
    return top_bits(w, 31) * 1048576 + static_cast<std::int32_t>(field(w, 12, 8) << 12 |
                                                                 field(w, 20, 1) << 11 |
                                                                 field(w, 21, 10) << 1);
}

/// SLLI, SRLI, SRAI: the amount has six bits, what stands above them chooses.
Kind shift_immediate(std::uint32_t funct3, std::uint32_t above) noexcept {
    if (above == 0) return funct3 == 1 ? Kind::slli : Kind::srli;
    return above == FUNCT7_ALTERNATIVE >> 1 && funct3 == 5 ? Kind::srai : Kind::trap;
}

Kind op_imm_32(std::uint32_t funct3, std::uint32_t funct7) noexcept {
    if (funct3 == 0) return Kind::addiw;
    if (funct3 == 1 && funct7 == 0) return Kind::slliw;
    if (funct3 == 5 && funct7 == 0) return Kind::srliw;
    return funct3 == 5 && funct7 == FUNCT7_ALTERNATIVE ? Kind::sraiw : Kind::trap;
}

Kind op(std::uint32_t funct3, std::uint32_t funct7) noexcept {
    if (funct7 == 0) return REGISTERS[funct3];
    if (funct7 == FUNCT7_MULTIPLY) return MULTIPLIES[funct3];
    if (funct7 != FUNCT7_ALTERNATIVE) return Kind::trap;
    return funct3 == 0 ? Kind::sub : funct3 == 5 ? Kind::sra : Kind::trap;
}

Kind op_32(std::uint32_t funct3, std::uint32_t funct7) noexcept {
    if (funct7 == FUNCT7_MULTIPLY) return MULTIPLIES_32[funct3];
    if (funct7 == 0)
        return funct3 == 0   ? Kind::addw
               : funct3 == 1 ? Kind::sllw
               : funct3 == 5 ? Kind::srlw
                             : Kind::trap;
    if (funct7 != FUNCT7_ALTERNATIVE) return Kind::trap;
    return funct3 == 0 ? Kind::subw : funct3 == 5 ? Kind::sraw : Kind::trap;
}

}  // namespace

Instruction decode(std::uint32_t word) noexcept {
    const std::uint32_t funct3 = field(word, 12, 3);
    const std::uint32_t funct7 = field(word, 25, 7);
    Instruction out{Kind::trap, static_cast<std::uint8_t>(field(word, 7, 5)),
                    static_cast<std::uint8_t>(field(word, 15, 5)),
                    static_cast<std::uint8_t>(field(word, 20, 5)), 0};
    switch (field(word, 0, 7)) {
        case LUI:
        case AUIPC:
            out.kind = field(word, 0, 7) == LUI ? Kind::lui : Kind::auipc;
            out.imm = static_cast<std::int32_t>(word & 0xfffff000);
            break;
        case JAL:
            out.kind = Kind::jal;
            out.imm = immediate_j(word);
            break;
        case JALR:
            out.kind = funct3 == 0 ? Kind::jalr : Kind::trap;
            out.imm = immediate_i(word);
            break;
        case BRANCH:
            out.kind = BRANCHES[funct3];
            out.imm = immediate_b(word);
            break;
        case LOAD:
            out.kind = LOADS[funct3];
            out.imm = immediate_i(word);
            break;
        case STORE:
            out.kind = STORES[funct3];
            out.imm = immediate_s(word);
            break;
        case OP_IMM:
            out.kind = IMMEDIATES[funct3];
            out.imm = immediate_i(word);
            if (funct3 == 1 || funct3 == 5) {
                out.kind = shift_immediate(funct3, funct7 >> 1);
                out.imm &= 63;
            }
            break;
        case OP_IMM_32:
            out.kind = op_imm_32(funct3, funct7);
            out.imm = funct3 == 0 ? immediate_i(word) : out.rs2;
            break;
        case OP:
            out.kind = op(funct3, funct7);
            break;
        case OP_32:
            out.kind = op_32(funct3, funct7);
            break;
        case MISC_MEM:
            out.kind = funct3 == 0 ? Kind::fence : Kind::trap;
            break;
        default:
            out.kind = word == ECALL_WORD ? Kind::ecall : Kind::trap;
            break;
    }
    return out;
}

}  // namespace mezz::riscv
