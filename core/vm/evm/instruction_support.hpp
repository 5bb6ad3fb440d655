// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The frame around an instruction's body: stack and gas checks, and the tail call of the next.
///
/// Handlers must stay tail calls or the native stack grows with the program: clang guarantees it
/// by [[clang::musttail]], gcc does it at -O2. Not for other modules.

#include "core/vm/evm/machine.hpp"
#include "core/vm/evm/opcodes.hpp"

#if defined(__clang__)
#define MEZZ_TAIL [[clang::musttail]]
#else
#define MEZZ_TAIL
#endif

#define MEZZ_HANDLER_ARGS                                                         \
    const std::uint8_t *pc, uint256 *sp, std::int64_t gas, ::mezz::evm::Frame *f, \
        const ::mezz::evm::Table *table
#define MEZZ_NEXT(next_pc, next_sp) \
    MEZZ_TAIL return table->at[*(next_pc)]((next_pc), (next_sp), gas, f, table)

namespace mezz::evm {

/// Ends the frame without gas.
inline void halt(Frame* f, Status status) noexcept {
    f->calls = false;
    f->status = status;
    f->gas = 0;
    f->output = {};
}

/// Stack and gas checks of an instruction that takes IN words, leaves OUT and costs COST gas.
/// returns: whether it may run; otherwise the frame is halted.
template <int IN, int OUT, int COST>
[[gnu::always_inline]] inline bool enter(const uint256* sp, std::int64_t& gas, Frame* f) noexcept {
    if constexpr (IN > 0) {
        if (sp - f->stack < IN) [[unlikely]] {
            halt(f, Status::stack_underflow);
            return false;
        }
    }
    if constexpr (OUT > IN) {
        if (f->stack_end - sp < OUT - IN) [[unlikely]] {
            halt(f, Status::stack_overflow);
            return false;
        }
    }
    if constexpr (COST > 0) {
        gas -= COST;
        if (gas < 0) [[unlikely]] {
            halt(f, Status::out_of_gas);
            return false;
        }
    }
    return true;
}

/// An instruction whose body cannot fail: F reads its operands at sp[-1], sp[-2], … and writes its
/// result to sp[-IN].
template <auto F, int IN, int OUT, int COST>
void pure(MEZZ_HANDLER_ARGS) {
    if (!enter<IN, OUT, COST>(sp, gas, f)) return;
    F(sp);
    MEZZ_NEXT(pc + 1, sp + (OUT - IN));
}

/// The same with the frame at hand.
template <auto F, int IN, int OUT, int COST>
void environment(MEZZ_HANDLER_ARGS) {
    if (!enter<IN, OUT, COST>(sp, gas, f)) return;
    F(*f, sp);
    MEZZ_NEXT(pc + 1, sp + (OUT - IN));
}

/// The same with more gas to charge, or other ways to fail. F: (Frame&, uint256* sp, int64& gas).
template <auto F, int IN, int OUT, int COST>
void checked(MEZZ_HANDLER_ARGS) {
    if (!enter<IN, OUT, COST>(sp, gas, f)) return;
    std::int64_t left = gas;
    if (const Status status = F(*f, sp, left); status != Status::success) [[unlikely]] {
        halt(f, status);
        return;
    }
    gas = left;
    MEZZ_NEXT(pc + 1, sp + (OUT - IN));
}

/// Charges for memory up to `bytes` and grows it. spec: Yellow Paper, Appendix H, C_mem.
inline bool charge_memory(Frame& f, std::uint64_t end_bytes, std::int64_t& gas) {
    const auto words = static_cast<std::int64_t>((end_bytes + 31) / 32);
    const auto before = static_cast<std::int64_t>(f.memory.size() / 32);
    gas -= 3 * (words - before) + words * words / 512 - before * before / 512;
    if (gas < 0) return false;
    f.memory.grow(static_cast<std::uint64_t>(words) * 32);
    return true;
}

/// Makes [offset, offset + size) accessible. returns: false when gas does not last.
[[gnu::always_inline]] inline bool reach(Frame& f, const uint256& offset, std::uint64_t size,
                                         std::int64_t& gas) {
    // 4 GiB of memory cost more gas than any block has.
    if (!offset.fits_u64() || offset.limb[0] > 0xffffffff) return false;
    const std::uint64_t end = offset.limb[0] + size;
    return end <= f.memory.size() || charge_memory(f, end, gas);
}
/// The same where the size comes from the stack; a size of zero reaches nothing.
inline bool reach(Frame& f, const uint256& offset, const uint256& size, std::int64_t& gas) {
    if (size.is_zero()) return true;
    if (!size.fits_u64() || size.limb[0] > 0xffffffff) return false;
    return reach(f, offset, size.limb[0], gas);
}
inline std::int64_t word_count(std::uint64_t bytes) noexcept {
    return static_cast<std::int64_t>((bytes + 31) / 32);
}

// Instructions defined in instructions_state.cpp.
void op_balance(MEZZ_HANDLER_ARGS);
void op_selfbalance(MEZZ_HANDLER_ARGS);
void op_extcodesize(MEZZ_HANDLER_ARGS);
void op_extcodecopy(MEZZ_HANDLER_ARGS);
void op_extcodehash(MEZZ_HANDLER_ARGS);
void op_sload(MEZZ_HANDLER_ARGS);
void op_sstore(MEZZ_HANDLER_ARGS);
void op_tload(MEZZ_HANDLER_ARGS);
void op_tstore(MEZZ_HANDLER_ARGS);
void op_selfdestruct(MEZZ_HANDLER_ARGS);
void op_create(MEZZ_HANDLER_ARGS);
void op_create2(MEZZ_HANDLER_ARGS);
void op_call(MEZZ_HANDLER_ARGS);
void op_callcode(MEZZ_HANDLER_ARGS);
void op_delegatecall(MEZZ_HANDLER_ARGS);
void op_staticcall(MEZZ_HANDLER_ARGS);
template <int TOPICS>
void op_log(MEZZ_HANDLER_ARGS);
extern template void op_log<0>(MEZZ_HANDLER_ARGS);
extern template void op_log<1>(MEZZ_HANDLER_ARGS);
extern template void op_log<2>(MEZZ_HANDLER_ARGS);
extern template void op_log<3>(MEZZ_HANDLER_ARGS);
extern template void op_log<4>(MEZZ_HANDLER_ARGS);

}  // namespace mezz::evm
