// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A thread that calls a step function, sleeps as long as it says, and can be woken.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "node/host/threads/standing.hpp"

namespace mezz::app {

/// Of threads that answer requests: they stand behind those that make and derive blocks. What is
/// long and not urgent has the same: it takes no more from answers than they from it.
inline constexpr int polite_niceness = 10;

class Worker {
public:
    /// `step` returns how long to sleep (ms). `niceness`: 0 to 19, of its thread.
    explicit Worker(std::function<std::uint64_t()> step, int niceness = 0)
        : step_(std::move(step)), niceness_(niceness) {}
    ~Worker() { stop(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void start() {
        thread_ = std::thread([this] { run(); });
    }
    void wake() {
        {
            const std::scoped_lock lock(mutex_);
            woken_ = true;
        }
        changed_.notify_one();
    }
    /// No step begins after this.
    void request_stop() {
        {
            const std::scoped_lock lock(mutex_);
            stopping_ = true;
        }
        changed_.notify_one();
    }
    /// Returns when the step under way is done.
    void stop() {
        request_stop();
        if (thread_.joinable()) thread_.join();
    }

private:
    void run() {
        host::stand_back(niceness_);
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            woken_ = false;
            lock.unlock();
            const std::uint64_t sleep_ms = step_();
            lock.lock();
            changed_.wait_for(lock, std::chrono::milliseconds(sleep_ms),
                              [this] { return stopping_ || woken_; });
        }
    }

    std::function<std::uint64_t()> step_;
    int niceness_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool woken_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace mezz::app
