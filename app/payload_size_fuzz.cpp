// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any bytes as the data of an inbox entry: what the header says is what decompression gives.

#include "app/payload_size.hpp"
#include "core/base/assert.hpp"
#include "core/codec/zstd.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const ByteView bytes(data, size);
    const auto said = app::payload_size(bytes);
    if (size == 0 || bytes[0] != 1) return 0;
    const auto payload = zstd_decompress(bytes.subspan(1), 1 << 20);
    if (payload && said) ASSERT(*said == payload->size());
    return 0;
}
