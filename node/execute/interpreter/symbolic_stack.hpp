// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The stack while a segment is decoded: which slot or constant each position holds.
///
/// Positions and slots count words from the stack pointer at the segment's entry: -1 is the top
/// then, 0 the first pushed word. A slot may be written only while no position refers to it.

#include <cstdint>
#include <vector>

#include "core/base/uint256.hpp"

namespace mezz::node::interpreter {

/// A word: a slot, or a constant.
struct Word {
    bool is_constant = false;
    std::int32_t slot = 0;
    uint256 value;

    static Word at(std::int32_t slot) { return {false, slot, {}}; }
    static Word of(const uint256& value) { return {true, 0, value}; }
};

struct Move {
    std::int32_t to = 0;
    Word from;
};

class SymbolicStack {
public:
    /// Slots a segment may use beyond the words it pushes.
    static constexpr std::int32_t MAX_SCRATCH = 48;

    void clear();

    /// Words that must be there at entry, and the most that are added.
    [[nodiscard]] std::int32_t need() const noexcept { return need_; }
    [[nodiscard]] std::int32_t grow() const noexcept { return grow_; }
    /// Position after the top.
    [[nodiscard]] std::int32_t height() const noexcept { return height_; }

    void push(const Word& word);
    Word pop();
    /// The word `depth` below the top (0: the top).
    [[nodiscard]] Word peek(std::int32_t depth);
    void swap(std::int32_t depth);
    /// A slot for the next word to be pushed: its own if free, else a free one above all others.
    [[nodiscard]] std::int32_t free_slot();
    /// A free slot that is not the next word's own.
    [[nodiscard]] std::int32_t scratch_slot();
    /// Keeps a slot from being given out.
    void hold(std::int32_t slot) { ++references(slot); }
    void release(std::int32_t slot) { --references(slot); }
    [[nodiscard]] bool referenced(std::int32_t slot) { return references(slot) != 0; }
    /// Whether so many scratch slots are in use that the segment should end.
    [[nodiscard]] bool crowded() const noexcept { return crowded_; }

    /// What must be written for every position to hold its word in its own slot.
    [[nodiscard]] std::vector<Move> moves() const;

private:
    static constexpr std::ptrdiff_t BASE = 1100;
    static constexpr std::size_t index(std::ptrdiff_t position) noexcept {
        return static_cast<std::size_t>(position + BASE);
    }
    void reach(std::int32_t position);
    std::uint16_t& references(std::int32_t slot);
    Word& at(std::int32_t position) { return words_[index(position)]; }
    [[nodiscard]] const Word& at(std::int32_t position) const { return words_[index(position)]; }

    std::vector<Word> words_ = std::vector<Word>(2 * BASE + 128);
    std::vector<std::uint16_t> references_ = std::vector<std::uint16_t>(2 * BASE + 128);
    std::int32_t height_ = 0, low_ = 0, need_ = 0, grow_ = 0, top_used_ = 0, bottom_used_ = 0;
    bool crowded_ = false;
};

}  // namespace mezz::node::interpreter
