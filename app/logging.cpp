// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/logging.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "app/suggest.hpp"

namespace mezz::app::log {
namespace {

constexpr std::array<std::string_view, 6> level_names{"trace", "debug", "info",
                                                      "warn",  "error", "off"};

Options current;
std::function<void(const Event&)> observer_of_all;

std::size_t index_of(std::string_view component) {
    const auto it = std::ranges::find(components, component);
    return it == components.end() ? 0 : static_cast<std::size_t>(it - components.begin());
}

/// RFC 3339 in UTC.
std::string time_text(std::uint64_t ms) {
    const auto days = std::chrono::sys_days{} + std::chrono::days{ms / 86'400'000};
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss time{std::chrono::milliseconds{ms % 86'400'000}};
    char text[32];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
        static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
    return text;
}

/// As a JSON string. Bytes that are no ASCII pass as they are, where they are UTF-8 they stay it.
void quote(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20) {
            out += "\\u00";
            out += hex[byte >> 4];
            out += hex[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

std::string number_text(double value) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, value);
    return {text, end.ptr};
}

std::string text_of(const Field::Value& value) {
    return std::visit(
        [](const auto& v) -> std::string {
            using V = std::decay_t<decltype(v)>;
            if constexpr (std::is_same_v<V, std::string>)
                return v;
            else if constexpr (std::is_same_v<V, bool>)
                return v ? "true" : "false";
            else if constexpr (std::is_same_v<V, double>)
                return number_text(v);
            else
                return std::to_string(v);
        },
        value);
}

void append_json(std::string& out, const Field& field) {
    out += ',';
    quote(out, field.key);
    out += ':';
    if (const auto* text = std::get_if<std::string>(&field.value))
        quote(out, *text);
    else
        out += text_of(field.value);
}

void append_text(std::string& out, const Field& field) {
    const std::string text = text_of(field.value);
    out += ' ';
    out += field.key;
    out += '=';
    if (text.empty() || text.find_first_of(" \"\n=") != std::string::npos)
        quote(out, text);
    else
        out += text;
}

/// What a line for people says of an event, in one line.
std::string body(std::string_view msg, Fields fields) {
    std::string out;
    for (const char c : msg) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    for (const Field& field : fields) append_text(out, field);
    return out;
}

}  // namespace

std::expected<std::array<Level, components.size()>, std::string> parse_levels(
    std::string_view text) {
    const auto level_of = [](std::string_view word) -> std::expected<Level, std::string> {
        const auto it = std::ranges::find(level_names, word);
        if (it != level_names.end()) return static_cast<Level>(it - level_names.begin());
        const std::vector<std::string> known(level_names.begin(), level_names.end());
        return std::unexpected("'" + std::string(word) + "' is no level" + suggestion(word, known) +
                               " (trace, debug, info, warn, error, off)");
    };
    auto levels = Options{}.levels;
    bool first = true;
    while (first || !text.empty()) {
        const auto comma = text.find(',');
        const std::string_view item = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (comma != std::string_view::npos && text.empty())
            return std::unexpected("it ends in a comma");
        const auto equals = item.find('=');
        if (equals == std::string_view::npos) {
            if (!first)
                return std::unexpected("'" + std::string(item) +
                                       "': only the first is for all; write COMPONENT=LEVEL");
            const auto level = level_of(item);
            if (!level) return std::unexpected(level.error());
            levels.fill(*level);
        } else {
            const std::string_view name = item.substr(0, equals);
            if (std::ranges::find(components, name) == components.end()) {
                const std::vector<std::string> known(components.begin(), components.end());
                std::string all;
                for (const auto& k : known) all += (all.empty() ? "" : ", ") + k;
                return std::unexpected("'" + std::string(name) + "' is no component" +
                                       suggestion(name, known) + " (" + all + ")");
            }
            const auto level = level_of(item.substr(equals + 1));
            if (!level) return std::unexpected(level.error());
            levels[index_of(name)] = *level;
        }
        first = false;
    }
    return levels;
}

void set_up(const Options& options) {
    current = options;
    // Results go to standard output, what happens to standard error.
    auto logger = spdlog::stderr_logger_mt("mezz");
    logger->set_pattern("%v");
    logger->set_level(spdlog::level::trace);
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

bool enabled(Level level, std::string_view component) {
    return level >= current.levels[index_of(component)] && level != Level::off;
}

std::string line(Format format, std::uint64_t ms, Level level, std::string_view component,
                 std::string_view msg, Fields fields) {
    std::string out;
    const std::string_view name = level_names[static_cast<std::size_t>(level)];
    if (format == Format::json) {
        out += "{\"ts\":";
        quote(out, time_text(ms));
        append_json(out, {"level", name});
        append_json(out, {"component", component});
        append_json(out, {"msg", msg});
        for (const Field& field : fields) append_json(out, field);
        return out + "}";
    }
    out += time_text(ms);
    out += ' ';
    out += name;
    out += ' ';
    out += component;
    out += ": ";
    return out + body(msg, fields);
}

void observe(std::function<void(const Event&)> observer) {
    observer_of_all = std::move(observer);
}

void write(Level level, std::string_view component, std::string_view msg, Fields fields) {
    const bool shown = enabled(level, component);
    const bool observed = observer_of_all && level >= Level::debug;
    if (!shown && !observed) return;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    const auto ms = static_cast<std::uint64_t>(now);
    if (observed) observer_of_all({ms, level, component, body(msg, fields)});
    if (!shown) return;
    spdlog::default_logger_raw()->log(
        spdlog::level::info,
        spdlog::string_view_t(line(current.format, ms, level, component, msg, fields)));
}

}  // namespace mezz::app::log
