// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "sim/world.hpp"

namespace mezz::sim {
namespace {

TEST(sim, one_seed_replays_exactly) {
    WorldOptions options;
    options.seed = 3;
    options.steps = 800;
    const Outcome first = run(options), second = run(options);
    EXPECT_TRUE(first.ok) << first.invariant << ": " << first.detail;
    EXPECT_EQ(first.digest, second.digest);
    EXPECT_EQ(first.events, second.events);
    options.seed = 4;
    EXPECT_NE(run(options).digest, first.digest);
}

TEST(sim, reading_ahead_shows_in_nothing) {
    WorldOptions options;
    options.seed = 5;
    options.steps = 800;
    const Outcome slow = run(options);
    options.slow_disks = false;
    const Outcome fast = run(options);
    EXPECT_TRUE(slow.ok) << slow.invariant << ": " << slow.detail;
    EXPECT_GT(slow.sequencer_readings, 0U);
    EXPECT_GT(slow.verifier_readings, 0U);
    EXPECT_EQ(fast.sequencer_readings + fast.verifier_readings, 0U);
    EXPECT_EQ(slow.digest, fast.digest);
    EXPECT_EQ(slow.blocks, fast.blocks);
}

TEST(sim, catches_a_verifier_that_reads_an_altered_entry) {
    WorldOptions options;
    options.seed = 3;
    options.steps = 800;
    options.altered_entry = 0;
    const Outcome outcome = run(options);
    EXPECT_FALSE(outcome.ok);
    EXPECT_FALSE(outcome.invariant.empty());
}

}  // namespace
}  // namespace mezz::sim
