// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/flags.hpp"

namespace mezz::app {

CLI::Validator duration_units(const Key& key) {
    const std::uint64_t unit_ms = key.unit_ms;
    return CLI::Validator(
        [unit_ms](std::string& text) -> std::string {
            const auto ms = parse_duration(text);
            if (!ms) return "";
            if (*ms % unit_ms != 0) return "'" + text + "' is no whole number of seconds";
            text = std::to_string(*ms / unit_ms);
            return "";
        },
        "");
}

}  // namespace mezz::app
