// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/spec/revision.hpp"

namespace mezz {
namespace {

constexpr std::string_view NAMES[REVISION_COUNT] = {
    "Frontier",       "Homestead",         "EIP150",   "EIP158", "Byzantium",
    "Constantinople", "ConstantinopleFix", "Istanbul", "Berlin", "London",
    "Paris",          "Shanghai",          "Cancun",   "Prague", "Osaka",
};

struct Alias {
    std::string_view text;
    Revision revision;
};
constexpr Alias ALIASES[] = {
    {"TangerineWhistle", Revision::tangerine_whistle},
    {"SpuriousDragon", Revision::spurious_dragon},
    {"Petersburg", Revision::petersburg},
    {"Merge", Revision::paris},
};

}  // namespace

std::string_view name(Revision rev) noexcept {
    return NAMES[static_cast<unsigned>(rev)];
}

std::optional<Revision> revision_from_name(std::string_view text) noexcept {
    for (unsigned i = 0; i < REVISION_COUNT; ++i)
        if (NAMES[i] == text) return static_cast<Revision>(i);
    for (const Alias& alias : ALIASES)
        if (alias.text == text) return alias.revision;
    return std::nullopt;
}

}  // namespace mezz
