// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/interpreter/symbolic_stack.hpp"

#include <algorithm>

namespace mezz::node::interpreter {

void SymbolicStack::clear() {
    for (std::int32_t slot = bottom_used_; slot <= top_used_; ++slot) references(slot) = 0;
    height_ = low_ = need_ = grow_ = top_used_ = bottom_used_ = 0;
    crowded_ = false;
}

std::uint16_t& SymbolicStack::references(std::int32_t slot) {
    top_used_ = std::max(top_used_, slot);
    bottom_used_ = std::min(bottom_used_, slot);
    return references_[index(slot)];
}

/// Makes the positions from `position` up known; below, every position is its own slot.
void SymbolicStack::reach(std::int32_t position) {
    while (low_ > position) {
        --low_;
        at(low_) = Word::at(low_);
        ++references(low_);
    }
    need_ = std::max(need_, -position);
}

void SymbolicStack::push(const Word& word) {
    at(height_) = word;
    if (!word.is_constant) ++references(word.slot);
    ++height_;
    grow_ = std::max(grow_, height_);
}

Word SymbolicStack::pop() {
    reach(height_ - 1);
    const Word word = at(--height_);
    low_ = std::min(low_, height_);
    if (!word.is_constant) --references(word.slot);
    return word;
}

Word SymbolicStack::peek(std::int32_t depth) {
    reach(height_ - 1 - depth);
    return at(height_ - 1 - depth);
}

void SymbolicStack::swap(std::int32_t depth) {
    reach(height_ - 1 - depth);
    std::swap(at(height_ - 1), at(height_ - 1 - depth));
}

std::int32_t SymbolicStack::free_slot() {
    return references(height_) == 0 && height_ >= low_ ? height_ : scratch_slot();
}

std::int32_t SymbolicStack::scratch_slot() {
    std::int32_t slot = std::max(height_ + 1, 0);
    while (references(slot) != 0) ++slot;
    if (slot >= grow_ + MAX_SCRATCH / 2) crowded_ = true;
    return slot;
}

std::vector<Move> SymbolicStack::moves() const {
    std::vector<Move> out;
    for (std::int32_t p = low_; p < height_; ++p)
        if (at(p).is_constant || at(p).slot != p) out.push_back({p, at(p)});
    return out;
}

}  // namespace mezz::node::interpreter
