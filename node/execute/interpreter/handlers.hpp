// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The instructions of the fast interpreter, for the decoder to choose from.

#include "core/vm/evm/opcodes.hpp"
#include "node/execute/interpreter/program.hpp"

namespace mezz::node::interpreter {

/// Where an operand is: a slot, a constant below 2^64 in `imm`, or one behind `constant`.
enum class Place : std::uint8_t { slot, small, large };

/// Comparisons; each is followed by its negation.
enum class Compare : std::uint8_t {
    less,
    not_less,
    less_signed,
    not_less_signed,
    equal,
    not_equal,
    zero,
    not_zero,
};
[[nodiscard]] constexpr Compare negated(Compare c) noexcept {
    return static_cast<Compare>(static_cast<unsigned>(c) ^ 1u);
}

/// d = a op b for ADD … SAR but comparisons. At most one operand is not a slot.
[[nodiscard]] Op binary(evm::Opcode opcode, Place a, Place b) noexcept;
/// d = a compared with b; zero and not_zero have one operand, in a slot.
[[nodiscard]] Op comparison(Compare c, Place a, Place b) noexcept;
/// Goes to the entry that ip[1] holds if the comparison holds, else to that of ip[2].
[[nodiscard]] Op branch(Compare c, Place a, Place b) noexcept;

/// d = a << imm, d = a >> imm, with imm below 256; `opcode`: SHL, SHR or SAR.
[[nodiscard]] Op shift_by(evm::Opcode opcode) noexcept;
/// d = SIGNEXTEND of slot a, whose sign is the top bit after word `word` was shifted left by imm.
[[nodiscard]] Op extend_sign_by(std::uint64_t word) noexcept;
/// NOT, CLZ, CALLDATALOAD of a slot.
[[nodiscard]] Op unary(evm::Opcode opcode) noexcept;
/// CALLDATALOAD of a small constant.
[[nodiscard]] Op calldataload_at() noexcept;
/// d = the value of ADDRESS, CALLER, …; nullptr for opcodes that are not of this kind.
[[nodiscard]] Op environment(evm::Opcode opcode) noexcept;
/// d = the gas left, of which `imm` was charged for what stands behind in the segment.
[[nodiscard]] Op gas_left() noexcept;
/// ADDMOD and MULMOD of slots a, b, c; MULMOD by a prepared Modulus in `pointer`.
[[nodiscard]] Op modular(evm::Opcode opcode) noexcept;
[[nodiscard]] Op mulmod_by() noexcept;
/// MULMOD by 2^256 - 1 of slots a, b.
[[nodiscard]] Op mulmod_by_ones() noexcept;
/// KECCAK256 of memory [a, a + b).
[[nodiscard]] Op keccak() noexcept;
/// EXP of slots; `c`: gas a byte of the exponent.
[[nodiscard]] Op exponent() noexcept;
/// MLOAD from a slot or small constant.
[[nodiscard]] Op load(Place offset) noexcept;
/// MSTORE to offset a (or `c` when it is constant) of slot b, or of the constant in imm/constant.
[[nodiscard]] Op store(Place offset, Place value) noexcept;
/// MSTORE8 to slot a of slot b.
[[nodiscard]] Op store8() noexcept;
/// CALLDATACOPY, CODECOPY, MCOPY of slots a (to), b (from), c (size).
[[nodiscard]] Op copy(evm::Opcode opcode) noexcept;

/// d = a; d = imm; d = *constant; d <-> a.
[[nodiscard]] Op move() noexcept;
[[nodiscard]] Op set(Place place) noexcept;
[[nodiscard]] Op exchange() noexcept;

// Ends of segments: `d` moves sp.
/// To the entry it holds.
[[nodiscard]] Op enter() noexcept;
/// To the jump target in slot a; `pointer`: the Program.
[[nodiscard]] Op jump() noexcept;
/// The same if slot b is not zero, else to the entry that ip[1] holds.
[[nodiscard]] Op jump_if() noexcept;
/// A jump to where none may go.
[[nodiscard]] Op bad_jump() noexcept;
/// The plain instruction at `position`, then ip[1].
[[nodiscard]] Op plain() noexcept;

/// Runs from `entry` with the frame's sp and gas. Afterwards `frame.paused` tells whether the
/// program stopped before a segment, with the frame's pc, sp and gas set.
void run(const Entry& entry, evm::Frame& frame);

}  // namespace mezz::node::interpreter
