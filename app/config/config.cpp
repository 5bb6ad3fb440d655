// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/config.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include "app/config/presets.hpp"
#include "app/config/toml_file.hpp"
#include "app/suggest.hpp"

namespace mezz::app {
namespace {

using node::fatal;
using node::Result;

/// Files longer than this are no configuration.
constexpr std::uintmax_t max_file_bytes = 1 << 20;

std::vector<std::string> key_names() {
    std::vector<std::string> names;
    for (const auto& key : all_keys()) names.emplace_back(key.name);
    return names;
}

/// "; did you mean X?", by the whole name, or by the last part where the section is right.
std::string meant(std::string_view name) {
    const std::vector<std::string> names = key_names();
    if (auto text = suggestion(name, names); !text.empty()) return text;
    const auto dot = name.find('.');
    const auto section = name.substr(0, dot);
    std::string known;
    for (const auto& key : all_keys())
        if (section_of(key) == section)
            known += (known.empty() ? "" : ", ") + std::string(key.name);
    if (!known.empty()) return "; known are " + known;
    return "; `mezz config show` lists all";
}

Result<const Key*> known_key(const std::string& place, std::string_view name) {
    if (const Key* key = find_key(name)) return key;
    return fatal(place + ": " + std::string(name) + " is not known" + meant(name));
}

/// What a file should have had.
std::string expected_type(const Key& key) {
    switch (key.kind) {
        case KeyKind::number:
            return "a whole number";
        case KeyKind::flag:
            return "true or false";
        case KeyKind::duration:
            return "a duration in quotes, as \"1s\"";
        case KeyKind::size:
            return "a size in quotes, as \"64MiB\", or a number of bytes";
        case KeyKind::list:
            return "a list of texts, as [\"a\", \"b\"]";
        case KeyKind::text:
        case KeyKind::path:
        case KeyKind::choice:
        case KeyKind::secret:
            break;
    }
    return "a text in quotes";
}

bool fits(const Key& key, TomlType type) {
    switch (key.kind) {
        case KeyKind::number:
            return type == TomlType::integer;
        case KeyKind::flag:
            return type == TomlType::boolean;
        case KeyKind::size:
            return type == TomlType::integer || type == TomlType::string;
        case KeyKind::list:
            return type == TomlType::strings;
        default:
            return type == TomlType::string;
    }
}

Result<void> take(Config& config, const Key& key, const std::string& place,
                  const std::string& source, std::string_view value) {
    auto text = flag_text(key, value);
    if (!text) return fatal(place + ": " + std::string(key.name) + ": " + text.error());
    config.values.insert_or_assign(std::string(key.name), GivenValue{std::move(*text), source});
    return {};
}

/// `preset`: set by a top-level `preset = "..."`; nullptr where there must be none.
Result<void> take_toml(Config& config, std::string_view text, const std::string& name,
                       std::string* preset) {
    const auto values = parse_toml(text, name);
    if (!values) return fatal(values.error());
    for (const auto& value : *values) {
        const std::string place = name + ":" + std::to_string(value.line);
        if (value.key == "preset" && preset != nullptr) {
            if (value.type != TomlType::string)
                return fatal(place + ": preset: expected a text in quotes");
            *preset = value.text;
            continue;
        }
        const auto is_section = [&](const Key& k) { return section_of(k) == value.key; };
        // A section without keys says nothing.
        if (value.type == TomlType::other && std::ranges::any_of(all_keys(), is_section)) continue;
        const auto key = known_key(place, value.key);
        if (!key) return std::unexpected(key.error());
        if (!fits(**key, value.type))
            return fatal(place + ": " + value.key + ": expected " + expected_type(**key));
        std::string joined = value.text;
        for (const auto& item : value.items) {
            if (item.contains(',')) return fatal(place + ": " + value.key + ": no comma in a text");
            joined += (joined.empty() ? "" : ",") + item;
        }
        if (auto taken = take(config, **key, place, place, joined); !taken) return taken;
    }
    return {};
}

Result<void> take_preset(Config& config, const std::string& name, const std::string& place) {
    const Preset* preset = find_preset(name);
    if (preset == nullptr) {
        std::vector<std::string> known;
        std::string all;
        for (const auto& p : all_presets()) {
            known.emplace_back(p.name);
            all += (all.empty() ? "" : ", ") + known.back();
        }
        return fatal(place + "no preset " + name + suggestion(name, known) + " (" + all + ")");
    }
    config.preset = name;
    // Each has its own chain, so that one can be tried beside another.
    config.values["state.dir"] = {default_state(name).string(), "preset " + name};
    Config own;
    if (auto taken = take_toml(own, preset->text, "presets/" + name + ".toml", nullptr); !taken)
        return taken;
    for (auto& [key, value] : own.values)
        config.values.insert_or_assign(key, GivenValue{value.text, "preset " + name});
    return {};
}

Result<std::string> read_text(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    if (error) return fatal(path.string() + ": " + error.message());
    if (size > max_file_bytes)
        return fatal(path.string() + ": " + std::to_string(size) + " bytes are no configuration");
    std::ifstream file(path, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (!file) return fatal(path.string() + ": cannot be read");
    return text;
}

/// "MEZZ_CHAIN__BLOCK_TIME" as "chain.block_time"; none where it names no setting.
std::optional<std::string> key_of_variable(std::string_view variable) {
    constexpr std::string_view prefix = "MEZZ_";
    if (!variable.starts_with(prefix)) return std::nullopt;
    std::string name(variable.substr(prefix.size()));
    const auto dots = name.find("__");
    if (dots == std::string::npos || dots == 0) return std::nullopt;
    name.replace(dots, 2, ".");
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return name;
}

Result<void> take_environment(Config& config, std::span<const std::string> environment) {
    for (const auto& entry : environment) {
        const std::string variable = entry.substr(0, entry.find('='));
        const auto name = key_of_variable(variable);
        if (!name) continue;
        const auto key = known_key(variable, *name);
        if (!key) return std::unexpected(key.error());
        if (auto taken = take(config, **key, variable, variable, entry.substr(variable.size() + 1));
            !taken)
            return taken;
    }
    return {};
}

Result<void> take_sets(Config& config, const std::vector<std::string>& sets) {
    for (const auto& set : sets) {
        const auto equals = set.find('=');
        if (equals == std::string::npos)
            return fatal("--set " + set + ": expected KEY=VALUE, as chain.block_time=2s");
        const auto key = known_key("--set", set.substr(0, equals));
        if (!key) return std::unexpected(key.error());
        if (auto taken = take(config, **key, "--set", "flag", set.substr(equals + 1)); !taken)
            return taken;
    }
    return {};
}

/// "--host: text" without the flag, which the reader did not type.
std::string without_flag(std::string text, const Key& key) {
    const std::string prefix = std::string(key.flag) + ": ";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

}  // namespace

std::filesystem::path default_state(std::string_view name) {
    if (const char* home = std::getenv("HOME")) return std::filesystem::path(home) / ".mezz" / name;
    return std::filesystem::path(".mezz") / name;
}

void add_config_flags(CLI::App& command, ConfigRequest& request) {
    const std::string group = "Configuration";
    command
        .add_option("-f,--config", request.file,
                    "Settings in TOML; default: mezz.toml of the current folder, if it is there")
        ->group(group);
    command
        .add_option("--set", request.sets,
                    "KEY=VALUE, a setting by its name in mezz.toml; may be repeated")
        ->group(group)
        ->expected(1)
        ->take_all();
}

std::vector<std::string> process_environment() {
    std::vector<std::string> out;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
        out.emplace_back(*entry);
    return out;
}

Result<Config> read_config(const ConfigRequest& request, std::span<const std::string> environment) {
    Config config, of_file;
    std::string preset = request.preset, preset_of_file;
    std::filesystem::path file = request.file;
    std::error_code missing;
    if (file.empty() && std::filesystem::is_regular_file("mezz.toml", missing)) file = "mezz.toml";
    if (!file.empty()) {
        const auto text = read_text(file);
        if (!text) return std::unexpected(text.error());
        if (auto taken = take_toml(of_file, *text, file.string(), &preset_of_file); !taken)
            return std::unexpected(taken.error());
        config.file = file;
    }
    const std::string place = preset.empty() ? file.string() + ": " : std::string();
    if (preset.empty()) preset = preset_of_file;
    if (!preset.empty())
        if (auto taken = take_preset(config, preset, place); !taken)
            return std::unexpected(taken.error());
    for (auto& [key, value] : of_file.values) config.values.insert_or_assign(key, value);
    if (auto taken = take_environment(config, environment); !taken)
        return std::unexpected(taken.error());
    if (auto taken = take_sets(config, request.sets); !taken) return std::unexpected(taken.error());
    return config;
}

Result<std::vector<Setting>> apply(const Config& config, CLI::App& command) {
    std::map<std::string, std::string> sources;
    for (const auto& [name, given] : config.values) {
        const Key* key = find_key(name);
        const std::string flag(key->flag);
        CLI::Option* option = command.get_option_no_throw(flag);
        const std::string place = given.source == "flag" ? "--set" : given.source;
        if (option == nullptr) {
            // A preset describes a whole network; a node takes its part of it.
            if (given.source.starts_with("preset ")) continue;
            return fatal(place + ": " + name + ": mezz " + command.get_name() +
                         " has no such setting");
        }
        if (option->count() > 0) {
            if (given.source == "flag")
                return fatal("--set " + name + " and " + flag + ": give one of them");
            continue;
        }
        try {
            option->add_result(given.text);
            option->run_callback();
        } catch (const CLI::ParseError& e) {
            return fatal(place + ": " + name + ": " + without_flag(e.what(), *key));
        }
        sources[flag] = given.source;
    }
    return settings_of(command, sources);
}

bool Configured::is_given(std::string_view flag) const {
    const auto at = std::ranges::find(settings, flag, &Setting::name);
    return at != settings.end() && at->source != "default";
}

Result<Configured> configure(const ConfigRequest& request, CLI::App& command) {
    auto config = read_config(request, process_environment());
    if (!config) return std::unexpected(config.error());
    auto settings = apply(*config, command);
    if (!settings) return std::unexpected(settings.error());
    if (auto works = check_combinations(*settings); !works) return std::unexpected(works.error());
    return Configured{std::move(config->preset), std::move(*settings)};
}

}  // namespace mezz::app
