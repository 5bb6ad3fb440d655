// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// mezz-conformance: runs public test vectors against the rules.

#if __has_include(<malloc.h>)
#include <malloc.h>
#endif

#include <cstdio>
#include <string_view>

#include "tests/conformance/precompile_tests.hpp"
#include "tests/conformance/runners.hpp"
#include "tests/conformance/state_tests.hpp"

namespace {

struct Command {
    std::string_view name;
    int (*run)(int, char**);
};
constexpr Command COMMANDS[] = {
    {"state-tests", mezz::conformance::state_tests},
    {"precompiles", mezz::conformance::precompile_tests},
    {"trie-tests", mezz::conformance::trie_tests},
    {"rlp-tests", mezz::conformance::rlp_tests},
    {"transaction-tests", mezz::conformance::transaction_tests},
    {"blockchain-tests", mezz::conformance::blockchain_tests},
    {"chain-tests", mezz::conformance::chain_tests},
    {"rpc-compat", mezz::conformance::rpc_compat_tests},
    {"tracer-tests", mezz::conformance::tracer_tests},
    {"difficulty-tests", mezz::conformance::difficulty_tests},
    {"basic-tests", mezz::conformance::basic_tests},
};

/// Keeps what one test frees for the next: given back to the system and asked for again, it is a
/// third of the time of the short tests.
void keep_freed_memory() {
#ifdef M_TRIM_THRESHOLD
    constexpr int KEPT_BYTES = 1 << 30;
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, KEPT_BYTES);
#endif
}

}  // namespace

int main(int argc, char** argv) {
    keep_freed_memory();
    const std::string_view name = argc > 1 ? argv[1] : "";
    for (const Command& command : COMMANDS)
        if (command.name == name) return command.run(argc - 2, argv + 2);
    std::fprintf(stderr, "usage: mezz-conformance COMMAND PATH... [options], COMMAND one of\n");
    for (const Command& command : COMMANDS)
        std::fprintf(stderr, "  %.*s\n", static_cast<int>(command.name.size()),
                     command.name.data());
    return 2;
}
