// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any words, from any registers: the definition, the fast interpreter and the witnesses agree.

#include "core/base/assert.hpp"
#include "node/prove/machine/test_programs.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    using namespace mezz::node::prove;
    if (size < 12) return 0;
    std::mt19937_64 random{load_le64(data)};
    const riscv::Hart hart = node::prove::testing::random_hart(random);
    node::prove::testing::Words words;
    for (std::size_t at = 8; at + 4 <= size; at += 4) words.push_back(load_le32(data + at));
    // A witness costs as much as thousands of steps.
    const bool witnesses = data[0] % 32 == 0;
    const auto different =
        node::prove::testing::difference(words, hart, witnesses ? 30 : 200, random, witnesses);
    ASSERT(!different.has_value());
    return 0;
}
