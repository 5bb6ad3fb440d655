// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Other threads as a port: work that may go on beside its caller.
///
/// What jobs compute never depends on when or where they run, so a simulation, which runs them at
/// once on its only thread, takes the same path to the same bytes.

#include <cstddef>
#include <functional>

namespace mezz::node {

class Helper {
public:
    virtual ~Helper() = default;
    /// Runs job(0) … job(count - 1), each once, in any order, here and on other threads. The jobs
    /// share nothing that one of them writes. Returns when all are done.
    virtual void for_each(std::size_t count, const std::function<void(std::size_t)>& job) = 0;
    /// Runs `job` after those started before it, possibly on another thread and later. What it
    /// uses is its own until `wait` returns.
    virtual void start(std::function<void()> job) = 0;
    /// Returns when everything started is done.
    virtual void wait() = 0;
};

/// Does everything at once, on the caller's thread.
class InlineHelper final : public Helper {
public:
    void for_each(std::size_t count, const std::function<void(std::size_t)>& job) override {
        for (std::size_t i = 0; i < count; ++i) job(i);
    }
    void start(std::function<void()> job) override { job(); }
    void wait() override {}
};

}  // namespace mezz::node
