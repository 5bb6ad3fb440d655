// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How long transactions take from the pool to each stage of their trip: percentiles over the
/// latest of them. A sample, not a census: at most `max_tracked` are followed at a time.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::app {

enum class TripStage : std::uint8_t { included, safe, finalized, claimed, settled };
inline constexpr std::size_t trip_stages = 5;
[[nodiscard]] std::string_view name_of(TripStage stage);

/// Block numbers that stages have reached; none: the node does not know (it has no proposer).
struct TripHeads {
    std::uint64_t safe = 0, finalized = 0;
    std::optional<std::uint64_t> claimed, settled;
};

/// units: milliseconds since the pool took the transaction.
struct LatencySummary {
    std::size_t count = 0;
    std::uint64_t p50_ms = 0, p95_ms = 0, p99_ms = 0;
};

/// Thread-safe.
class StageLatency {
public:
    static constexpr std::size_t max_tracked = 256, max_kept = 1000;
    static constexpr std::uint64_t forget_after_ms = 3'600'000;

    /// The pool took it.
    void pending(const Bytes32& hash, std::uint64_t now_ms);
    /// Those followed that are in no block yet.
    [[nodiscard]] std::vector<Bytes32> waiting() const;
    void included(const Bytes32& hash, std::uint64_t block, std::uint64_t now_ms);
    /// Moves on what the heads have passed; forgets what is too old.
    void advance(const TripHeads& heads, std::uint64_t now_ms);
    [[nodiscard]] LatencySummary summary(TripStage stage) const;

private:
    struct Trip {
        std::uint64_t since_ms = 0;
        std::optional<std::uint64_t> block;
        std::array<bool, trip_stages> reached{};
    };
    void reach(Trip& trip, TripStage stage, std::uint64_t now_ms);

    mutable std::mutex mutex_;
    std::map<Bytes32, Trip> trips_;
    std::array<std::deque<std::uint64_t>, trip_stages> latencies_;
};

}  // namespace mezz::app
