// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Inside of the decoder; not for other modules. decoder.cpp cuts code into segments,
/// decode_values.cpp makes what computes, decode_control.cpp what ends a segment.

#include <array>
#include <utility>
#include <vector>

#include "node/execute/interpreter/handlers.hpp"
#include "node/execute/interpreter/symbolic_stack.hpp"

namespace mezz::node::interpreter {

using evm::Opcode;

inline constexpr std::int32_t WORD_BYTES = 32;

struct Operand {
    Place place = Place::slot;
    std::int32_t slot = 0;
    uint256 value;
};
inline Operand operand_of(const Word& w) {
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
    /// Decodes from `start` to where the segment ends. returns: where the next one starts.
    std::size_t segment(std::size_t start);
    bool instruction(std::size_t& pc);
    void arithmetic(Opcode op);
    void extend_sign(const uint256& byte, const Word& word);
    void compare(Opcode op);
    void is_zero();
    void modular(Opcode op);
    void unary(Opcode op);
    void store(Opcode op);
    void hash_or_power(Opcode op);
    void copy(Opcode op);
    bool jump(std::size_t& pc);
    bool jump_if(std::size_t& pc);
    /// Whether this segment may go on at the JUMPDEST it came to.
    bool follow(std::size_t pc);
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
    /// Instructions of the segment that tell the gas, each with what was charged up to it.
    std::vector<std::pair<std::size_t, std::int32_t>> gas_readers_;
    std::size_t first_ = 0;  ///< instruction the segment starts with.
    /// Where the code goes on behind what this segment has; set once it followed a jump.
    std::optional<std::size_t> after_;
    int followed_ = 0;        ///< JUMPDESTs that this segment went on at.
    std::size_t copied_ = 0;  ///< instructions of all segments that stand in others, too.
};

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

/// What a comparison instruction was made from, in its unused field.
inline constexpr std::int32_t COMPARE_TAG = 0x4d000000;
inline std::int32_t tag(Compare c, Place a, Place b) {
    return COMPARE_TAG | static_cast<std::int32_t>(c) << 8 | static_cast<std::int32_t>(a) << 4 |
           static_cast<std::int32_t>(b);
}
inline Compare compare_of(const Instr& i) {
    return static_cast<Compare>(i.c >> 8 & 0x7);
}
inline Place place_a(const Instr& i) {
    return static_cast<Place>(i.c >> 4 & 0x3);
}
inline Place place_b(const Instr& i) {
    return static_cast<Place>(i.c & 0x3);
}
inline bool is_comparison(const Instr& i) {
    return (i.c & 0x7f000000) == COMPARE_TAG &&
           i.op == comparison(compare_of(i), place_a(i), place_b(i));
}

}  // namespace mezz::node::interpreter
