// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz force-include`: puts the overdue items of the queue into the inbox, with anybody's key.
///
/// What a user does whose deposit or forced transaction the sequencer leaves out.

#include <filesystem>
#include <string>

namespace mezz::app {

struct ForceIncludeOptions {
    std::string parent_url;
    std::filesystem::path spec;  ///< rollup.json
    std::string key;             ///< of an account with ether on the parent; 0x-hex
    bool json = false;
};

/// returns: the process's exit code.
int run_force_include(const ForceIncludeOptions& options);

}  // namespace mezz::app
