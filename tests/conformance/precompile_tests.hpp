// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The `precompiles` subcommand of mezz-conformance: output, failure and gas of every precompile.

#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {

/// Runs with the arguments after the subcommand. returns: the process exit status.
int precompile_tests(int argc, char** argv);

}  // namespace mezz::conformance
