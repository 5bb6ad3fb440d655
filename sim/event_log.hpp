// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What happened, in order. Its digest names a run: equal seeds must give equal digests.

#include <cstdio>
#include <deque>
#include <string>

#include "core/crypto/keccak.hpp"
#include "node/ports/clock.hpp"

namespace mezz::sim {

/// Time of the simulated world. units: milliseconds since 1970.
class SimClock final : public node::Clock {
public:
    explicit SimClock(std::uint64_t now_ms) : now_ms_(now_ms) {}
    std::uint64_t now_ms() override { return now_ms_; }
    void advance(std::uint64_t ms) { now_ms_ += ms; }

private:
    std::uint64_t now_ms_;
};

class EventLog {
public:
    EventLog(SimClock& clock, bool trace)
        : clock_(clock), start_ms_(clock.now_ms()), trace_(trace) {}

    void add(const std::string& text) {
        const std::string line = std::to_string(clock_.now_ms() - start_ms_) + " ms " + text;
        Bytes bytes = to_bytes(digest_);
        bytes.insert(bytes.end(), line.begin(), line.end());
        digest_ = crypto::keccak256(bytes);
        ++count_;
        if (trace_) std::fprintf(stderr, "%s\n", line.c_str());
        last_.push_back(line);
        if (last_.size() > kept) last_.pop_front();
    }
    [[nodiscard]] const Bytes32& digest() const noexcept { return digest_; }
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// The last events, oldest first.
    [[nodiscard]] const std::deque<std::string>& last() const noexcept { return last_; }

private:
    static constexpr std::size_t kept = 60;
    SimClock& clock_;
    std::uint64_t start_ms_;
    bool trace_;
    Bytes32 digest_;
    std::uint64_t count_ = 0;
    std::deque<std::string> last_;
};

}  // namespace mezz::sim
