// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A helper that does what was started as late as it may: when it is waited for. So a simulation
/// meets blocks that are not durable yet, and a crash loses them, the same in every run.

#include <cstdint>
#include <deque>

#include "node/ports/helper.hpp"

namespace mezz::sim {

class LateHelper final : public node::Helper {
public:
    void for_each(std::size_t count, const std::function<void(std::size_t)>& job) override {
        for (std::size_t i = count; i > 0; --i) job(i - 1);
    }
    void start(std::function<void()> job) override { jobs_.push_back(std::move(job)); }
    void wait() override {
        for (; !jobs_.empty(); jobs_.pop_front()) jobs_.front()();
    }
    /// Power is lost before the jobs were done.
    void drop() { jobs_.clear(); }

private:
    std::deque<std::function<void()>> jobs_;
};

/// Does everything at once, and counts it.
class CountingHelper final : public node::Helper {
public:
    void for_each(std::size_t count, const std::function<void(std::size_t)>& job) override {
        for (std::size_t i = 0; i < count; ++i) job(i);
    }
    void start(std::function<void()> job) override {
        ++started_;
        job();
    }
    void wait() override {}
    [[nodiscard]] std::uint64_t started() const noexcept { return started_; }

private:
    std::uint64_t started_ = 0;
};

}  // namespace mezz::sim
