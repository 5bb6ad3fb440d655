// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Values as flags take them and as files have them.
#include <algorithm>
#include <charconv>
#include <limits>

#include "app/config/keys.hpp"
#include "app/suggest.hpp"

namespace mezz::app {
namespace {

struct Unit {
    std::string_view name;
    std::uint64_t size;
};
constexpr Unit duration_units[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};
constexpr Unit size_units[] = {{"TiB", std::uint64_t{1} << 40},
                               {"GiB", std::uint64_t{1} << 30},
                               {"MiB", std::uint64_t{1} << 20},
                               {"KiB", std::uint64_t{1} << 10},
                               {"B", 1}};

/// A number with one of these units. `bare`: a number without is taken as it is.
std::optional<std::uint64_t> measure(std::string_view text, std::span<const Unit> units,
                                     bool bare) {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc()) return std::nullopt;
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    if (unit.empty()) return bare ? std::optional(value) : std::nullopt;
    const auto found = std::ranges::find(units, unit, &Unit::name);
    if (found == units.end() || value > std::numeric_limits<std::uint64_t>::max() / found->size)
        return std::nullopt;
    return value * found->size;
}

/// In the largest unit that leaves a whole number.
std::string measured(std::uint64_t value, std::span<const Unit> units) {
    for (const auto& unit : units)
        if (value >= unit.size && value % unit.size == 0)
            return std::to_string(value / unit.size) + std::string(unit.name);
    return std::to_string(value) + std::string(units.back().name);
}

std::string range_text(const Key& key) {
    const auto least = std::to_string(key.least), most = std::to_string(key.most);
    return file_text(key, least) + " to " + file_text(key, most);
}

std::string quoted(std::string_view text) {
    return "\"" + std::string(text) + "\"";
}

std::expected<std::string, std::string> choice_text(const Key& key, std::string_view value) {
    if (std::ranges::find(key.choices, value) != key.choices.end()) return std::string(value);
    std::string all;
    std::vector<std::string> known;
    for (const auto choice : key.choices) {
        all += (all.empty() ? "" : ", ") + std::string(choice);
        known.emplace_back(choice);
    }
    return std::unexpected("expected one of " + all + ", found " + quoted(value) +
                           suggestion(value, known));
}

}  // namespace

std::optional<std::uint64_t> parse_duration(std::string_view text) {
    return measure(text, duration_units, false);
}

std::expected<std::string, std::string> flag_text(const Key& key, std::string_view value) {
    const auto wrong = [&](const std::string& expected) {
        return std::unexpected("expected " + expected + ", found " + quoted(value));
    };
    std::optional<std::uint64_t> measured_value;
    switch (key.kind) {
        case KeyKind::text:
        case KeyKind::path:
        case KeyKind::list:
        case KeyKind::secret:
            return std::string(value);
        case KeyKind::choice:
            return choice_text(key, value);
        case KeyKind::flag:
            if (value != "true" && value != "false") return wrong("true or false");
            return std::string((value == "true") != key.inverted ? "true" : "false");
        case KeyKind::number:
            measured_value = measure(value, {}, true);
            if (!measured_value) return wrong("a whole number");
            break;
        case KeyKind::size:
            measured_value = measure(value, size_units, true);
            if (!measured_value) return wrong("a size as \"64MiB\", or bytes");
            break;
        case KeyKind::duration: {
            const auto ms = parse_duration(value);
            if (!ms) return wrong("a duration as \"1s\" or \"250ms\"");
            if (*ms % key.unit_ms != 0) return wrong("whole seconds");
            measured_value = *ms / key.unit_ms;
            break;
        }
    }
    if (*measured_value < key.least || *measured_value > key.most)
        return std::unexpected(std::string(value) + " is out of range: " + range_text(key));
    return std::to_string(*measured_value);
}

std::string file_text(const Key& key, std::string_view text) {
    if (key.kind == KeyKind::flag && key.inverted) return text == "true" ? "false" : "true";
    if (key.kind != KeyKind::duration && key.kind != KeyKind::size) return std::string(text);
    const auto value = measure(text, {}, true);
    if (!value) return std::string(text);
    return key.kind == KeyKind::size ? measured(*value, size_units)
                                     : measured(*value * key.unit_ms, duration_units);
}

}  // namespace mezz::app
