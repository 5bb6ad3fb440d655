// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The ends of segments: jumps, and putting every word into its own slot.

#include <algorithm>

#include "node/execute/interpreter/decoder.hpp"

namespace mezz::node::interpreter {

std::optional<std::uint32_t> Decoder::jump_target(const uint256& target) const {
    if (!target.fits_u64() || target.limb[0] >= size_) return std::nullopt;
    const std::uint32_t index = program_.jump_to[target.limb[0]];
    if (index == 0) return std::nullopt;
    return index - 1;
}

bool Decoder::jump(std::size_t& pc) {
    Word target = stack_.pop();
    if (target.is_constant) {
        if (const auto to = jump_target(target.value)) {
            // What stands there becomes a part of this segment, or ends it.
            if (!after_) after_ = pc;
            pc = program_.entries[*to].position;
            return true;
        }
        flush();
        emit(bad_jump()).d = delta();
        return false;
    }
    flush({&target});
    Instr& i = emit(interpreter::jump());
    i.a = target.slot * WORD_BYTES;
    i.d = delta();
    i.pointer = &program_;
    return false;
}

bool Decoder::jump_if(std::size_t& pc) {
    Word target = stack_.pop(), condition = stack_.pop();
    if (condition.is_constant) {
        if (condition.value.is_zero()) return true;
        stack_.push(target);
        return jump(pc);
    }
    const std::uint32_t next = make_entry(pc, false);
    if (target.is_constant) {
        if (const auto taken = jump_target(target.value)) {
            if (branch_on_comparison(condition, *taken, next)) return false;
            flush({&condition});
            Instr& i = emit(branch(Compare::not_zero, Place::slot, Place::slot));
            i.a = i.b = condition.slot * WORD_BYTES;
            i.d = delta();
            emit_entry(*taken);
            emit_entry(next);
            return false;
        }
    }
    // Rare: a computed target, or one that does not exist.
    const auto [x, y] = in_slots<2>({target, condition});
    Word at_target = Word::at(x / WORD_BYTES), at_condition = Word::at(y / WORD_BYTES);
    flush({&at_target, &at_condition});
    Instr& i = emit(interpreter::jump_if());
    i.a = at_target.slot * WORD_BYTES;
    i.b = at_condition.slot * WORD_BYTES;
    i.d = delta();
    i.pointer = &program_;
    emit_entry(next);
    return false;
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

}  // namespace mezz::node::interpreter
