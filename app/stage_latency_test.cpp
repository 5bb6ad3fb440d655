// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/stage_latency.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

Bytes32 hash_of(std::uint8_t n) {
    Bytes32 h{};
    h[31] = n;
    return h;
}

TEST(stage_latency, counts_from_the_pool_to_each_stage) {
    StageLatency latency;
    latency.pending(hash_of(1), 1000);
    EXPECT_EQ(latency.waiting().size(), 1u);
    latency.included(hash_of(1), 7, 1400);
    EXPECT_TRUE(latency.waiting().empty());
    latency.advance({6, 6, 6, 6}, 1500);
    EXPECT_EQ(latency.summary(TripStage::safe).count, 0u);
    latency.advance({7, 6, 6, 6}, 2000);
    latency.advance({8, 6, 6, 6}, 9000);
    EXPECT_EQ(latency.summary(TripStage::included).p50_ms, 400u);
    EXPECT_EQ(latency.summary(TripStage::safe).count, 1u);
    EXPECT_EQ(latency.summary(TripStage::safe).p99_ms, 1000u);
    EXPECT_EQ(latency.summary(TripStage::finalized).count, 0u);
}

TEST(stage_latency, percentiles_are_nearest_ranks) {
    StageLatency latency;
    for (std::uint8_t i = 1; i <= 100; ++i) {
        latency.pending(hash_of(i), 0);
        latency.included(hash_of(i), 1, i);
    }
    const auto s = latency.summary(TripStage::included);
    EXPECT_EQ(s.count, 100u);
    EXPECT_EQ(s.p50_ms, 50u);
    EXPECT_EQ(s.p95_ms, 95u);
    EXPECT_EQ(s.p99_ms, 99u);
}

TEST(stage_latency, a_node_without_proposer_ends_at_finality) {
    StageLatency latency;
    for (std::size_t i = 0; i < StageLatency::max_tracked + 10; ++i)
        latency.pending(Bytes32{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)},
                        5);
    EXPECT_EQ(latency.waiting().size(), StageLatency::max_tracked);
    for (const auto& h : latency.waiting()) latency.included(h, 3, 6);
    latency.advance({3, 3, {}, {}}, 10);
    latency.pending(hash_of(200), 20);
    EXPECT_EQ(latency.waiting().size(), 1u) << "those that arrived made room";
    EXPECT_EQ(latency.summary(TripStage::claimed).count, 0u);
}

TEST(stage_latency, what_never_comes_is_forgotten) {
    StageLatency latency;
    latency.pending(hash_of(1), 0);
    latency.advance({}, StageLatency::forget_after_ms);
    EXPECT_EQ(latency.waiting().size(), 1u);
    latency.advance({}, StageLatency::forget_after_ms + 1);
    EXPECT_TRUE(latency.waiting().empty());
}

}  // namespace
}  // namespace mezz::app
