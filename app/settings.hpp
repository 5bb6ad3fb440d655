// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a command was started with, and where each value comes from.

#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace mezz::app {

struct Setting {
    std::string name;   ///< "--block-time"; of a file: "spec.chainId"
    std::string value;  ///< as text; "(set, not shown)" for keys
    /// "default", "preset NAME", "mezz.toml:4", the name of a variable, "flag", or of a file
    std::string source;
    std::string what;  ///< one sentence
    std::string key;   ///< "chain.block_time"; empty: it has no name in mezz.toml
};

/// The options of a parsed command. `sources`: of flags that its command line does not have. Values
/// of options whose name ends in "key" or has "secret" in it are not shown.
std::vector<Setting> settings_of(const CLI::App& command,
                                 const std::map<std::string, std::string>& sources = {});

}  // namespace mezz::app
