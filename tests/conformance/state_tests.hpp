// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The `state-tests` subcommand of mezz-conformance.

#include "core/codec/hex.hpp"
#include "core/codec/rlp.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {

/// Runs with the arguments after the subcommand. returns: the process exit status.
int state_tests(int argc, char** argv);

}  // namespace mezz::conformance
