// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Any file is an image or has a reason, and what an image holds lies in the right memory.

#include "core/base/assert.hpp"
#include "core/riscv/state.hpp"
#include "node/prove/machine/image.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace mezz;
    const auto image = node::prove::load_elf({data, size});
    if (!image) return 0;
    ASSERT(!image->code.empty() || !image->data.empty());
    for (const auto& s : image->code) ASSERT(s.address + s.bytes.size() <= riscv::CODE_END);
    for (const auto& s : image->data) {
        ASSERT(s.address >= riscv::DATA_START);
        ASSERT(s.address + s.bytes.size() <= riscv::DATA_END);
    }
    return 0;
}
