// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any text as deployment.json is a deployment that is written as it was meant, or an error with
/// its name.

#include "app/deployment_file.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const auto d =
        app::parse_deployment({reinterpret_cast<const char*>(data), size}, "deployment.json");
    if (!d) {
        ASSERT(d.error().handling == node::Handling::fatal);
        ASSERT(d.error().message.starts_with("deployment.json: "));
        return 0;
    }
    const auto again = app::parse_deployment(app::to_json(*d), "deployment.json");
    ASSERT(again && *again == *d);
    ASSERT(!app::difference(d->settings, again->settings));
    return 0;
}
