// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Which instruction a word is, and what the instructions without memory compute.
///
/// spec: RISC-V Unprivileged ISA 20191213, chapters 2 (RV32I), 5 (RV64I), 7 (M), 24 (encodings).

#include <cstdint>
#include <limits>

namespace mezz::riscv {

/// In the order of the ISA's listings; the ranges below rely on it.
enum class Kind : std::uint8_t {
    trap,  ///< every word that RV64IM does not define
    lui,
    auipc,
    jal,
    jalr,
    beq,
    bne,
    blt,
    bge,
    bltu,
    bgeu,
    lb,
    lh,
    lw,
    ld,
    lbu,
    lhu,
    lwu,
    sb,
    sh,
    sw,
    sd,
    addi,
    slti,
    sltiu,
    xori,
    ori,
    andi,
    slli,
    srli,
    srai,
    addiw,
    slliw,
    srliw,
    sraiw,
    add,
    sub,
    sll,
    slt,
    sltu,
    xor_,
    srl,
    sra,
    or_,
    and_,
    addw,
    subw,
    sllw,
    srlw,
    sraw,
    mul,
    mulh,
    mulhsu,
    mulhu,
    div,
    divu,
    rem,
    remu,
    mulw,
    divw,
    divuw,
    remw,
    remuw,
    fence,
    ecall,
};

struct Instruction {
    Kind kind = Kind::trap;
    std::uint8_t rd = 0;
    std::uint8_t rs1 = 0;
    std::uint8_t rs2 = 0;
    std::int32_t imm = 0;  ///< extended by its sign; of a shift, the amount; of LUI, bits 31 to 12
};

/// Total: a word that is no instruction of RV64IM is Kind::trap. Fields that the format of an
/// instruction lacks are unspecified.
[[nodiscard]] Instruction decode(std::uint32_t word) noexcept;

constexpr bool is_branch(Kind k) noexcept {
    return k >= Kind::beq && k <= Kind::bgeu;
}
constexpr bool is_load(Kind k) noexcept {
    return k >= Kind::lb && k <= Kind::lwu;
}
constexpr bool is_store(Kind k) noexcept {
    return k >= Kind::sb && k <= Kind::sd;
}
/// rd := f(rs1, imm).
constexpr bool is_immediate(Kind k) noexcept {
    return k >= Kind::addi && k <= Kind::sraiw;
}
/// rd := f(rs1, rs2).
constexpr bool is_register(Kind k) noexcept {
    return k >= Kind::add && k <= Kind::remuw;
}

/// units: bytes. requires: a load or a store.
constexpr unsigned access_bytes(Kind k) noexcept {
    if (is_store(k)) return 1u << (static_cast<unsigned>(k) - static_cast<unsigned>(Kind::sb));
    return 1u << ((static_cast<unsigned>(k) - static_cast<unsigned>(Kind::lb)) & 3);
}
static_assert(access_bytes(Kind::lbu) == 1 && access_bytes(Kind::lwu) == 4 &&
              access_bytes(Kind::ld) == 8 && access_bytes(Kind::sd) == 8);

constexpr std::uint64_t extend_word(std::uint32_t v) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(v)));
}
constexpr std::uint64_t extended(std::int32_t imm) noexcept {
    return extend_word(static_cast<std::uint32_t>(imm));
}

/// What a load puts into rd, of the bytes it read as a little-endian number.
constexpr std::uint64_t loaded(Kind k, std::uint64_t raw) noexcept {
    switch (k) {
        case Kind::lb:
            return extend_word(static_cast<std::uint32_t>(static_cast<std::int8_t>(raw)));
        case Kind::lh:
            return extend_word(static_cast<std::uint32_t>(static_cast<std::int16_t>(raw)));
        case Kind::lw:
            return extend_word(static_cast<std::uint32_t>(raw));
        default:
            return raw;
    }
}

constexpr bool branch_taken(Kind k, std::uint64_t a, std::uint64_t b) noexcept {
    const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
    switch (k) {
        case Kind::beq:
            return a == b;
        case Kind::bne:
            return a != b;
        case Kind::blt:
            return sa < sb;
        case Kind::bge:
            return sa >= sb;
        case Kind::bltu:
            return a < b;
        default:
            return a >= b;
    }
}

/// spec: 7.2, table 7.1: division by zero, and the one overflow, have results.
template <class Signed>
constexpr Signed divide(Signed a, Signed b) noexcept {
    if (b == 0) return -1;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return a;
    return a / b;
}
template <class Signed>
constexpr Signed remainder(Signed a, Signed b) noexcept {
    if (b == 0) return a;
    if (a == std::numeric_limits<Signed>::min() && b == -1) return 0;
    return a % b;
}
template <class Unsigned>
constexpr Unsigned divide_unsigned(Unsigned a, Unsigned b) noexcept {
    return b == 0 ? std::numeric_limits<Unsigned>::max() : a / b;
}
template <class Unsigned>
constexpr Unsigned remainder_unsigned(Unsigned a, Unsigned b) noexcept {
    return b == 0 ? a : a % b;
}

/// The result of an instruction on registers, or on a register and an immediate extended to 64
/// bits. requires: is_immediate(k) or is_register(k).
constexpr std::uint64_t computed(Kind k, std::uint64_t a, std::uint64_t b) noexcept {
    using U128 = unsigned __int128;
    using S128 = __int128;
    const auto sa = static_cast<std::int64_t>(a), sb = static_cast<std::int64_t>(b);
    const auto wa = static_cast<std::uint32_t>(a), wb = static_cast<std::uint32_t>(b);
    const auto swa = static_cast<std::int32_t>(wa), swb = static_cast<std::int32_t>(wb);
    switch (k) {
        case Kind::addi:
        case Kind::add:
            return a + b;
        case Kind::sub:
            return a - b;
        case Kind::slti:
        case Kind::slt:
            return sa < sb ? 1 : 0;
        case Kind::sltiu:
        case Kind::sltu:
            return a < b ? 1 : 0;
        case Kind::xori:
        case Kind::xor_:
            return a ^ b;
        case Kind::ori:
        case Kind::or_:
            return a | b;
        case Kind::andi:
        case Kind::and_:
            return a & b;
        case Kind::slli:
        case Kind::sll:
            return a << (b & 63);
        case Kind::srli:
        case Kind::srl:
            return a >> (b & 63);
        case Kind::srai:
        case Kind::sra:
            return static_cast<std::uint64_t>(sa >> (b & 63));
        case Kind::addiw:
        case Kind::addw:
            return extend_word(wa + wb);
        case Kind::subw:
            return extend_word(wa - wb);
        case Kind::slliw:
        case Kind::sllw:
            return extend_word(wa << (wb & 31));
        case Kind::srliw:
        case Kind::srlw:
            return extend_word(wa >> (wb & 31));
        case Kind::sraiw:
        case Kind::sraw:
            return extend_word(static_cast<std::uint32_t>(swa >> (wb & 31)));
        case Kind::mul:
            return a * b;
        case Kind::mulh:
            return static_cast<std::uint64_t>((S128{sa} * sb) >> 64);
        // The product of a signed and an unsigned 64-bit number fits 128 bits with a sign.
        case Kind::mulhsu:
            return static_cast<std::uint64_t>((S128{sa} * static_cast<S128>(U128{b})) >> 64);
        case Kind::mulhu:
            return static_cast<std::uint64_t>((U128{a} * b) >> 64);
        case Kind::div:
            return static_cast<std::uint64_t>(divide(sa, sb));
        case Kind::divu:
            return divide_unsigned(a, b);
        case Kind::rem:
            return static_cast<std::uint64_t>(remainder(sa, sb));
        case Kind::remu:
            return remainder_unsigned(a, b);
        case Kind::mulw:
            return extend_word(wa * wb);
        case Kind::divw:
            return extend_word(static_cast<std::uint32_t>(divide(swa, swb)));
        case Kind::divuw:
            return extend_word(divide_unsigned(wa, wb));
        case Kind::remw:
            return extend_word(static_cast<std::uint32_t>(remainder(swa, swb)));
        case Kind::remuw:
            return extend_word(remainder_unsigned(wa, wb));
        default:
            return 0;
    }
}

}  // namespace mezz::riscv
