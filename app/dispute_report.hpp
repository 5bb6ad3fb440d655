// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz inspect`: proposals and the trees of their disputes, as the parent has them.
/// `mezz challenge --block N`: what the chain's own program says about a block, which proposals
/// claim something else, and how a dispute about it goes, down to the one step that decides.

#include <optional>
#include <string>

#include "app/network.hpp"

namespace mezz::app {

struct InspectOptions {
    NetworkOptions network;
    std::string
        what;  ///< empty: all proposals; a proposal's place in the list, or a game's address
    bool json = false;
};

/// returns: the process's exit code.
int run_inspect(const InspectOptions& options);

struct ChallengeOptions {
    NetworkOptions network;
    std::uint64_t block = 0;
    /// The step to explain; none: where a dispute's histories part, or the middle of the trace.
    std::optional<std::uint64_t> step;
    std::filesystem::path guest;  ///< stf.elf; empty: the one of this build
    bool json = false;
};

/// returns: 0 when every proposal claims of the block what the program answers, 3 when one claims
/// something else, and the codes of failures.
int run_challenge(const ChallengeOptions& options);

}  // namespace mezz::app
