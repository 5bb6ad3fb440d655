// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/log_ring.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

TEST(log_ring, keeps_what_is_logged_shown_or_not) {
    const auto ring = LogRing::attach();
    log::debug("batcher", "entry landed", {{"entry", 3}, {"why", "it was full"}});
    log::warn("health", "the disk is nearly full");
    log::write(log::Level::trace, "rpc", "too fine");
    log::observe({});
    log::warn("health", "nobody listens");
    const auto lines = ring->after(0);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].component, "batcher");
    EXPECT_EQ(lines[0].message, "entry landed entry=3 why=\"it was full\"");
    EXPECT_EQ(lines[0].level, "debug");
    EXPECT_GT(lines[0].time_ms, 1'700'000'000'000u);
    EXPECT_EQ(lines[1].level, "warning");
    EXPECT_EQ(ring->after(lines[0].sequence).size(), 1u);
    EXPECT_TRUE(ring->after(lines[1].sequence).empty());
}

TEST(log_ring, old_lines_make_room) {
    LogRing ring;
    for (std::size_t i = 0; i < LogRing::max_lines + 5; ++i)
        ring.take({i, log::Level::info, "node", "line"});
    const auto lines = ring.after(0);
    EXPECT_EQ(lines.size(), LogRing::max_lines);
    EXPECT_EQ(lines.front().sequence, 6u);
}

}  // namespace
}  // namespace mezz::app
