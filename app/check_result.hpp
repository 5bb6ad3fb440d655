// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How one thing that was looked at is, in `mezz doctor` and `mezz l1 verify`.

#include <cstdint>
#include <string>

#include "app/talk.hpp"

namespace mezz::app {

enum class CheckResult : std::uint8_t {
    ok,
    warning,  ///< it works, but somebody should look
    failed,
    skipped,  ///< what it needs was not given, or is not there
};

/// "ok", "warning", "failed", "skipped": stable.
constexpr const char* name_of(CheckResult result) noexcept {
    switch (result) {
        case CheckResult::ok:
            return "ok";
        case CheckResult::warning:
            return "warning";
        case CheckResult::failed:
            return "failed";
        case CheckResult::skipped:
            return "skipped";
    }
    return "unknown";
}

/// The name in eight columns, for a table on standard output, in its colour.
inline std::string told(CheckResult result) {
    std::string name = name_of(result);
    constexpr std::size_t columns = 8;
    const std::string rest(columns - name.size(), ' ');
    if (result == CheckResult::skipped) return name + rest;
    const Tone tone = result == CheckResult::ok       ? Tone::good
                      : result == CheckResult::failed ? Tone::bad
                                                      : Tone::doubtful;
    return painted(stdout, tone, name) + rest;
}

}  // namespace mezz::app
