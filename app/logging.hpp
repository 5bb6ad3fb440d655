// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What happens, told on standard error: lines for people, or one JSON object a line.
///
///     log::warn("batcher", "fees were raised", {{"nonce", 7}, {"hash", text}});
///
/// text: 2026-01-02T03:04:05.678Z warn batcher: fees were raised nonce=7 hash=0x…
/// json: {"ts":"2026-01-02T03:04:05.678Z","level":"warn","component":"batcher","msg":"fees were
/// raised","nonce":7,"hash":"0x…"}
///
/// `msg` is the same for every event of a kind, so that it can be searched for; what differs is in
/// the fields. Thread-safe.

#include <array>
#include <cstdint>
#include <expected>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace mezz::app::log {

enum class Level : std::uint8_t { trace, debug, info, warn, error, off };
enum class Format : std::uint8_t { text, json };

/// The parts of the program that speak.
inline constexpr std::array<std::string_view, 13> components{
    "node", "parent",   "derivation", "sequencer", "batcher", "proposer", "challenger",
    "rpc",  "database", "health",     "snapshot",  "console", "lab"};

struct Options {
    Format format = Format::text;
    std::array<Level, components.size()> levels = [] {
        std::array<Level, components.size()> all{};
        all.fill(Level::info);
        return all;
    }();
};

/// Reads "info", or "warn,rpc=debug,batcher=trace": a level for all, then exceptions.
/// errors: what is not known, with the nearest word that is.
std::expected<std::array<Level, components.size()>, std::string> parse_levels(
    std::string_view text);

struct Field {
    using Value = std::variant<std::int64_t, std::uint64_t, double, bool, std::string>;
    Field(std::string_view key_, std::string value_) : key(key_), value(std::move(value_)) {}
    Field(std::string_view key_, std::string_view value_) : key(key_), value(std::string(value_)) {}
    Field(std::string_view key_, const char* value_) : key(key_), value(std::string(value_)) {}
    template <class Number>
        requires std::is_arithmetic_v<Number>
    Field(std::string_view key_, Number number) : key(key_) {
        if constexpr (std::is_same_v<Number, bool>)
            value = number;
        else if constexpr (std::is_floating_point_v<Number>)
            value = double{number};
        else if constexpr (std::is_signed_v<Number>)
            value = std::int64_t{number};
        else
            value = std::uint64_t{number};
    }
    std::string_view key;
    Value value;
};
using Fields = std::initializer_list<Field>;

/// Takes effect for what is told from then on. Call before threads are started.
void set_up(const Options& options);

/// Something that was told.
struct Event {
    std::uint64_t ms = 0;  ///< since 1970
    Level level = Level::info;
    std::string_view component;
    std::string text;  ///< `msg` and its fields, as in a line for people
};
/// Gets every event from debug on, whether it is shown or not; none: nobody does. Call before
/// threads are started.
void observe(std::function<void(const Event&)> observer);

/// Whether it is shown.
[[nodiscard]] bool enabled(Level level, std::string_view component);
/// requires: `component` is one of `components`.
void write(Level level, std::string_view component, std::string_view msg, Fields fields = {});
/// One line, without its end. `ms`: since 1970.
[[nodiscard]] std::string line(Format format, std::uint64_t ms, Level level,
                               std::string_view component, std::string_view msg, Fields fields);

inline void debug(std::string_view component, std::string_view msg, Fields fields = {}) {
    write(Level::debug, component, msg, fields);
}
inline void info(std::string_view component, std::string_view msg, Fields fields = {}) {
    write(Level::info, component, msg, fields);
}
inline void warn(std::string_view component, std::string_view msg, Fields fields = {}) {
    write(Level::warn, component, msg, fields);
}
inline void error(std::string_view component, std::string_view msg, Fields fields = {}) {
    write(Level::error, component, msg, fields);
}

}  // namespace mezz::app::log
