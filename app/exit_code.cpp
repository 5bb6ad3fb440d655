// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/exit_code.hpp"

#include <cstdio>

#include "app/talk.hpp"

namespace mezz::app {

void complain(std::string_view message) {
    std::fprintf(stderr, "%s %.*s\n", painted(stderr, Tone::bad, "mezz:").c_str(),
                 static_cast<int>(message.size()), message.data());
}

int refuse(std::string_view message, ExitCode code) {
    complain(message);
    return code;
}

int fail(const node::Error& error) {
    return refuse(error.message,
                  error.handling == node::Handling::retry ? exit_unreachable : exit_failure);
}

}  // namespace mezz::app
