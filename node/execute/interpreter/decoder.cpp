// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Turns code into segments of three-address instructions.

#include "node/execute/interpreter/decoder.hpp"

#include <algorithm>

namespace mezz::node::interpreter {
namespace {

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

}  // namespace

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
        // A number until all are made. NOLINTNEXTLINE(performance-no-int-to-ptr)
        e.body = reinterpret_cast<const Instr*>(first_);
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
