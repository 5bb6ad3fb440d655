// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace mezz {

void assert_failed(const char* expression, const char* file, int line) noexcept {
    std::fprintf(stderr, "bug: assertion '%s' failed at %s:%d\n", expression, file, line);
    std::abort();
}

}  // namespace mezz
