// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/stage_latency.hpp"

#include <algorithm>

namespace mezz::app {

std::string_view name_of(TripStage stage) {
    switch (stage) {
        case TripStage::included:
            return "included";
        case TripStage::safe:
            return "safe";
        case TripStage::finalized:
            return "finalized";
        case TripStage::claimed:
            return "claimed";
        case TripStage::settled:
            return "settled";
    }
    return "unknown";
}

void StageLatency::pending(const Bytes32& hash, std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    if (trips_.size() >= max_tracked) return;
    trips_.try_emplace(hash, Trip{now_ms, {}, {}});
}

std::vector<Bytes32> StageLatency::waiting() const {
    const std::scoped_lock lock(mutex_);
    std::vector<Bytes32> out;
    for (const auto& [hash, trip] : trips_)
        if (!trip.block) out.push_back(hash);
    return out;
}

void StageLatency::reach(Trip& trip, TripStage stage, std::uint64_t now_ms) {
    const auto i = static_cast<std::size_t>(stage);
    if (trip.reached[i]) return;
    trip.reached[i] = true;
    auto& kept = latencies_[i];
    // The clock may have been set back.
    kept.push_back(now_ms > trip.since_ms ? now_ms - trip.since_ms : 0);
    if (kept.size() > max_kept) kept.pop_front();
}

void StageLatency::included(const Bytes32& hash, std::uint64_t block, std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    const auto it = trips_.find(hash);
    if (it == trips_.end()) return;
    it->second.block = block;
    reach(it->second, TripStage::included, now_ms);
}

void StageLatency::advance(const TripHeads& heads, std::uint64_t now_ms) {
    const std::scoped_lock lock(mutex_);
    for (auto it = trips_.begin(); it != trips_.end();) {
        Trip& trip = it->second;
        if (trip.block) {
            const auto passed = [&](const std::optional<std::uint64_t>& head) {
                return head && *trip.block <= *head;
            };
            if (passed(heads.safe)) reach(trip, TripStage::safe, now_ms);
            if (passed(heads.finalized)) reach(trip, TripStage::finalized, now_ms);
            if (passed(heads.claimed)) reach(trip, TripStage::claimed, now_ms);
            if (passed(heads.settled)) reach(trip, TripStage::settled, now_ms);
        }
        const bool arrived = heads.settled
                                 ? trip.reached[static_cast<std::size_t>(TripStage::settled)]
                                 : trip.reached[static_cast<std::size_t>(TripStage::finalized)];
        it = arrived || now_ms > trip.since_ms + forget_after_ms ? trips_.erase(it) : std::next(it);
    }
}

LatencySummary StageLatency::summary(TripStage stage) const {
    std::vector<std::uint64_t> sorted;
    {
        const std::scoped_lock lock(mutex_);
        const auto& kept = latencies_[static_cast<std::size_t>(stage)];
        sorted.assign(kept.begin(), kept.end());
    }
    if (sorted.empty()) return {};
    std::ranges::sort(sorted);
    // Nearest rank: the least value that so many percent do not exceed.
    const auto rank = [&](std::size_t percent) {
        return sorted[(sorted.size() * percent + 99) / 100 - 1];
    };
    return {sorted.size(), rank(50), rank(95), rank(99)};
}

}  // namespace mezz::app
