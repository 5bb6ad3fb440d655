// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/toml_file.hpp"

// Only this file pays for it.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>

namespace mezz::app {
namespace {

TomlValue leaf(std::string key, const toml::node& node) {
    TomlValue value;
    value.key = std::move(key);
    value.line = node.source().begin.line;
    if (const auto* text = node.as_string()) {
        value.type = TomlType::string;
        value.text = text->get();
    } else if (const auto* number = node.as_integer()) {
        value.type = TomlType::integer;
        value.text = std::to_string(number->get());
    } else if (const auto* flag = node.as_boolean()) {
        value.type = TomlType::boolean;
        value.text = flag->get() ? "true" : "false";
    } else if (const auto* list = node.as_array()) {
        const auto is_text = [](const toml::node& item) { return item.is_string(); };
        if (std::ranges::all_of(*list, is_text)) {
            value.type = TomlType::strings;
            for (const auto& item : *list) value.items.push_back(item.as_string()->get());
        }
    }
    return value;
}

void collect(const toml::table& table, const std::string& prefix, std::vector<TomlValue>& out) {
    for (const auto& [name, node] : table) {
        std::string key = prefix + std::string(name.str());
        const toml::table* below = node.as_table();
        if (below != nullptr && !below->empty())
            collect(*below, key + ".", out);
        else
            out.push_back(leaf(std::move(key), node));
    }
}

}  // namespace

std::expected<std::vector<TomlValue>, std::string> parse_toml(std::string_view text,
                                                              const std::string& name) {
    const toml::parse_result parsed = toml::parse(text, std::string_view(name));
    if (!parsed)
        return std::unexpected(name + ":" + std::to_string(parsed.error().source().begin.line) +
                               ": " + std::string(parsed.error().description()));
    std::vector<TomlValue> values;
    collect(parsed.table(), "", values);
    std::ranges::sort(values, {}, &TomlValue::line);
    return values;
}

}  // namespace mezz::app
