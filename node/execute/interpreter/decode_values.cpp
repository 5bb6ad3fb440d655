// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Instructions that compute: operands become slots and constants, results get slots.

#include <bit>

#include "node/execute/interpreter/arithmetic.hpp"
#include "node/execute/interpreter/decoder.hpp"

namespace mezz::node::interpreter {
namespace {

uint256 folded(Opcode op, const uint256& a, const uint256& b) {
    const std::uint64_t n = a.fits_u64() ? a.limb[0] : 256;
    switch (op) {
        case evm::OP_ADD:
            return a + b;
        case evm::OP_MUL:
            return a * b;
        case evm::OP_SUB:
            return a - b;
        case evm::OP_DIV:
            return a / b;
        case evm::OP_SDIV:
            return divide_signed(a, b).quotient;
        case evm::OP_MOD:
            return a % b;
        case evm::OP_SMOD:
            return divide_signed(a, b).remainder;
        case evm::OP_AND:
            return a & b;
        case evm::OP_OR:
            return a | b;
        case evm::OP_XOR:
            return a ^ b;
        case evm::OP_SHL:
            return b << n;
        case evm::OP_SHR:
            return b >> n;
        case evm::OP_SAR:
            return shift_right_signed(b, n);
        case evm::OP_BYTE:
            return n >= 32 ? uint256{} : (b >> (8 * (31 - n))) & uint256{0xff};
        case evm::OP_SIGNEXTEND: {
            if (n >= 31) return b;
            const std::uint64_t shift = 248 - 8 * n;
            return shift_right_signed(b << shift, shift);
        }
        default:
            return {};
    }
}

/// n if v is 2^n.
std::optional<unsigned> power_of_two(const uint256& v) {
    int bits = 0;
    for (const auto limb : v.limb) bits += std::popcount(limb);
    if (bits != 1) return std::nullopt;
    return 255 - count_leading_zeros(v);
}

}  // namespace

void Decoder::arithmetic(Opcode op) {
    Word a = stack_.pop(), b = stack_.pop();
    if (a.is_constant && b.is_constant) return stack_.push(Word::of(folded(op, a.value, b.value)));
    const bool commutes = op == evm::OP_ADD || op == evm::OP_MUL || op == evm::OP_AND ||
                          op == evm::OP_OR || op == evm::OP_XOR;
    if (commutes && a.is_constant) std::swap(a, b);
    const bool shifts = op == evm::OP_SHL || op == evm::OP_SHR || op == evm::OP_SAR;
    std::optional<unsigned> by;
    Opcode shift = op;
    if (shifts && a.is_constant && a.value.fits_u64() && a.value.limb[0] < 256) {
        by = static_cast<unsigned>(a.value.limb[0]);
        std::swap(a, b);
    } else if ((op == evm::OP_MUL || op == evm::OP_DIV) && b.is_constant) {
        by = power_of_two(b.value);
        if (by) shift = op == evm::OP_MUL ? evm::OP_SHL : evm::OP_SHR;
    } else if (op == evm::OP_MOD && b.is_constant && power_of_two(b.value)) {
        op = evm::OP_AND;
        b.value = b.value - uint256{1};
    }
    if (by) {
        Instr& i = emit(shift_by(shift));
        i.a = a.slot * WORD_BYTES;
        i.imm = *by;
        return result(i);
    }
    const Operand x = operand_of(a), y = operand_of(b);
    Instr& i = emit(binary(op, x.place, y.place));
    i.a = x.slot * WORD_BYTES;
    i.b = y.slot * WORD_BYTES;
    if (a.is_constant) set_constant(i, a.value);
    if (b.is_constant) set_constant(i, b.value);
    result(i);
}

void Decoder::compare(Opcode op) {
    Word a = stack_.pop(), b = stack_.pop();
    if (op == evm::OP_GT || op == evm::OP_SGT) std::swap(a, b);
    const Compare kind = op == evm::OP_EQ                       ? Compare::equal
                         : op == evm::OP_LT || op == evm::OP_GT ? Compare::less
                                                                : Compare::less_signed;
    if (a.is_constant && b.is_constant) {
        const bool holds = kind == Compare::equal  ? a.value == b.value
                           : kind == Compare::less ? a.value < b.value
                                                   : mezz::less_signed(a.value, b.value);
        return stack_.push(Word::of(uint256{holds ? 1u : 0u}));
    }
    if (kind == Compare::equal && a.is_constant) std::swap(a, b);
    const Operand x = operand_of(a), y = operand_of(b);
    Instr& i = emit(comparison(kind, x.place, y.place));
    i.a = x.slot * WORD_BYTES;
    i.b = y.slot * WORD_BYTES;
    i.c = tag(kind, x.place, y.place);
    if (a.is_constant) set_constant(i, a.value);
    if (b.is_constant) set_constant(i, b.value);
    result(i);
}

void Decoder::is_zero() {
    const Word a = stack_.pop();
    if (a.is_constant) return stack_.push(Word::of(uint256{a.value.is_zero() ? 1u : 0u}));
    // ISZERO of a comparison nobody else reads is the opposite comparison.
    if (program_.instrs.size() > first_) {
        Instr& latest = program_.instrs.back();
        if (is_comparison(latest) && latest.d == a.slot * WORD_BYTES &&
            !stack_.referenced(a.slot)) {
            const Compare kind = negated(compare_of(latest));
            const Place x = place_a(latest), y = place_b(latest);
            latest.op = comparison(kind, x, y);
            latest.c = tag(kind, x, y);
            return result(latest);
        }
    }
    Instr& i = emit(comparison(Compare::zero, Place::slot, Place::slot));
    i.a = i.b = a.slot * WORD_BYTES;
    i.c = tag(Compare::zero, Place::slot, Place::slot);
    result(i);
}

void Decoder::modular(Opcode op) {
    const Word a = stack_.pop(), b = stack_.pop(), m = stack_.pop();
    if (op == evm::OP_MULMOD && m.is_constant && has_reciprocal(m.value)) {
        const auto [x, y] = in_slots<2>({a, b});
        Modulus& modulus = program_.moduli.emplace_back();
        modulus.value = m.value;
        prepare(modulus);
        Instr& i = emit(mulmod_by());
        i.a = x;
        i.b = y;
        i.pointer = &modulus;
        return result(i);
    }
    const auto [x, y, z] = in_slots<3>({a, b, m});
    Instr& i = emit(interpreter::modular(op));
    i.a = x;
    i.b = y;
    i.c = z;
    result(i);
}

/// NOT, CLZ and the loads.
void Decoder::unary(Opcode op) {
    const Word a = stack_.pop();
    if (a.is_constant && op == evm::OP_NOT) return stack_.push(Word::of(~a.value));
    if (a.is_constant && op == evm::OP_CLZ)
        return stack_.push(Word::of(uint256{count_leading_zeros(a.value)}));
    if (a.is_constant && a.value.fits_u64()) {
        Instr& i = emit(op == evm::OP_MLOAD ? load(Place::small) : calldataload_at());
        i.imm = a.value.limb[0];
        return result(i);
    }
    const auto [x] = in_slots<1>({a});
    Instr& i = emit(op == evm::OP_MLOAD ? load(Place::slot) : interpreter::unary(op));
    i.a = x;
    result(i);
}

void Decoder::store(Opcode op) {
    const Word a = stack_.pop(), b = stack_.pop();
    if (op == evm::OP_MSTORE8) {
        const auto [x, y] = in_slots<2>({a, b});
        Instr& i = emit(store8());
        i.a = x;
        i.b = y;
        return;
    }
    const Operand value = operand_of(b);
    if (a.is_constant && a.value.fits_u64() && a.value.limb[0] < 0x7fffffff) {
        Instr& i = emit(interpreter::store(Place::small, value.place));
        i.b = value.slot * WORD_BYTES;
        i.c = static_cast<std::int32_t>(a.value.limb[0]);
        if (b.is_constant) set_constant(i, b.value);
        return;
    }
    if (b.is_constant) {
        const auto [x] = in_slots<1>({a});
        Instr& i = emit(interpreter::store(Place::slot, value.place));
        i.a = x;
        return set_constant(i, b.value);
    }
    const auto [x, y] = in_slots<2>({a, b});
    Instr& i = emit(interpreter::store(Place::slot, Place::slot));
    i.a = x;
    i.b = y;
}

void Decoder::hash_or_power(Opcode op) {
    const Word a = stack_.pop(), b = stack_.pop();
    const auto [x, y] = in_slots<2>({a, b});
    Instr& i = emit(op == evm::OP_EXP ? exponent() : keccak());
    i.a = x;
    i.b = y;
    i.c = rev_ >= Revision::spurious_dragon ? 50 : 10;  // gas a byte of the exponent, EIP-160
    result(i);
}

void Decoder::copy(Opcode op) {
    const Word a = stack_.pop(), b = stack_.pop(), c = stack_.pop();
    const auto [x, y, z] = in_slots<3>({a, b, c});
    Instr& i = emit(interpreter::copy(op));
    i.a = x;
    i.b = y;
    i.c = z;
}

}  // namespace mezz::node::interpreter
