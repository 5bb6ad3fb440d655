// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any frame decodes within the bound or gives a reason, the same twice.

#include "core/base/assert.hpp"
#include "core/codec/zstd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    constexpr std::size_t bound = 1 << 20;
    const auto first = zstd_decompress({data, size}, bound);
    if (!first) return 0;
    ASSERT(first->size() <= bound);
    ASSERT(zstd_decompress({data, size}, first->size()) == first);
    if (!first->empty())
        ASSERT(zstd_decompress({data, size}, first->size() - 1) ==
               std::unexpected(ZstdError::too_large));
    return 0;
}
