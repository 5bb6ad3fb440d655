// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/milestones.hpp"

#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include "app/log_ring.hpp"

namespace mezz::app {
namespace {

class MilestonesTest : public testing::Test {
protected:
    void SetUp() override {
        kept_ = spdlog::default_logger();
        ring = std::make_shared<LogRing>();
        auto logger = std::make_shared<spdlog::logger>("test", ring);
        logger->set_level(spdlog::level::debug);
        spdlog::set_default_logger(logger);
    }
    void TearDown() override { spdlog::set_default_logger(kept_); }
    std::shared_ptr<LogRing> ring;

private:
    std::shared_ptr<spdlog::logger> kept_;
};

TEST_F(MilestonesTest, say_what_changed_and_nothing_else) {
    Milestones milestones;
    RollupStatus status;
    milestones.note(status);
    milestones.note(status);
    ASSERT_EQ(ring->after(0).size(), 1u);
    status.batcher.entries_landed = 2;
    status.batcher.published_bytes = 300;
    status.batcher.payload_bytes = 450;
    status.batcher.last_taken_block = 9;
    milestones.note(status);
    const auto lines = ring->after(1);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].component, "batcher");
    EXPECT_EQ(lines[0].message,
              "2 entries landed, up to block 9; 300 bytes of 450 before compression");
    status.driver.derived.inbox_count = 3;
    milestones.note(status);
    status.driver.derived.inbox_count = 1;
    milestones.note(status);
    const auto more = ring->after(lines[0].sequence);
    ASSERT_EQ(more.size(), 2u);
    EXPECT_EQ(more[1].message, "back to 1 inbox entries: the parent undid the others");
}

}  // namespace
}  // namespace mezz::app
