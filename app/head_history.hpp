// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where the heads were, once a second: what charts show of the time before a page was opened.

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace mezz::app {

struct HeadSample {
    std::uint64_t time_ms = 0;  ///< since 1970
    std::uint64_t unsafe = 0, safe = 0, finalized = 0, claimed = 0, settled = 0;
    std::uint64_t parent = 0;  ///< last parent block seen
    std::uint64_t pending = 0, queued = 0;
    /// Of entries this node's batcher landed since it started.
    std::uint64_t payload_bytes = 0, published_bytes = 0;
};

/// Thread-safe.
class HeadHistory {
public:
    static constexpr std::uint64_t interval_ms = 1000;
    static constexpr std::size_t max_samples = 1800;

    void add(const HeadSample& sample) {
        const std::scoped_lock lock(mutex_);
        samples_.push_back(sample);
        if (samples_.size() > max_samples) samples_.pop_front();
    }
    /// Samples taken after that time, oldest first.
    [[nodiscard]] std::vector<HeadSample> after(std::uint64_t time_ms) const {
        const std::scoped_lock lock(mutex_);
        std::vector<HeadSample> out;
        for (const auto& s : samples_)
            if (s.time_ms > time_ms) out.push_back(s);
        return out;
    }

private:
    mutable std::mutex mutex_;
    std::deque<HeadSample> samples_;
};

}  // namespace mezz::app
