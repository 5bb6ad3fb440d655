// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/surroundings.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

Surroundings well() {
    return {.now_ms = 1'000'000'000,
            .parent_head_s = 999'990,
            .free_bytes = 1ull << 40,
            .directory = "/data"};
}
std::string names(const Surroundings& s) {
    std::string out;
    for (const auto& f : look_at(s)) out += f.name + " ";
    return out;
}

TEST(surroundings, a_clock_behind_the_parent_is_found) {
    Surroundings s = well();
    EXPECT_EQ(names(s), "");
    s.parent_head_s = 1'000'005;
    EXPECT_EQ(names(s), "");
    s.parent_head_s = 1'000'006;
    EXPECT_EQ(names(s), "clock ");
    EXPECT_NE(look_at(s)[0].reason.find("6 s behind"), std::string::npos);
}

TEST(surroundings, a_parent_that_stands_still_is_found) {
    Surroundings s = well();
    s.parent_head_s = 1'000'000 - 120;
    EXPECT_EQ(names(s), "");
    --s.parent_head_s;
    EXPECT_EQ(names(s), "clock ");
    s.parent_head_s = 0;  // not seen yet
    EXPECT_EQ(names(s), "");
}

TEST(surroundings, a_disk_with_little_room_is_found) {
    Surroundings s = well();
    s.free_bytes = 1ull << 30;
    EXPECT_EQ(names(s), "");
    --*s.free_bytes;
    EXPECT_EQ(names(s), "disk ");
    s.free_bytes.reset();
    EXPECT_EQ(names(s), "");
    EXPECT_TRUE(free_bytes("/"));
    EXPECT_FALSE(free_bytes("/no/such/place"));
}

TEST(surroundings, what_is_wrong_is_told_once_and_when_it_is_over) {
    FindingLog log;
    std::string told;
    const auto tell = [&](const Finding& f, bool is_new) { told += (is_new ? "+" : "-") + f.name; };
    log.update({{"disk", "a"}}, tell);
    log.update({{"disk", "b"}}, tell);
    EXPECT_EQ(log.findings().at(0).reason, "b");
    log.update({{"clock", "c"}}, tell);
    log.update({}, tell);
    EXPECT_EQ(told, "+disk+clock-disk-clock");
}

}  // namespace
}  // namespace mezz::app
