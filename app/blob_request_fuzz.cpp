// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any target of the blob endpoint.

#include "app/blob_request.hpp"
#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto request = app::parse_blob_request(text);
    if (request)
        ASSERT(request->versioned_hashes.size() <= size / 64);
    else
        ASSERT(!request.error().empty());
    return 0;
}
