// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any text as mezz.toml is values in the order of their lines, or an error with its place; and a
/// value that its setting takes is written to files as it was meant.

#include "app/config/keys.hpp"
#include "app/config/toml_file.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz::app;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto values = parse_toml(text, "mezz.toml");
    if (!values) {
        ASSERT(values.error().starts_with("mezz.toml:"));
        return 0;
    }
    unsigned line = 0;
    for (const auto& value : *values) {
        ASSERT(value.line >= line);
        line = value.line;
        ASSERT(value.items.empty() || value.type == TomlType::strings);
        const Key* key = find_key(value.key);
        if (key == nullptr) continue;
        const auto flag = flag_text(*key, value.text);
        if (!flag) {
            ASSERT(!flag.error().empty());
            continue;
        }
        const auto again = flag_text(*key, file_text(*key, *flag));
        ASSERT(again && *again == *flag);
    }
    return 0;
}
