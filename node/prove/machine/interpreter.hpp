// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The machine, fast: code decoded once, each op a tail call of the next. An op is an instruction,
/// or two where both are frequent.
///
/// It runs what is frequent and stops before everything else (calls, traps, the first access to a
/// page), which `riscv::step` then does: the rules stand in one place. Steps are counted where
/// control is transferred: until then as many instructions were executed as were passed.
///
/// Assumes x86-64's or AArch64's pointers of at most 48 bits: positions and counts share 64.

#include <cstdint>
#include <vector>

#include "core/riscv/state.hpp"
#include "node/prove/machine/memory.hpp"

namespace mezz::node::prove {

struct Instr;
struct Stop;

#define MEZZ_MACHINE_ARGS                                                     \
    const ::mezz::node::prove::Instr *ip, std::int64_t end, std::uint64_t *x, \
        const std::uint8_t *const *reads, std::uint8_t *const *writes,        \
        ::mezz::node::prove::Stop *stop
// Keeps these registers where the next instruction wants them; frames that a sanitizer realigns
// cannot have it.
#if defined(__clang__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
#define MEZZ_MACHINE_CALL __attribute__((preserve_none))
#else
#define MEZZ_MACHINE_CALL
#endif

/// The registers of the interpreter: the instruction, the place that a straight run from it must
/// not pass, the hart's registers, the memory's tables, and what is rarely used.
using Op = void(MEZZ_MACHINE_CALL*)(MEZZ_MACHINE_ARGS);

/// An instruction of the program at the place of its word; its op may do the next one, too.
struct Instr {
    Op op = nullptr;
    std::int32_t imm = 0;  ///< of branches and JAL: see target()
    std::uint8_t rd = 0;
    std::uint8_t rs1 = 0;
    std::uint8_t rs2 = 0;
};
static_assert(sizeof(Instr) == 16);

/// A program's code, decoded. Immutable, so shared between threads.
class DecodedCode {
public:
    /// `code`: the code memory from address 0, zero behind. requires: a multiple of 4 bytes.
    explicit DecodedCode(ByteView code);

    /// Runs from `hart` at most `steps` steps, as far as it goes without help, which may be
    /// nowhere. requires: !hart.exited.
    void run(riscv::Hart& hart, Memory& memory, std::uint64_t steps) const;

private:
    std::vector<Instr> instrs_;
    /// By instruction: how many are executed from it at most before control goes elsewhere; 0 where
    /// help is needed at once.
    std::vector<std::uint16_t> runs_;
};

}  // namespace mezz::node::prove
