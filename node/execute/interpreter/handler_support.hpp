// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Operands and control flow inside the fast interpreter's instructions.

#include "core/vm/evm/instruction_support.hpp"
#include "node/execute/interpreter/arithmetic.hpp"
#include "node/execute/interpreter/handlers.hpp"

#if defined(__clang__)
#define MEZZ_FAST_TAIL [[clang::musttail]]
#else
#define MEZZ_FAST_TAIL
#endif
#define MEZZ_FAST_NEXT(n) MEZZ_FAST_TAIL return ip[n].op(ip + (n), sp, gas, f, mem, mem_size)

namespace mezz::node::interpreter {

using evm::Frame;
using evm::Status;

MEZZ_INLINE const uint256& slot(const uint256* sp, std::int32_t offset) noexcept {
    return *reinterpret_cast<const uint256*>(reinterpret_cast<const char*>(sp) + offset);
}
MEZZ_INLINE uint256& slot(uint256* sp, std::int32_t offset) noexcept {
    return *reinterpret_cast<uint256*>(reinterpret_cast<char*>(sp) + offset);
}
/// Writes limb by limb: four small stores feed four small loads, and stall no wide one.
MEZZ_INLINE void put(uint256& to, const uint256& v) noexcept {
    std::uint64_t a = v.limb[0], b = v.limb[1], c = v.limb[2], d = v.limb[3];
#if defined(__x86_64__)
    __asm__("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
#endif
    to.limb[0] = a;
    to.limb[1] = b;
    to.limb[2] = c;
    to.limb[3] = d;
}

/// Reads limb by limb, for the same reason: what was stored by a vector forwards to it, too.
MEZZ_INLINE uint256 fetch(const uint256& from) noexcept {
    std::uint64_t a = from.limb[0], b = from.limb[1], c = from.limb[2], d = from.limb[3];
#if defined(__x86_64__)
    __asm__("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d));
#endif
    return {a, b, c, d};
}

/// The first operand, and the second.
template <Place P>
MEZZ_INLINE uint256 operand_a(const Instr* ip, const uint256* sp) noexcept {
    if constexpr (P == Place::slot)
        return fetch(slot(sp, ip->a));
    else if constexpr (P == Place::small)
        return uint256{ip->imm};
    else
        return *ip->constant;
}
template <Place P>
MEZZ_INLINE uint256 operand_b(const Instr* ip, const uint256* sp) noexcept {
    if constexpr (P == Place::slot)
        return fetch(slot(sp, ip->b));
    else if constexpr (P == Place::small)
        return uint256{ip->imm};
    else
        return *ip->constant;
}

/// Stops before a segment: the plain instructions find out what is wrong with it, if anything is.
/// Cold: a segment is told by where it starts and, among JUMPDESTs in a row, by its gas.
[[gnu::noinline]] inline void pause_before(const Instr* body, std::int64_t cost, uint256* sp,
                                           std::int64_t gas, Frame* f) noexcept {
    const auto* program = static_cast<const Program*>(f->code->prepared);
    for (const Entry& e : program->entries)
        if (e.body == body && e.gas == cost) f->pc = f->code->begin() + e.position;
    f->paused = true;
    f->sp = sp;
    f->gas = gas;
}
MEZZ_INLINE bool may_enter(std::int64_t cost, std::int32_t need, std::int32_t grow,
                           const uint256* sp, std::int64_t gas, const Frame* f) noexcept {
    const auto* at = reinterpret_cast<const char*>(sp);
    return ((gas - cost) | (at - reinterpret_cast<const char*>(f->stack) - need) |
            (reinterpret_cast<const char*>(f->stack_end) - at - grow)) >= 0;
}
#define MEZZ_FAST_GO(target_body, cost, need, grow)                            \
    do {                                                                       \
        const Instr* const to = (target_body);                                 \
        const std::int64_t charged = (cost);                                   \
        if (!may_enter(charged, (need), (grow), sp, gas, f)) [[unlikely]]      \
            return pause_before(to, charged, sp, gas, f);                      \
        MEZZ_FAST_TAIL return to->op(to, sp, gas - charged, f, mem, mem_size); \
    } while (false)
/// To the segment whose entry an instruction holds.
#define MEZZ_FAST_ENTER(at) MEZZ_FAST_GO((at).body, (at).c, (at).a, (at).b)

}  // namespace mezz::node::interpreter
