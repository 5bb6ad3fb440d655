// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/game.hpp"

#include <gtest/gtest.h>

namespace mezz::sim {
namespace {

TEST(game, one_seed_replays_exactly) {
    const GameOutcome first = play({3}), second = play({3});
    EXPECT_TRUE(first.ok) << first.invariant << ": " << first.detail;
    EXPECT_EQ(first.digest, second.digest);
    EXPECT_EQ(first.moves, second.moves);
    EXPECT_NE(play({4}).digest, first.digest);
}

/// The model must be able to fail: without an honest party a lie becomes final.
TEST(game, without_an_honest_party_a_lie_becomes_final) {
    GameOptions options;
    options.honest = false;
    bool noticed = false;
    for (options.seed = 1; options.seed <= 10 && !noticed; ++options.seed)
        noticed = play(options).invariant == "the honest root wins";
    EXPECT_TRUE(noticed);
}

}  // namespace
}  // namespace mezz::sim
