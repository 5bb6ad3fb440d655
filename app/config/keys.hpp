// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The settings of `mezz dev` and `mezz node`: one table, of which the flags, mezz.toml, the
/// variables MEZZ_A__B, the JSON Schema and docs/reference/config.md are made.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mezz::app {

enum class KeyKind : std::uint8_t {
    text,
    path,
    number,
    flag,      ///< true or false
    duration,  ///< "1s", "250ms", "2m"; of a flag also a bare number of its unit
    size,      ///< "64MiB", or a number of bytes
    choice,
    list,    ///< of texts
    secret,  ///< text that is never shown
};

struct Key {
    std::string_view name;  ///< "chain.block_time"
    std::string_view flag;  ///< "--block-time", as a file's value is given on the command line
    KeyKind kind;
    /// Of numbers, sizes (bytes) and durations (units of the flag); inclusive.
    std::uint64_t least = 0, most = 0;
    std::uint64_t unit_ms = 1;  ///< of a duration: what the flag counts in
    bool inverted = false;      ///< the flag says the opposite, as --no-console
    std::vector<std::string_view> choices;
    std::string_view what;  ///< one sentence, without a full stop
};

/// In the order of their sections.
std::span<const Key> all_keys();
/// returns: nullptr when there is none.
const Key* find_key(std::string_view name);
const Key* key_of_flag(std::string_view flag);
/// "chain" of "chain.block_time".
std::string_view section_of(const Key& key);

/// A value as its flag takes it ("1000" for "1s" of a flag in milliseconds), checked for kind and
/// range. Lists are joined by commas.
///
/// errors: what is wrong, as "expected a duration as \"1s\" or \"250ms\", found \"soon\"".
std::expected<std::string, std::string> flag_text(const Key& key, std::string_view value);
/// The other way: a flag's text as files have it, "1s".
std::string file_text(const Key& key, std::string_view flag_text);

/// "1s" in milliseconds. returns: none unless it is a number with ms, s, m, h or d.
std::optional<std::uint64_t> parse_duration(std::string_view text);

}  // namespace mezz::app
