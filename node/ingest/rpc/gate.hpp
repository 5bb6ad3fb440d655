// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Few at a time: the rest waits a while, in a short queue, and is then turned away.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace mezz::rpc {

/// Thread-safe. Must outlive its passes.
class Gate {
public:
    /// Leaves when destroyed.
    class Pass {
    public:
        explicit Pass(Gate& gate) : gate_(&gate) {}
        Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
        Pass(const Pass&) = delete;
        Pass& operator=(Pass&&) = delete;
        ~Pass() {
            if (gate_ != nullptr) gate_->leave();
        }

    private:
        Gate* gate_;
    };

    Gate(std::size_t places, std::size_t waiting, std::uint64_t wait_ms)
        : free_(places), may_wait_(waiting), wait_ms_(wait_ms) {}

    /// returns: none when all places are taken and stay so, or too many wait already.
    std::optional<Pass> enter() {
        std::unique_lock lock(mutex_);
        if (free_ == 0) {
            if (may_wait_ == 0) return std::nullopt;
            --may_wait_;
            const bool freed = left_.wait_for(lock, std::chrono::milliseconds(wait_ms_),
                                              [this] { return free_ > 0; });
            ++may_wait_;
            if (!freed) return std::nullopt;
        }
        --free_;
        return Pass(*this);
    }

private:
    void leave() {
        {
            const std::scoped_lock lock(mutex_);
            ++free_;
        }
        left_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable left_;
    std::size_t free_;
    std::size_t may_wait_;
    std::uint64_t wait_ms_;
};

}  // namespace mezz::rpc
