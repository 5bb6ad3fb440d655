// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The witness of a step, and the next state's hash made of nothing else.
///
/// spec: docs/reference/machine.md, "Witness of a step".

#include <expected>

#include "core/riscv/preimages.hpp"
#include "core/riscv/state.hpp"
#include "core/riscv/tree.hpp"

namespace mezz::riscv {

/// A leaf and its path.
inline constexpr std::size_t CODE_PART_BYTES = (1 + CODE_LEVELS) * LEAF_BYTES;
inline constexpr std::size_t DATA_PART_BYTES = (1 + DATA_LEVELS) * LEAF_BYTES;
inline constexpr std::size_t MAX_WITNESS_BYTES = STATE_BYTES + CODE_PART_BYTES + DATA_PART_BYTES;

enum class WitnessError : std::uint8_t {
    length,    ///< shorter or longer than this step's
    state,     ///< its state has another hash, or is the encoding of none
    code,      ///< its code part is not of the program
    data,      ///< its data part is not of the state
    preimage,  ///< what `read` reads is not known
};

/// The hash of the state after the one whose hash is `state_hash`, in the program with `code_root`.
/// Total: any bytes give a hash or a reason.
[[nodiscard]] std::expected<Bytes32, WitnessError> replay(ByteView witness,
                                                          const Bytes32& state_hash,
                                                          const Bytes32& code_root,
                                                          PreimageEnv& preimages);

}  // namespace mezz::riscv
