// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// A planted bug that the harness must find: tools/test.py fails when this target does not.
/// Random bytes do not get there; only coverage leads to one byte after another.

#include <cstddef>
#include <cstdint>

#include "core/base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size >= 4 && data[0] == 'm' && data[1] == 'e' && data[2] == 'z' && data[3] == 'z')
        ASSERT(size == 0);
    return 0;
}
