// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any bytes as a contract's answer: what is read lies in them, and what is encoded is read back.

#include "core/base/assert.hpp"
#include "node/host/signing/abi.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    using namespace mezz::node;
    const ByteView input{data, size};
    for (std::size_t i = 0; i < 6; ++i) {
        ASSERT(abi::word_at(input, i).has_value() == (size >= 32 * (i + 1)));
        if (const auto bytes = abi::bytes_at(input, i)) ASSERT(bytes->size() + 32 <= size);
    }
    (void)abi::bytes_at(input, ~std::size_t{0});

    const std::size_t half = size / 2;
    const Bytes first = to_bytes(input.first(half)), second = to_bytes(input.subspan(half));
    const Bytes encoded = abi::Words().bytes(first).word(size).bytes(second).finish();
    ASSERT(abi::bytes_at(encoded, 0) == first);
    ASSERT(abi::word_at(encoded, 1) == uint256{size});
    ASSERT(abi::bytes_at(encoded, 2) == second);
    return 0;
}
