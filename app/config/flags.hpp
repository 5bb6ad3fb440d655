// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Flags made of the table of settings, so that a flag and its key take the same values.

#include <CLI/CLI.hpp>
#include <type_traits>

#include "app/config/keys.hpp"
#include "core/base/assert.hpp"

namespace mezz::app {

/// "1s" becomes a number of the key's units; anything else is left as it is.
[[nodiscard]] CLI::Validator duration_units(const Key& key);

/// The option of the setting whose flag this is ("--block-time"). Keeps a reference to `value`
/// until the command line is parsed. `what`: instead of the table's sentence.
template <class T>
CLI::Option* add_flag_of_key(CLI::App& command, std::string_view flag, T& value,
                             std::string what = {}) {
    const Key* key = key_of_flag(flag);
    ASSERT(key != nullptr);
    if (what.empty()) what = key->what;
    if (key->kind == KeyKind::duration)
        what += key->unit_ms == 1 ? ", in milliseconds or as 1s" : ", in seconds or as 1m";
    const std::string name(flag);
    if constexpr (std::is_same_v<T, bool>)
        return command.add_flag(name, value, what)->default_str(value ? "true" : "false");
    CLI::Option* option = command.add_option(name, value, what);
    switch (key->kind) {
        case KeyKind::duration:
            option->transform(duration_units(*key));
            [[fallthrough]];
        case KeyKind::number:
            option->check(CLI::Range(key->least, key->most));
            break;
        case KeyKind::size:
            option->check(CLI::Range(key->least, key->most))->transform(CLI::AsSizeValue(false));
            break;
        case KeyKind::choice:
            option->check(
                CLI::IsMember(std::vector<std::string>(key->choices.begin(), key->choices.end())));
            break;
        case KeyKind::list:
            option->delimiter(',');
            break;
        default:
            break;
    }
    return option;
}

}  // namespace mezz::app
