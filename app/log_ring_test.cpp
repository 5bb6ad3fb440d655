// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/log_ring.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

namespace mezz::app {
namespace {

TEST(log_ring, keeps_the_latest_lines_with_their_component) {
    auto ring = std::make_shared<LogRing>();
    spdlog::logger logger("test", ring);
    logger.info("batcher: entry 3 landed");
    logger.warn("the disk is nearly full: 3 MiB");
    const auto lines = ring->after(0);
    ASSERT_EQ(lines.size(), 2u);
    EXPECT_EQ(lines[0].component, "batcher");
    EXPECT_EQ(lines[0].message, "entry 3 landed");
    EXPECT_EQ(lines[0].level, "info");
    EXPECT_EQ(lines[1].component, "");
    EXPECT_EQ(lines[1].level, "warning");
    EXPECT_EQ(ring->after(lines[0].sequence).size(), 1u);
    EXPECT_TRUE(ring->after(lines[1].sequence).empty());
}

TEST(log_ring, old_lines_make_room) {
    auto ring = std::make_shared<LogRing>();
    spdlog::logger logger("test", ring);
    for (std::size_t i = 0; i < LogRing::max_lines + 5; ++i) logger.info("line");
    const auto lines = ring->after(0);
    EXPECT_EQ(lines.size(), LogRing::max_lines);
    EXPECT_EQ(lines.front().sequence, 6u);
}

}  // namespace
}  // namespace mezz::app
