// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/exit_code.hpp"

#include <cstdio>

namespace mezz::app {

int refuse(std::string_view message, ExitCode code) {
    std::fprintf(stderr, "mezz: %.*s\n", static_cast<int>(message.size()), message.data());
    return code;
}

int fail(const node::Error& error) {
    return refuse(error.message,
                  error.handling == node::Handling::retry ? exit_unreachable : exit_failure);
}

}  // namespace mezz::app
