// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/config/presets.hpp"

#include <algorithm>

#include "app/embedded.hpp"

namespace mezz::app {
namespace {

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc23-extensions"
#include "app/presets.inc"
#pragma clang diagnostic pop

}  // namespace

std::span<const Preset> all_presets() {
    return presets;
}

const Preset* find_preset(std::string_view name) {
    const auto* at = std::ranges::find(presets, name, &Preset::name);
    return at == std::end(presets) ? nullptr : at;
}

std::string summary(const Preset& preset) {
    const auto line = preset.text.substr(0, preset.text.find('\n'));
    const auto start = line.find_first_not_of("# ");
    return start == std::string_view::npos ? std::string() : std::string(line.substr(start));
}

}  // namespace mezz::app
