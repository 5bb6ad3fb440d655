// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How long a call may run, whatever gas it has: ends it at a deadline, or when the node stops.
///
///     TimeLimit limit(chain.make_runner(), 5'000, stopping);
///     ... run calls with limit as their Runner ...
///     limit.check();                                  // throws when one of them was ended
///
/// It looks at the clock where a frame starts or goes on after a call and, in frames with more gas
/// than is soon used up, at jump destinations: no loop is without one. Those frames run on the
/// plain instructions, which are slower and tell where they are.

#include <atomic>
#include <chrono>
#include <memory>

#include "core/vm/evm/machine.hpp"

namespace mezz::rpc {

/// Owned by one thread.
class TimeLimit final : public evm::Runner {
public:
    /// `fast`: runs frames that end soon; may be null. Keeps the reference.
    TimeLimit(std::unique_ptr<evm::Runner> fast, std::uint64_t limit_ms,
              const std::atomic<bool>& stopping)
        : fast_(std::move(fast)),
          limit_ms_(limit_ms),
          deadline_(std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms)),
          stopping_(stopping) {}

    bool run(evm::Frame& frame) override;

    /// Looks at the clock. returns: whether execution must end; its effects are of no use then.
    bool is_over();
    /// Whether it was ended.
    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Throws why execution was ended, if it was.
    void check() const;
    /// For the instructions that look: seldom, as the clock is slow.
    bool is_over_now_and_then() { return ++looks_ % LOOKS_A_CLOCK == 0 && is_over(); }

private:
    static constexpr std::uint64_t LOOKS_A_CLOCK = 256;

    std::unique_ptr<evm::Runner> fast_;
    std::uint64_t limit_ms_;
    std::chrono::steady_clock::time_point deadline_;
    const std::atomic<bool>& stopping_;
    std::uint64_t looks_ = 0;
    bool ended_ = false;
    bool node_stops_ = false;
};

}  // namespace mezz::rpc
