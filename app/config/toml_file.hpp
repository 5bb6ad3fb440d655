// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The text of a mezz.toml as values by key, each with its line. Knows TOML, not what keys mean.

#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::app {

enum class TomlType : std::uint8_t { string, integer, boolean, strings, other };

struct TomlValue {
    std::string key;  ///< "chain.id"; a table without keys is one of type `other`
    std::string text;
    std::vector<std::string> items;  ///< of `strings`
    TomlType type = TomlType::other;
    unsigned line = 0;  ///< from 1
};

/// Total: any text is values or an error.
///
/// errors: "NAME:LINE: what is wrong".
std::expected<std::vector<TomlValue>, std::string> parse_toml(std::string_view text,
                                                              const std::string& name);

}  // namespace mezz::app
