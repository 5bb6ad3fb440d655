// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Programs made of random bytes, and both interpreters run on them. For tests and the fuzzer.

#include <optional>
#include <string>

#include "core/base/bytes.hpp"
#include "core/spec/revision.hpp"

namespace mezz::node::interpreter::test {

/// A program with jumps that mostly go somewhere, values at the edges and few dead ends.
/// The same bytes give the same program.
[[nodiscard]] Bytes random_program(ByteView choices);

/// Runs `code` with `input` by the plain instructions and by the Engine, each on a world of its
/// own. returns: nullopt if status, gas, refund, output, logs and state are equal; else what
/// differs.
[[nodiscard]] std::optional<std::string> difference(ByteView code, ByteView input, std::int64_t gas,
                                                    Revision rev);

}  // namespace mezz::node::interpreter::test
