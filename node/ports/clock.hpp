// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace mezz::node {

/// Time as a port, so that a simulation decides what it is.
class Clock {
public:
    virtual ~Clock() = default;
    /// units: milliseconds since 1970.
    [[nodiscard]] virtual std::uint64_t now_ms() = 0;
};

}  // namespace mezz::node
