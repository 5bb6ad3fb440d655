// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz config show, validate, diff, schema, explain
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "app/cli/verbs.hpp"
#include "app/config/schema.hpp"
#include "app/suggest.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using rpc::JsonWriter;

struct Given {
    ConfigRequest config;
    std::string role = "dev";
    std::string against, key;
    bool json = false;
};

/// A command line with nothing on it: `mezz dev` or `mezz node`, and where its values go.
struct Bare {
    explicit Bare(const std::string& name) : command("", name) {
        if (name == "node")
            add_node_flags(command, node, data_source);
        else
            add_dev_flags(command, dev, data_source);
    }
    CLI::App command;
    DevOptions dev;
    NodeOptions node;
    std::string data_source = "blobs";
};

/// Those with a name in mezz.toml, in the order of the table, as files have them.
std::vector<Setting> named(std::vector<Setting> settings) {
    std::erase_if(settings, [](const Setting& s) { return s.key.empty(); });
    const auto place = [](const Setting& s) { return find_key(s.key) - all_keys().data(); };
    std::ranges::sort(settings, {}, place);
    for (auto& setting : settings) setting.value = file_text(*find_key(setting.key), setting.value);
    return settings;
}

node::Result<std::vector<Setting>> effective(const Given& given, bool checked) {
    const auto config = read_config(given.config, process_environment());
    if (!config) return std::unexpected(config.error());
    Bare bare(given.role);
    auto settings = apply(*config, bare.command);
    if (!settings || !checked) return settings;
    if (auto works = check_combinations(*settings); !works) return std::unexpected(works.error());
    if (auto fits = check(given.role == "node" ? bare.node.listener : bare.dev.listener); !fits)
        return std::unexpected(fits.error());
    return settings;
}

std::vector<Setting> defaults_of(const std::string& role) {
    const Bare bare(role);
    return named(settings_of(bare.command));
}

int show(const Given& given) {
    auto settings = effective(given, false);
    if (!settings) return refuse(settings.error().message);
    const std::vector<Setting> all = named(std::move(*settings));
    if (given.json) {
        JsonWriter out;
        out.array([&] {
            for (const auto& setting : all)
                out.object([&] {
                    out.field("key").string(setting.key);
                    out.field("value").string(setting.value);
                    out.field("source").string(setting.source);
                    out.field("flag").string(setting.name);
                    out.field("what").string(setting.what);
                });
        });
        std::printf("%s\n", out.take().c_str());
        return exit_ok;
    }
    for (const auto& setting : all)
        std::printf("%-32s %-24s %s\n", setting.key.c_str(),
                    setting.value.empty() ? "-" : setting.value.c_str(), setting.source.c_str());
    return exit_ok;
}

int validate(const Given& given) {
    auto settings = effective(given, true);
    if (!settings) {
        if (given.json) {
            JsonWriter out;
            out.object([&] {
                out.field("valid").boolean(false);
                out.field("error").string(settings.error().message);
            });
            std::printf("%s\n", out.take().c_str());
            return exit_usage;
        }
        return refuse(settings.error().message);
    }
    const auto said =
        std::ranges::count_if(*settings, [](const Setting& s) { return s.source != "default"; });
    if (given.json)
        std::printf("{\"valid\":true,\"settings\":%td}\n", said);
    else
        std::printf("valid for mezz %s; %td settings are no defaults\n", given.role.c_str(), said);
    return exit_ok;
}

int diff(const Given& given) {
    auto after = effective(given, false);
    if (!after) return refuse(after.error().message);
    std::vector<Setting> before = defaults_of(given.role);
    if (!given.against.empty()) {
        const auto config = read_config({given.against, {}, {}}, {});
        if (!config) return refuse(config.error().message);
        Bare bare(given.role);
        auto settings = apply(*config, bare.command);
        if (!settings) return refuse(settings.error().message);
        before = named(std::move(*settings));
    }
    JsonWriter out;
    out.array([&] {
        for (const auto& setting : named(std::move(*after))) {
            const auto at = std::ranges::find(before, setting.key, &Setting::key);
            const std::string old = at == before.end() ? std::string() : at->value;
            if (old == setting.value) continue;
            if (!given.json) {
                std::printf(
                    "%-32s %s -> %s  (%s)\n", setting.key.c_str(), old.empty() ? "-" : old.c_str(),
                    setting.value.empty() ? "-" : setting.value.c_str(), setting.source.c_str());
                continue;
            }
            out.object([&] {
                out.field("key").string(setting.key);
                out.field("before").string(old);
                out.field("after").string(setting.value);
                out.field("source").string(setting.source);
            });
        }
    });
    if (given.json) std::printf("%s\n", out.take().c_str());
    return exit_ok;
}

int schema() {
    std::vector<Setting> defaults = defaults_of("dev");
    for (auto& setting : defaults_of("node"))
        if (std::ranges::find(defaults, setting.key, &Setting::key) == defaults.end())
            defaults.push_back(std::move(setting));
    std::printf("%s\n", json_schema(defaults).c_str());
    return exit_ok;
}

std::string variable_of(const Key& key) {
    std::string name = "MEZZ_";
    for (const char c : key.name) {
        if (c == '.')
            name += "__";
        else
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

int explain(const Given& given) {
    const Key* key = find_key(given.key);
    if (key == nullptr) {
        std::vector<std::string> names;
        for (const auto& k : all_keys()) names.emplace_back(k.name);
        return refuse(given.key + " is not known" + suggestion(given.key, names) +
                      "; `mezz config show` lists all");
    }
    auto settings = effective(given, false);
    if (!settings) return refuse(settings.error().message);
    const auto defaults = defaults_of(given.role);
    const auto at = std::ranges::find(*settings, given.key, &Setting::key);
    const auto usual = std::ranges::find(defaults, given.key, &Setting::key);
    const bool taken = at != settings->end() && usual != defaults.end();
    const std::string value = taken ? file_text(*key, at->value) : std::string();
    const std::string source = taken ? at->source : "mezz " + given.role + " has no such setting";
    const std::string normal = taken ? usual->value : std::string();
    const std::string type = type_text(*key), variable = variable_of(*key);
    if (given.json) {
        JsonWriter out;
        out.object([&] {
            out.field("key").string(key->name);
            out.field("what").string(key->what);
            out.field("type").string(type);
            out.field("default").string(normal);
            out.field("flag").string(key->flag);
            out.field("variable").string(variable);
            out.field("value").string(value);
            out.field("source").string(source);
        });
        std::printf("%s\n", out.take().c_str());
        return exit_ok;
    }
    std::printf("%s: %s.\n", given.key.c_str(), std::string(key->what).c_str());
    const auto row = [](const char* name, const std::string& text) {
        std::printf("  %-9s %s\n", name, text.empty() ? "-" : text.c_str());
    };
    row("type", type);
    row("default", normal);
    row("flag", std::string(key->flag));
    row("variable", variable);
    row("value", value + " (" + source + ")");
    return exit_ok;
}

}  // namespace

void add_config(CLI::App& root, Verbs& verbs) {
    auto given = std::make_shared<Given>();
    CLI::App* config = root.add_subcommand(
        "config", "Show, check and explain settings, and where each value comes from");
    config->require_subcommand(1);
    const auto add = [&](const char* name, const char* what) {
        CLI::App* command = config->add_subcommand(name, what);
        if (name != std::string_view("schema")) {
            add_config_flags(*command, given->config);
            command->add_option("--for", given->role, "The command that the settings are for")
                ->check(CLI::IsMember({"dev", "node"}));
            command->add_flag("--json", given->json, "JSON");
        }
        return command;
    };
    auto* show_command = add("show", "Print every value and its source");
    auto* validate_command =
        add("validate", "Check values and whether they work together, and start nothing");
    auto* diff_command = add("diff", "Print what differs from the defaults, or from a preset");
    diff_command->add_option("--against", given->against, "The preset to compare with");
    for (CLI::App* command : {show_command, validate_command, diff_command})
        command->add_option("preset", given->config.preset, "A preset, as mezz dev takes it");
    auto* schema_command = add("schema", "Print the JSON Schema of mezz.toml");
    auto* explain_command = add("explain", "Explain one setting");
    explain_command->add_option("key", given->key, "Its name, as chain.block_time")->required();
    verbs.add(show_command, [given] { return show(*given); });
    verbs.add(validate_command, [given] { return validate(*given); });
    verbs.add(diff_command, [given] { return diff(*given); });
    verbs.add(schema_command, [] { return schema(); });
    verbs.add(explain_command, [given] { return explain(*given); });
}

}  // namespace mezz::app
