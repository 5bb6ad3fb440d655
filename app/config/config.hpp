// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where the settings of a command come from: default < preset < mezz.toml < variables MEZZ_A__B <
/// flags and --set.

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/config/keys.hpp"
#include "app/settings.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

/// What the command line says about where to look.
struct ConfigRequest {
    std::string preset;             ///< empty: that of the file, or none
    std::filesystem::path file;     ///< empty: mezz.toml of the current folder, if it is there
    std::vector<std::string> sets;  ///< "chain.id=7"
};

struct GivenValue {
    std::string text;    ///< as the flag takes it
    std::string source;  ///< "preset optimism", "mezz.toml:4", "MEZZ_CHAIN__ID", "flag"
};

struct Config {
    std::map<std::string, GivenValue, std::less<>> values;  ///< by key; the strongest one each
    std::string preset;                                     ///< empty: none
    std::filesystem::path file;                             ///< that was read; empty: none
};

/// Adds `--config` and `--set`. Keeps a reference to `request` until the command line is parsed.
void add_config_flags(CLI::App& command, ConfigRequest& request);

/// `environment`: "NAME=value" each; those that are no MEZZ_A__B are passed over.
///
/// errors: fatal, naming file and line, variable or flag, the key, and the nearest that is known.
node::Result<Config> read_config(const ConfigRequest& request,
                                 std::span<const std::string> environment);
/// Of this process.
std::vector<std::string> process_environment();

/// Gives `command`, which is parsed, what no flag of its command line says.
///
/// returns: its settings with their sources.
/// errors: fatal; a key that the command does not take, or a value that its flag refuses.
node::Result<std::vector<Setting>> apply(const Config& config, CLI::App& command);

/// Refuses what cannot work together, naming both keys and what would.
node::Result<void> check_combinations(std::span<const Setting> settings);

/// All of the above for `command`, which is parsed.
struct Configured {
    std::string preset;  ///< empty: none
    std::vector<Setting> settings;
    /// Whether anything but the default says what this flag is.
    [[nodiscard]] bool is_given(std::string_view flag) const;
};
node::Result<Configured> configure(const ConfigRequest& request, CLI::App& command);

/// "~/.mezz/NAME", the state of `mezz dev NAME`.
std::filesystem::path default_state(std::string_view name = "dev");

}  // namespace mezz::app
