// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "node/host/platform/system_clock.hpp"

namespace mezz::app {

/// The time of day, and what developers put on top of it. It never goes back. One clock for a chain
/// and its parent: a block may not be far ahead of the parent block that publishes it. Thread-safe.
class DevClock final : public node::Clock {
public:
    [[nodiscard]] std::uint64_t now_ms() override { return system_.now_ms() + ahead_ms_; }
    /// returns: how far ahead it is. units: milliseconds.
    std::uint64_t advance(std::uint64_t ms) { return ahead_ms_ += ms; }
    /// Forward to a time; nothing when that is past.
    void advance_to(std::uint64_t at_ms) {
        const std::uint64_t now = now_ms();
        if (at_ms > now) ahead_ms_ += at_ms - now;
    }

private:
    host::SystemClock system_;
    std::atomic<std::uint64_t> ahead_ms_ = 0;
};

}  // namespace mezz::app
