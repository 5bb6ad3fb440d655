// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any text as the manifest of a snapshot: what is read is written and read alike.
#include "app/manifest.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto m =
        mezz::app::parse_manifest({reinterpret_cast<const char*>(data), size}, "manifest.json");
    if (!m) {
        ASSERT(m.error().message.starts_with("manifest.json: "));
        return 0;
    }
    for (const auto& f : m->files) ASSERT(f.name.find('/') == std::string::npos);
    const std::string text = to_json(*m);
    const auto again = mezz::app::parse_manifest(text, "manifest.json");
    ASSERT(again && to_json(*again) == text);
    return 0;
}
