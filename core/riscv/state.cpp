// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/state.hpp"

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"
#include "core/riscv/tree.hpp"

namespace mezz::riscv {
namespace {

// Offsets of the fields.
constexpr std::size_t KEY = 32;
constexpr std::size_t PC = 64;
constexpr std::size_t STEP = 72;
constexpr std::size_t OFFSET = 80;
constexpr std::size_t EXIT_CODE = 88;
constexpr std::size_t EXITED = 89;
constexpr std::size_t PADDING = 90;
constexpr std::size_t REGISTERS = 96;

}  // namespace

StateBytes encode(const State& state) noexcept {
    const Hart& hart = state.hart;
    StateBytes out;
    std::memcpy(out.data(), state.memory_root.data(), 32);
    std::memcpy(out.data() + KEY, hart.key.data(), 32);
    store_be64(out.data() + PC, hart.pc);
    store_be64(out.data() + STEP, hart.step);
    store_be64(out.data() + OFFSET, hart.offset);
    out[EXIT_CODE] = hart.exit_code;
    out[EXITED] = hart.exited ? 1 : 0;
    for (std::size_t i = 0; i < 32; ++i) store_be64(out.data() + REGISTERS + 8 * i, hart.x[i]);
    return out;
}

std::optional<State> decode_state(ByteView bytes) noexcept {
    if (bytes.size() != STATE_BYTES || bytes[EXITED] > 1) return std::nullopt;
    for (std::size_t i = PADDING; i < REGISTERS + 8; ++i)
        if (bytes[i] != 0) return std::nullopt;
    State out;
    out.memory_root = Bytes32::from(bytes);
    out.hart.key = Bytes32::from(bytes.subspan(KEY));
    out.hart.pc = load_be64(bytes.data() + PC);
    out.hart.step = load_be64(bytes.data() + STEP);
    out.hart.offset = load_be64(bytes.data() + OFFSET);
    out.hart.exit_code = bytes[EXIT_CODE];
    out.hart.exited = bytes[EXITED] != 0;
    for (std::size_t i = 0; i < 32; ++i)
        out.hart.x[i] = load_be64(bytes.data() + REGISTERS + 8 * i);
    return out;
}

Bytes32 hash(const State& state) noexcept {
    return crypto::keccak256(encode(state));
}

Bytes32 program_id(const Bytes32& code_root, const Bytes32& initial_state) noexcept {
    return parent_of(code_root, initial_state);
}

}  // namespace mezz::riscv
