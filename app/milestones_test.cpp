// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/milestones.hpp"

#include <gtest/gtest.h>

#include "app/log_ring.hpp"

namespace mezz::app {
namespace {

class MilestonesTest : public testing::Test {
protected:
    ~MilestonesTest() override { log::observe({}); }
    std::shared_ptr<LogRing> ring = LogRing::attach();
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
    EXPECT_EQ(lines[0].message, "entries landed entries=2 block=9 bytes=300 payload_bytes=450");
    status.driver.derived.inbox_count = 3;
    milestones.note(status);
    status.driver.derived.inbox_count = 1;
    milestones.note(status);
    const auto more = ring->after(lines[0].sequence);
    ASSERT_EQ(more.size(), 2u);
    EXPECT_EQ(more[1].message, "entries undone by the parent entries=1");
}

}  // namespace
}  // namespace mezz::app
