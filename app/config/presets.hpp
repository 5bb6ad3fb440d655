// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The files of presets/, in the binary.

#include <span>
#include <string>
#include <string_view>

namespace mezz::app {

struct Preset {
    std::string_view name;  ///< "optimism", of optimism.toml
    std::string_view text;  ///< TOML
};

std::span<const Preset> all_presets();
/// returns: nullptr when there is none.
const Preset* find_preset(std::string_view name);
/// The first sentence of its comment.
std::string summary(const Preset& preset);

}  // namespace mezz::app
