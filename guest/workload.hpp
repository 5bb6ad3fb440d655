// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Single pieces of core's work, for counting what each costs on RV64IM. No part of what is proven.
///
/// Input: kind (1) | repeats (u32 LE) | payload. By kind:
///     keccak_f    the 200 bytes of a state, lanes little-endian; output the state
///     keccak256   any bytes; output the digest
///     precompile  number (u16 LE) | input, with the rules of Osaka; output what it gives
///     call        size of the code (u32 LE) | code | call data, run by the EVM with the rules of
///                 Osaka in a state without anything else; output gas used (u64 LE) | keccak256 of
///                 the return data
/// The work is done `repeats` times over and the output is that of the last time.

#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::guest {

enum class Work : std::uint8_t { keccak_f, keccak256, precompile, call };

/// returns: nothing where the input is malformed or the work does not succeed.
std::optional<Bytes> run_workload(ByteView input);

}  // namespace mezz::guest
