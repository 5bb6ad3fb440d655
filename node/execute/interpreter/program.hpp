// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Code decoded for speed: segments of three-address instructions over the slots of the stack.
///
/// A segment is a run of instructions that is entered only at its start; what stands where a known
/// jump in it goes is a part of it. Its static gas and its stack needs are checked once, on entry.
/// Inside, PUSH, DUP, SWAP and POP have vanished: each instruction names the slots (relative to the
/// stack pointer at the segment's entry) or constants it reads and the slot it writes. At the end
/// of a segment the stack is as the EVM wants it.

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "core/vm/evm/machine.hpp"

namespace mezz::node::interpreter {

struct Instr;
struct Entry;

#define MEZZ_FAST_ARGS                                                         \
    const ::mezz::node::interpreter::Instr *ip, uint256 *sp, std::int64_t gas, \
        ::mezz::evm::Frame *f, std::uint8_t *mem, std::uint64_t mem_size
// Keeps the six registers below where the next instruction wants them; frames that a sanitizer
// realigns cannot have it.
#if defined(__clang__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define MEZZ_FAST_CALL __attribute__((preserve_none))
#else
#define MEZZ_FAST_CALL
#endif

/// Registers of the machine: instruction, stack pointer of the segment, gas left after what the
/// segment was charged, frame, and the frame's memory.
using Op = void(MEZZ_FAST_CALL*)(MEZZ_FAST_ARGS);

/// One instruction. Slots are byte offsets from the segment's stack pointer.
struct Instr {
    Op op = nullptr;
    std::int32_t d = 0;  ///< slot written; in the last instructions of a segment: what sp moves by.
    std::int32_t a = 0;  ///< first operand.
    std::int32_t b = 0;  ///< second operand.
    std::int32_t c = 0;  ///< third operand, or an immediate.
    union {
        std::uint64_t imm = 0;    ///< small constant.
        const uint256* constant;  ///< large constant.
        const Instr* body;        ///< where to go: the first instruction of a segment.
        std::uint64_t position;   ///< in the code, of an opcode for the plain instructions.
        const void* pointer;
    };
};
static_assert(sizeof(Instr) == 32);

/// Where a segment may be entered: what is charged and checked, and its instructions. Jumps hold a
/// copy in `c`, `a`, `b` and `body`, so that going there reads nothing else.
struct Entry {
    const Instr* body = nullptr;
    std::int32_t gas = 0;        ///< static gas of the whole segment.
    std::int32_t need = 0;       ///< bytes of stack that must be there.
    std::int32_t grow = 0;       ///< bytes of stack that must be free.
    std::uint64_t position = 0;  ///< in the code.
};

/// A modulus with what Barrett reduction needs; see arithmetic.hpp.
struct Modulus {
    uint256 value;
    std::uint64_t reciprocal[5]{};
};

struct Program {
    std::vector<Instr> instrs;
    std::vector<Entry> entries;
    std::deque<uint256> constants;
    std::deque<Modulus> moduli;
    /// By position in the code: the entry there, plus 1; 0 for none.
    std::vector<std::uint32_t> entry_at;
    /// By position: an entry that a jump may reach, plus 1.
    std::vector<std::uint32_t> jump_to;

    [[nodiscard]] const Entry* entry(std::uint64_t position) const noexcept {
        const std::uint32_t i = position < entry_at.size() ? entry_at[position] : 0;
        return i == 0 ? nullptr : &entries[i - 1];
    }
    [[nodiscard]] const Entry* jump(std::uint64_t position) const noexcept {
        const std::uint32_t i = position < jump_to.size() ? jump_to[position] : 0;
        return i == 0 ? nullptr : &entries[i - 1];
    }
    /// Bytes held, roughly.
    [[nodiscard]] std::size_t bytes() const noexcept;
};

/// Decodes `code`. complexity: linear.
[[nodiscard]] std::unique_ptr<Program> decode(ByteView code, Revision rev);

}  // namespace mezz::node::interpreter
