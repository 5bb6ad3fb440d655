// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One step of the machine: the definition that the fast interpreter and the parent's judge equal.
///
///     Hart hart = ...;
///     bool answered = step(hart, access);   // false: `access` could not answer; nothing changed
///
/// Where code, data and preimages come from is the access: plain memory, one that also notes what
/// was touched (RecordingAccess), or a witness (witness.hpp). It is asked for data at most once a
/// step, and only if the step does not trap.
///
/// spec: docs/reference/machine.md, "A step" and "Calls".

#include <concepts>
#include <optional>

#include "core/riscv/instruction.hpp"
#include "core/riscv/state.hpp"
#include "core/riscv/tree.hpp"

namespace mezz::riscv {

/// What a step reads and writes besides the hart. Addresses are in range and aligned: of `fetch` to
/// 4 bytes, of `load` and `store` to their size, of leaves to 32. Each answers false, changing
/// nothing, where it cannot answer.
template <class A>
concept StateAccess = requires(A access, std::uint64_t address, unsigned size_bytes,
                               std::uint64_t value, std::uint64_t& value_out,
                               std::uint32_t& word_out, const Bytes32& leaf, Bytes32& leaf_out) {
    { access.fetch(address, word_out) } -> std::same_as<bool>;
    { access.load(address, size_bytes, value_out) } -> std::same_as<bool>;
    { access.store(address, size_bytes, value) } -> std::same_as<bool>;
    { access.load_leaf(address, leaf_out) } -> std::same_as<bool>;
    /// Puts bytes [value, value + 32) of the preimage of `leaf` at `address`; value_out: its
    /// length.
    { access.read_preimage(leaf, value, address, value_out) } -> std::same_as<bool>;
};

inline constexpr std::uint64_t CALL_SET_KEY = 1;
inline constexpr std::uint64_t CALL_READ = 2;
inline constexpr std::uint64_t CALL_EXIT = 93;
inline constexpr unsigned A0 = 10;
inline constexpr unsigned A7 = 17;

/// Rule 2: whether there can be an instruction.
constexpr bool can_fetch(std::uint64_t pc) noexcept {
    return pc % 4 == 0 && pc < CODE_END;
}
/// Rule 3: whether data can be accessed there. requires: size_bytes is a power of two, at most 32.
constexpr bool can_access(std::uint64_t address, unsigned size_bytes) noexcept {
    return address % size_bytes == 0 && address >= DATA_START && address < DATA_END;
}

/// What every trap does, and all it does.
constexpr void trap(Hart& hart) noexcept {
    hart.exit_code = TRAP_EXIT_CODE;
    hart.exited = true;
    ++hart.step;
}

namespace detail {

constexpr void retire(Hart& hart, std::uint64_t next_pc) noexcept {
    hart.pc = next_pc;
    ++hart.step;
}
constexpr void set(Hart& hart, unsigned rd, std::uint64_t value) noexcept {
    if (rd != 0) hart.x[rd] = value;
}

template <StateAccess Access>
bool call(Hart& hart, Access& access) {
    const std::uint64_t number = hart.x[A7], a0 = hart.x[A0];
    if (number == CALL_SET_KEY || number == CALL_READ) {
        if (!can_access(a0, LEAF_BYTES)) {
            trap(hart);
            return true;
        }
        if (number == CALL_SET_KEY) {
            Bytes32 key;
            if (!access.load_leaf(a0, key)) return false;
            hart.key = key;
            hart.offset = 0;
        } else {
            std::uint64_t length = 0;
            if (!access.read_preimage(hart.key, hart.offset, a0, length)) return false;
            hart.offset += LEAF_BYTES;
            hart.x[A0] = length;
        }
    } else if (number == CALL_EXIT) {
        hart.exit_code = static_cast<std::uint8_t>(a0);
        hart.exited = true;
    } else {
        hart.x[A0] = ~std::uint64_t{0};
    }
    retire(hart, hart.pc + 4);
    return true;
}

template <StateAccess Access>
bool load_or_store(Hart& hart, const Instruction& i, Access& access) {
    const std::uint64_t address = hart.x[i.rs1] + extended(i.imm);
    const unsigned size = access_bytes(i.kind);
    if (!can_access(address, size)) {
        trap(hart);
        return true;
    }
    if (is_store(i.kind)) {
        if (!access.store(address, size, hart.x[i.rs2])) return false;
    } else {
        std::uint64_t raw = 0;
        if (!access.load(address, size, raw)) return false;
        set(hart, i.rd, loaded(i.kind, raw));
    }
    retire(hart, hart.pc + 4);
    return true;
}

}  // namespace detail

/// Makes `hart` and what `access` stands for the next state.
/// returns: false where `access` could not answer; then nothing changed.
template <StateAccess Access>
[[nodiscard]] bool step(Hart& hart, Access& access) {
    if (hart.exited) return true;
    if (!can_fetch(hart.pc)) {
        trap(hart);
        return true;
    }
    std::uint32_t word = 0;
    if (!access.fetch(hart.pc, word)) return false;
    const Instruction i = decode(word);
    const std::uint64_t pc = hart.pc, a = hart.x[i.rs1], b = hart.x[i.rs2];
    const std::uint64_t immediate = extended(i.imm);
    if (is_load(i.kind) || is_store(i.kind)) return detail::load_or_store(hart, i, access);
    if (is_immediate(i.kind) || is_register(i.kind)) {
        detail::set(hart, i.rd, computed(i.kind, a, is_register(i.kind) ? b : immediate));
        detail::retire(hart, pc + 4);
        return true;
    }
    if (is_branch(i.kind)) {
        detail::retire(hart, branch_taken(i.kind, a, b) ? pc + immediate : pc + 4);
        return true;
    }
    switch (i.kind) {
        case Kind::lui:
            detail::set(hart, i.rd, immediate);
            break;
        case Kind::auipc:
            detail::set(hart, i.rd, pc + immediate);
            break;
        case Kind::jal:
            detail::set(hart, i.rd, pc + 4);
            detail::retire(hart, pc + immediate);
            return true;
        case Kind::jalr:  // `a` was read before rd was written: they may be one register
            detail::set(hart, i.rd, pc + 4);
            detail::retire(hart, (a + immediate) & ~std::uint64_t{1});
            return true;
        case Kind::fence:
            break;
        case Kind::ecall:
            return detail::call(hart, access);
        default:
            trap(hart);
            return true;
    }
    detail::retire(hart, pc + 4);
    return true;
}

/// What a step touched of the data memory.
struct Touched {
    std::uint64_t address = 0;
    bool written = false;
};

/// Passes everything on to `base` and notes the data access, if there was one.
template <StateAccess Base>
class RecordingAccess {
public:
    /// Keeps a reference.
    explicit RecordingAccess(Base& base) noexcept : base_(base) {}

    [[nodiscard]] const std::optional<Touched>& touched() const noexcept { return touched_; }

    bool fetch(std::uint64_t pc, std::uint32_t& word) { return base_.fetch(pc, word); }
    bool load(std::uint64_t address, unsigned size_bytes, std::uint64_t& value) {
        return note(base_.load(address, size_bytes, value), address, false);
    }
    bool store(std::uint64_t address, unsigned size_bytes, std::uint64_t value) {
        return note(base_.store(address, size_bytes, value), address, true);
    }
    bool load_leaf(std::uint64_t address, Bytes32& leaf) {
        return note(base_.load_leaf(address, leaf), address, false);
    }
    bool read_preimage(const Bytes32& key, std::uint64_t offset, std::uint64_t address,
                       std::uint64_t& length) {
        return note(base_.read_preimage(key, offset, address, length), address, true);
    }

private:
    bool note(bool answered, std::uint64_t address, bool written) {
        if (answered) touched_ = Touched{address, written};
        return answered;
    }

    Base& base_;
    std::optional<Touched> touched_;
};

}  // namespace mezz::riscv
