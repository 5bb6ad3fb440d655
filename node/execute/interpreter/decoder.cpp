// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Turns code into segments of three-address instructions.

#include <algorithm>
#include <array>
#include <bit>

#include "node/execute/interpreter/arithmetic.hpp"
#include "node/execute/interpreter/handlers.hpp"
#include "node/execute/interpreter/symbolic_stack.hpp"

namespace mezz::node::interpreter {
namespace {

using evm::Opcode;

constexpr std::int32_t WORD_BYTES = 32;
/// Bounds of a segment; a longer one is cut in two.
constexpr std::int32_t MAX_DEPTH = 1024;

constexpr bool is_push(std::uint8_t op) {
    return op >= evm::OP_PUSH0 && op <= evm::OP_PUSH32;
}
/// Static gas of an instruction that a segment may hold. spec: Yellow Paper, Appendix G.
std::int32_t static_gas(std::uint8_t op) {
    switch (op) {
        case evm::OP_JUMPDEST:
            return 1;
        case evm::OP_MUL:
        case evm::OP_DIV:
        case evm::OP_SDIV:
        case evm::OP_MOD:
        case evm::OP_SMOD:
        case evm::OP_SIGNEXTEND:
        case evm::OP_CLZ:
            return 5;
        case evm::OP_ADDMOD:
        case evm::OP_MULMOD:
        case evm::OP_JUMP:
            return 8;
        case evm::OP_EXP:
        case evm::OP_JUMPI:
            return 10;
        case evm::OP_KECCAK256:
            return 30;
        case evm::OP_POP:
        case evm::OP_PC:
        case evm::OP_MSIZE:
        case evm::OP_CODESIZE:
        case evm::OP_PUSH0:
            return 2;
        case evm::OP_CALLDATALOAD:
            return 3;
        default:
            return environment(static_cast<Opcode>(op)) != nullptr ? 2 : 3;
    }
}

struct Operand {
    Place place = Place::slot;
    std::int32_t slot = 0;
    uint256 value;
};
Operand operand_of(const Word& w) {
    if (!w.is_constant) return {Place::slot, w.slot, {}};
    return {w.value.fits_u64() ? Place::small : Place::large, 0, w.value};
}

class Decoder {
public:
    Decoder(Program& program, ByteView code, Revision rev)
        : program_(program),
          code_(padded(code)),
          size_(code.size()),
          table_(evm::instructions(rev)),
          rev_(rev) {}
    void run();

private:
    /// Where a segment ends: go on at `next`, or nothing follows that could be entered.
    std::size_t segment(std::size_t start);
    bool instruction(std::size_t& pc);
    void arithmetic(Opcode op);
    void compare(Opcode op);
    void is_zero();
    void modular(Opcode op);
    void unary(Opcode op);
    void store(Opcode op);
    void hash_or_power(Opcode op);
    void copy(Opcode op);
    void jump();
    void jump_if(std::size_t pc);
    bool branch_on_comparison(const Word& condition, std::uint32_t taken, std::uint32_t next);

    [[nodiscard]] bool defined(std::uint8_t op) const { return table_.at[op] != table_.at[0x0c]; }
    [[nodiscard]] bool in_segment(std::uint8_t op) const;
    /// The number of the entry at a position of the code.
    std::uint32_t make_entry(std::size_t position, bool is_target);
    std::optional<std::uint32_t> jump_target(const uint256& target) const;
    /// An instruction that goes to an entry, or holds one for the instruction before it.
    Instr& emit_entry(std::uint32_t entry) {
        Instr& i = emit(enter());
        i.imm = entry;
        return i;
    }
    Instr& emit(Op op) {
        Instr& i = program_.instrs.emplace_back();
        i.op = op;
        return i;
    }
    void set_constant(Instr& i, const uint256& value);
    void result(Instr& i);
    template <std::size_t N>
    std::array<std::int32_t, N> in_slots(const std::array<Word, N>& words);
    /// Puts every word into its own slot. `kept`: words read afterwards; moved aside if need be.
    void flush(std::initializer_list<Word*> kept = {});
    [[nodiscard]] std::int32_t delta() const { return stack_.height() * WORD_BYTES; }

    /// With zeros behind, so that no PUSH reads past the end.
    static Bytes padded(ByteView code) {
        Bytes out = to_bytes(code);
        out.resize(code.size() + 34, 0);
        return out;
    }

    Program& program_;
    const Bytes code_;
    const std::size_t size_;
    const evm::Table& table_;
    Revision rev_;
    SymbolicStack stack_;
    std::int32_t gas_ = 0;
    std::size_t first_ = 0;  ///< instruction the segment starts with.
};

bool Decoder::in_segment(std::uint8_t op) const {
    if (!defined(op)) return false;
    if (is_push(op) || (op >= evm::OP_PUSH1 && op <= evm::OP_SWAP16)) return true;
    if (op <= evm::OP_KECCAK256) return op != evm::OP_STOP;
    switch (op) {
        case evm::OP_CALLDATALOAD:
        case evm::OP_CALLDATACOPY:
        case evm::OP_CODECOPY:
        case evm::OP_CODESIZE:
        case evm::OP_MCOPY:
        case evm::OP_POP:
        case evm::OP_MLOAD:
        case evm::OP_MSTORE:
        case evm::OP_MSTORE8:
        case evm::OP_PC:
        case evm::OP_JUMP:
        case evm::OP_JUMPI:
        case evm::OP_JUMPDEST:
            return true;
        default:
            return environment(static_cast<Opcode>(op)) != nullptr;
    }
}

std::uint32_t Decoder::make_entry(std::size_t position, bool is_target) {
    auto& index = program_.entry_at[position];
    if (index == 0) {
        program_.entries.emplace_back().position = position;
        index = static_cast<std::uint32_t>(program_.entries.size());
    }
    if (is_target) program_.jump_to[position] = index;
    return index - 1;
}

void Decoder::run() {
    for (std::size_t pc = 0; pc < size_; ++pc) {
        const std::uint8_t op = code_[pc];
        if (op == evm::OP_JUMPDEST) make_entry(pc, true);
        if (is_push(op)) pc += op - evm::OP_PUSH0;
    }
    for (std::size_t pc = 0; pc <= size_;) pc = segment(pc);
    // Instructions have stopped moving: entries can point at them.
    for (Entry& e : program_.entries)
        e.body = program_.instrs.data() + reinterpret_cast<std::uintptr_t>(e.body);
    for (Instr& i : program_.instrs) {
        if (i.op != enter()) continue;
        const Entry& e = program_.entries[i.imm];
        i.a = e.need;
        i.b = e.grow;
        i.c = e.gas;
        i.body = e.body;
    }
}

std::size_t Decoder::segment(std::size_t start) {
    stack_.clear();
    gas_ = 0;
    first_ = program_.instrs.size();
    // Of JUMPDESTs in a row, each charges for those that follow it.
    std::size_t pc = start;
    while (pc + 1 < size_ && code_[pc] == evm::OP_JUMPDEST && code_[pc + 1] == evm::OP_JUMPDEST)
        ++pc;
    const std::size_t last = pc;
    bool open = true;
    while (open) {
        const std::uint8_t op = code_[pc];
        const bool cut = stack_.crowded() || stack_.height() > MAX_DEPTH ||
                         stack_.height() < -MAX_DEPTH || (op == evm::OP_JUMPDEST && pc != last);
        if (cut) {
            flush();
            emit_entry(make_entry(pc, false)).d = delta();
            break;
        }
        if (pc == size_ || !in_segment(op)) {
            flush();
            Instr& i = emit(plain());
            i.d = delta();
            i.position = pc;
            ++pc;
            if (pc <= size_) emit_entry(make_entry(pc, false));
            break;
        }
        open = instruction(pc);
    }
    for (std::size_t at = start; at <= last; ++at) {
        Entry& e = program_.entries[make_entry(at, false)];
        e.body = reinterpret_cast<const Instr*>(first_);  // a number until all are made
        e.gas = gas_ + static_cast<std::int32_t>(last - at);
        e.need = stack_.need() * WORD_BYTES;
        e.grow = stack_.grow() * WORD_BYTES;
    }
    return pc;
}

/// Decodes one instruction and steps over it. returns: whether the segment goes on.
bool Decoder::instruction(std::size_t& pc) {
    const std::uint8_t op = code_[pc];
    gas_ += static_gas(op);
    if (is_push(op)) {
        const std::size_t bytes = op - evm::OP_PUSH0;
        stack_.push(Word::of(from_be(ByteView(code_.data() + pc + 1, bytes))));
        pc = std::min(pc + 1 + bytes, size_);  // what is missing of the last PUSH reads as zero
        return true;
    }
    const std::size_t at = pc++;
    if (op >= evm::OP_DUP1 && op <= evm::OP_DUP16) {
        stack_.push(stack_.peek(op - evm::OP_DUP1));
        return true;
    }
    if (op >= evm::OP_SWAP1 && op <= evm::OP_SWAP16) {
        stack_.swap(op - evm::OP_SWAP1 + 1);
        return true;
    }
    const auto code = static_cast<Opcode>(op);
    if (const Op value = environment(code)) {
        result(emit(value));
        return true;
    }
    switch (code) {
        case evm::OP_JUMPDEST:
            return true;
        case evm::OP_POP:
            (void)stack_.pop();
            return true;
        case evm::OP_PC:
            stack_.push(Word::of(uint256{at}));
            return true;
        case evm::OP_CODESIZE:
            stack_.push(Word::of(uint256{size_}));
            return true;
        case evm::OP_JUMP:
            jump();
            return false;
        case evm::OP_JUMPI:
            jump_if(at);
            return false;
        case evm::OP_LT:
        case evm::OP_GT:
        case evm::OP_SLT:
        case evm::OP_SGT:
        case evm::OP_EQ:
            compare(code);
            return true;
        case evm::OP_ISZERO:
            is_zero();
            return true;
        case evm::OP_ADDMOD:
        case evm::OP_MULMOD:
            modular(code);
            return true;
        case evm::OP_NOT:
        case evm::OP_CLZ:
        case evm::OP_CALLDATALOAD:
        case evm::OP_MLOAD:
            unary(code);
            return true;
        case evm::OP_MSTORE:
        case evm::OP_MSTORE8:
            store(code);
            return true;
        case evm::OP_KECCAK256:
        case evm::OP_EXP:
            hash_or_power(code);
            return true;
        case evm::OP_CALLDATACOPY:
        case evm::OP_CODECOPY:
        case evm::OP_MCOPY:
            copy(code);
            return true;
        default:
            arithmetic(code);
            return true;
    }
}

void Decoder::set_constant(Instr& i, const uint256& value) {
    if (value.fits_u64())
        i.imm = value.limb[0];
    else
        i.constant = &program_.constants.emplace_back(value);
}

/// Gives the instruction a slot for its result and pushes that.
void Decoder::result(Instr& i) {
    const std::int32_t slot = stack_.free_slot();
    i.d = slot * WORD_BYTES;
    stack_.push(Word::at(slot));
}

/// Slots that hold the words, which were popped just before; constants are written to free ones.
/// In bytes. They stay valid for the next instruction only, which may write its result to any.
template <std::size_t N>
std::array<std::int32_t, N> Decoder::in_slots(const std::array<Word, N>& words) {
    std::array<std::int32_t, N> slots{};
    for (std::size_t i = 0; i < N; ++i)
        if (!words[i].is_constant) stack_.hold(slots[i] = words[i].slot);
    for (std::size_t i = 0; i < N; ++i) {
        if (!words[i].is_constant) continue;
        stack_.hold(slots[i] = stack_.scratch_slot());
        Instr& instr = emit(set(operand_of(words[i]).place));
        instr.d = slots[i] * WORD_BYTES;
        set_constant(instr, words[i].value);
    }
    for (std::int32_t& slot : slots) {
        stack_.release(slot);
        slot *= WORD_BYTES;
    }
    return slots;
}

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
    } else if (op == evm::OP_MUL && b.is_constant && (by = power_of_two(b.value))) {
        shift = evm::OP_SHL;
    } else if (op == evm::OP_DIV && b.is_constant && (by = power_of_two(b.value))) {
        shift = evm::OP_SHR;
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

/// What a comparison instruction was made from, in its unused field.
constexpr std::int32_t COMPARE_TAG = 0x4d000000;
std::int32_t tag(Compare c, Place a, Place b) {
    return COMPARE_TAG | static_cast<std::int32_t>(c) << 8 | static_cast<std::int32_t>(a) << 4 |
           static_cast<std::int32_t>(b);
}
Compare compare_of(const Instr& i) {
    return static_cast<Compare>(i.c >> 8 & 0x7);
}
Place place_a(const Instr& i) {
    return static_cast<Place>(i.c >> 4 & 0x3);
}
Place place_b(const Instr& i) {
    return static_cast<Place>(i.c & 0x3);
}
bool is_comparison(const Instr& i) {
    return (i.c & 0x7f000000) == COMPARE_TAG &&
           i.op == comparison(compare_of(i), place_a(i), place_b(i));
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

std::optional<std::uint32_t> Decoder::jump_target(const uint256& target) const {
    if (!target.fits_u64() || target.limb[0] >= size_) return std::nullopt;
    const std::uint32_t index = program_.jump_to[target.limb[0]];
    if (index == 0) return std::nullopt;
    return index - 1;
}

void Decoder::jump() {
    Word target = stack_.pop();
    if (target.is_constant) {
        const auto to = jump_target(target.value);
        flush();
        (to ? emit_entry(*to) : emit(bad_jump())).d = delta();
        return;
    }
    flush({&target});
    Instr& i = emit(interpreter::jump());
    i.a = target.slot * WORD_BYTES;
    i.d = delta();
    i.pointer = &program_;
}

void Decoder::jump_if(std::size_t pc) {
    Word target = stack_.pop(), condition = stack_.pop();
    const std::uint32_t next = make_entry(pc + 1, false);
    if (condition.is_constant || (target.is_constant && !jump_target(target.value))) {
        if (condition.is_constant && condition.value.is_zero()) {
            flush();
            emit_entry(next).d = delta();
            return;
        }
    }
    if (target.is_constant && !condition.is_constant) {
        if (const auto taken = jump_target(target.value)) {
            if (branch_on_comparison(condition, *taken, next)) return;
            flush({&condition});
            Instr& i = emit(branch(Compare::not_zero, Place::slot, Place::slot));
            i.a = i.b = condition.slot * WORD_BYTES;
            i.d = delta();
            emit_entry(*taken);
            emit_entry(next);
            return;
        }
    }
    // Rare: a computed target, a condition that always holds, a target that does not exist.
    const auto [x, y] = in_slots<2>({target, condition});
    Word at_target = Word::at(x / WORD_BYTES), at_condition = Word::at(y / WORD_BYTES);
    flush({&at_target, &at_condition});
    Instr& i = emit(interpreter::jump_if());
    i.a = at_target.slot * WORD_BYTES;
    i.b = at_condition.slot * WORD_BYTES;
    i.d = delta();
    i.pointer = &program_;
    emit_entry(next);
}

/// A comparison whose result only this branch reads becomes part of it.
bool Decoder::branch_on_comparison(const Word& condition, std::uint32_t taken, std::uint32_t next) {
    if (program_.instrs.size() == first_ || stack_.referenced(condition.slot)) return false;
    const Instr compare = program_.instrs.back();
    if (!is_comparison(compare) || compare.d != condition.slot * WORD_BYTES) return false;
    const Place a = place_a(compare), b = place_b(compare);
    Word x = Word::at(compare.a / WORD_BYTES), y = Word::at(compare.b / WORD_BYTES);
    const Compare kind = compare_of(compare);
    program_.instrs.pop_back();
    if (a == Place::slot && b == Place::slot)
        flush({&x, &y});
    else if (a == Place::slot)
        flush({&x});
    else
        flush({&y});
    Instr& i = emit(branch(kind, a, b));
    i.a = x.slot * WORD_BYTES;
    i.b = y.slot * WORD_BYTES;
    i.imm = compare.imm;
    i.d = delta();
    emit_entry(taken);
    emit_entry(next);
    return true;
}

void Decoder::flush(std::initializer_list<Word*> kept) {
    std::vector<Move> moves = stack_.moves();
    if (moves.empty()) return;
    for (const Word* word : kept) stack_.hold(word->slot);
    // A kept word in a slot that will be written is read from another slot.
    for (Word* word : kept) {
        const bool written = std::any_of(moves.begin(), moves.end(),
                                         [&](const Move& m) { return m.to == word->slot; });
        if (!written) continue;
        const std::int32_t aside = stack_.scratch_slot();
        stack_.hold(aside);
        Instr& i = emit(move());
        i.a = word->slot * WORD_BYTES;
        i.d = aside * WORD_BYTES;
        word->slot = aside;
    }
    // Moves in an order in which no word is overwritten before it is read; constants last.
    std::vector<Move> pending, constants;
    for (const Move& m : moves) (m.from.is_constant ? constants : pending).push_back(m);
    while (!pending.empty()) {
        const auto free = std::find_if(pending.begin(), pending.end(), [&](const Move& m) {
            return std::none_of(pending.begin(), pending.end(),
                                [&](const Move& o) { return o.from.slot == m.to; });
        });
        if (free != pending.end()) {
            Instr& i = emit(move());
            i.d = free->to * WORD_BYTES;
            i.a = free->from.slot * WORD_BYTES;
            pending.erase(free);
            continue;
        }
        // Only cycles are left.
        const Move m = pending.back();
        Instr& i = emit(exchange());
        i.d = m.to * WORD_BYTES;
        i.a = m.from.slot * WORD_BYTES;
        for (Move& o : pending) {
            if (o.from.slot == m.to)
                o.from.slot = m.from.slot;
            else if (o.from.slot == m.from.slot)
                o.from.slot = m.to;
        }
        std::erase_if(pending, [](const Move& o) { return o.from.slot == o.to; });
    }
    for (const Move& m : constants) {
        Instr& i = emit(set(operand_of(m.from).place));
        i.d = m.to * WORD_BYTES;
        set_constant(i, m.from.value);
    }
}

}  // namespace

std::size_t Program::bytes() const noexcept {
    return instrs.capacity() * sizeof(Instr) + entries.size() * sizeof(Entry) +
           constants.size() * sizeof(uint256) + moduli.size() * sizeof(Modulus) +
           (entry_at.size() + jump_to.size()) * 4;
}

std::unique_ptr<Program> decode(ByteView code, Revision rev) {
    auto program = std::make_unique<Program>();
    program->entry_at.assign(code.size() + 2, 0);
    program->jump_to.assign(code.size() + 2, 0);
    program->instrs.reserve(code.size() + 16);
    Decoder(*program, code, rev).run();
    return program;
}

}  // namespace mezz::node::interpreter
