// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// mezz-conformance: runs public test vectors against the rules.

#include <cstdio>
#include <string_view>

#include "tests/conformance/precompile_tests.hpp"
#include "tests/conformance/state_tests.hpp"

int main(int argc, char** argv) {
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "state-tests") return mezz::conformance::state_tests(argc - 2, argv + 2);
    if (command == "precompiles") return mezz::conformance::precompile_tests(argc - 2, argv + 2);
    std::fprintf(stderr, "usage: mezz-conformance state-tests|precompiles PATH... [options]\n");
    return 2;
}
