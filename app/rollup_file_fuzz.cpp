// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any text as rollup.json is a file that is written as it was meant, or an error with its name.

#include "app/rollup_file.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto file = app::parse_rollup_file(text, "rollup.json");
    if (!file) {
        ASSERT(file.error().handling == node::Handling::fatal);
        ASSERT(file.error().message.starts_with("rollup.json: "));
    } else {
        const std::string written = app::to_json(*file);
        const auto again = app::parse_rollup_file(written, "rollup.json");
        ASSERT(again && app::to_json(*again) == written);
    }
    // The specification inside, without the text around it.
    const ByteView input{data, size};
    if (const auto spec = derive::decode_rollup_spec(input))
        ASSERT(equal(derive::encode(*spec), input));
    return 0;
}
