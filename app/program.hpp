// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The version of this binary, and the program it belongs to, as guest/program.json names it.

#include "core/base/bytes.hpp"

namespace mezz::app {

struct ProgramNames {
    const char* id;             ///< keccak256(codeRoot | initialState), 0x hex, as the others
    const char* code_root;      ///< of the machine's code memory
    const char* initial_state;  ///< hash
};

inline constexpr ProgramNames program_names{
#include "app/program.inc"
};

/// CMake's project(VERSION), "1.2.3".
inline constexpr const char* version =
#include "app/version.inc"
    ;

}  // namespace mezz::app
