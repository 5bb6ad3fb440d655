// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a command was started with, and where each value comes from.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mezz::app {

struct Setting {
    std::string name;    ///< "--block-time"; of a file: "spec.chainId"
    std::string value;   ///< as text; "(set, not shown)" for keys
    std::string source;  ///< "default", "flag", "environment", or the name of a file
    std::string what;    ///< one sentence
};

/// The options of a parsed command. Values of options whose name ends in "key" or has "secret" in
/// it are not shown.
std::vector<Setting> settings_of(const CLI::App& command);

}  // namespace mezz::app
