// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state of the machine and its 352 bytes.
///
/// spec: docs/reference/machine.md, "Shape" and "State".

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::riscv {

inline constexpr std::uint64_t CODE_END = std::uint64_t{1} << 21;  ///< code: [0, CODE_END)
inline constexpr std::uint64_t DATA_START = CODE_END;              ///< data: [DATA_START, DATA_END)
inline constexpr std::uint64_t DATA_END = std::uint64_t{1} << 32;
inline constexpr std::size_t STATE_BYTES = 352;
inline constexpr std::uint8_t TRAP_EXIT_CODE = 255;

using StateBytes = FixedBytes<STATE_BYTES>;

/// Everything of a state but the memory.
struct Hart {
    Bytes32 key;               ///< what `read` reads
    std::uint64_t pc = 0;      ///< bytes
    std::uint64_t step = 0;    ///< instructions retired, a trap included
    std::uint64_t offset = 0;  ///< where `read` reads next, bytes
    std::uint8_t exit_code = 0;
    bool exited = false;
    std::uint64_t x[32]{};  ///< x[0] is zero

    friend bool operator==(const Hart&, const Hart&) = default;
};

struct State {
    Bytes32 memory_root;
    Hart hart;

    friend bool operator==(const State&, const State&) = default;
};

[[nodiscard]] StateBytes encode(const State& state) noexcept;

/// The state with these bytes; nothing where no state has them: another length, padding or `x0`
/// that is not zero, an `exited` above 1. encode(*decode(bytes)) == bytes.
[[nodiscard]] std::optional<State> decode_state(ByteView bytes) noexcept;

/// keccak256 of the encoding.
[[nodiscard]] Bytes32 hash(const State& state) noexcept;

/// What names a program: its code and where it starts. spec: "State", program id.
[[nodiscard]] Bytes32 program_id(const Bytes32& code_root, const Bytes32& initial_state) noexcept;

}  // namespace mezz::riscv
