// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How the process ends, and the one line on standard error that says why. docs/reference/cli.md.

#include <cstdint>
#include <string_view>

#include "node/ports/result.hpp"

namespace mezz::app {

enum ExitCode : std::uint8_t {
    exit_ok = 0,
    exit_failure = 1,
    exit_usage = 2,  ///< the command line or the configuration is wrong
    exit_invalid = 3,
    exit_unreachable = 4,
};

/// "mezz: …" on standard error.
void complain(std::string_view message);
/// The same. returns: `code`.
int refuse(std::string_view message, ExitCode code = exit_usage);
/// The same of an error: what may be tried again was not reached.
int fail(const node::Error& error);

}  // namespace mezz::app
