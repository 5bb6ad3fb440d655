// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/sync_progress.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

std::string progress(const char* starting, const char* current, const char* highest) {
    return std::string(R"({"startingBlock":")") + starting + R"(","currentBlock":")" + current +
           R"(","highestBlock":")" + highest + R"("})";
}

TEST(sync_progress, a_node_catches_up_until_every_entry_is_derived) {
    SyncProgress sync;
    EXPECT_EQ(sync.json(), progress("0x0", "0x0", "0x0"));
    SyncView v{.known_entries = 3,
               .derived_entries = 1,
               .last_entry_time = 1130,
               .head_number = 5,
               .head_time = 1100,
               .block_time_ms = 2000};
    EXPECT_FALSE(sync.update(v));
    EXPECT_EQ(sync.json(), progress("0x5", "0x5", "0x14"));
    ASSERT_TRUE(sync.range());
    EXPECT_EQ(sync.range()->highest, 20u);
    v.derived_entries = 3;
    v.head_number = 19;
    v.head_time = 1128;
    EXPECT_FALSE(sync.update(v));  // the parent may hold more
    EXPECT_EQ(sync.json(), progress("0x5", "0x13", "0x13"));
    v.has_read_parent = true;
    EXPECT_TRUE(sync.update(v));
    EXPECT_EQ(sync.json(), "false");
    EXPECT_FALSE(sync.range());
}

TEST(sync_progress, a_burst_of_entries_is_followed_and_more_is_caught_up_with) {
    SyncProgress sync;
    SyncView v{.has_read_parent = true, .head_number = 7};
    EXPECT_TRUE(sync.update(v));
    v.known_entries = max_lag_entries;
    EXPECT_FALSE(sync.update(v));
    EXPECT_EQ(sync.json(), "false");
    v.known_entries = max_lag_entries + 1;
    EXPECT_TRUE(sync.update(v));
    EXPECT_EQ(sync.json(), progress("0x7", "0x7", "0x7"));
    v.derived_entries = max_lag_entries;
    EXPECT_FALSE(sync.update(v));
    v.derived_entries = max_lag_entries + 1;
    EXPECT_TRUE(sync.update(v));
    EXPECT_EQ(sync.json(), "false");
}

TEST(sync_progress, a_sequencer_is_ahead_of_its_entries) {
    SyncProgress sync;
    SyncView v{.known_entries = 2,
               .derived_entries = 1,
               .last_entry_time = 1000,
               .head_number = 50,
               .head_time = 1010};
    EXPECT_FALSE(sync.update(v));
    EXPECT_EQ(sync.json(), progress("0x32", "0x32", "0x32"));
}

}  // namespace
}  // namespace mezz::app
