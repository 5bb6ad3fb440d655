// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace mezz::app {

/// One instruction as an assembler writes it, with the registers' names of the calling convention.
/// Total: what RV64IM does not define is "trap".
/// spec: RISC-V Assembly Programmer's Manual, "Load and store", "Registers".
[[nodiscard]] std::string disassemble(std::uint32_t word);

}  // namespace mezz::app
