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
[[gnu::noinline]] inline void pause_at(const Entry& e, uint256* sp, std::int64_t gas,
                                       Frame* f) noexcept {
    f->paused = true;
    f->pc = f->code->begin() + e.position;
    f->sp = sp;
    f->gas = gas;
}
MEZZ_INLINE bool may_enter(const Entry& e, const uint256* sp, std::int64_t gas,
                           const Frame* f) noexcept {
    const auto* at = reinterpret_cast<const char*>(sp);
    return ((gas - e.gas) | (at - reinterpret_cast<const char*>(f->stack) - e.need) |
            (reinterpret_cast<const char*>(f->stack_end) - at - e.grow)) >= 0;
}
#define MEZZ_FAST_ENTER(target)                                                             \
    do {                                                                                    \
        const Entry& entered = (target);                                                    \
        if (!may_enter(entered, sp, gas, f)) [[unlikely]]                                   \
            return pause_at(entered, sp, gas, f);                                           \
        MEZZ_FAST_TAIL return entered.body->op(entered.body, sp, gas - entered.gas, f, mem, \
                                               mem_size);                                   \
    } while (false)

}  // namespace mezz::node::interpreter
