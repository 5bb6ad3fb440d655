// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "node/ports/clock.hpp"

namespace mezz::host {

class SystemClock final : public node::Clock {
public:
    [[nodiscard]] std::uint64_t now_ms() override {
        return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                              std::chrono::system_clock::now().time_since_epoch())
                                              .count());
    }
};

}  // namespace mezz::host
