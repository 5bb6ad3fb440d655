// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/progress.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

struct FakeClock final : node::Clock {
    std::uint64_t now_ms() override { return ms; }
    std::uint64_t ms = 1'000'000;
};

constexpr std::size_t wide = 200;

TEST(progress, has_a_bar_a_share_a_rate_and_the_time_left) {
    const std::uint64_t mib = 1 << 20;
    EXPECT_EQ(
        progress_line(
            {.what = "copying", .done = 50 * mib, .total = 100 * mib, .unit = ProgressUnit::bytes},
            10'000, wide),
        "  copying  [##########----------]  50 %  5.0 MiB/s  10 s left");
    EXPECT_EQ(progress_line({.what = "x", .done = 3, .total = 1'000, .unit = ProgressUnit::blocks},
                            1'000, wide),
              "  x  [--------------------]   0 %  3.0 blocks/s  5 min 33 s left");
    EXPECT_EQ(progress_line({.what = "x", .done = 2, .total = 7'202}, 1'000, wide),
              "  x  [--------------------]   0 %  1 h 0 min left");
}

TEST(progress, does_not_count_what_was_there_before) {
    EXPECT_EQ(progress_line({.what = "deriving",
                             .done = 110,
                             .total = 200,
                             .begun_at = 100,
                             .unit = ProgressUnit::blocks},
                            2'000, wide),
              "  deriving  [###########---------]  55 %  5.0 blocks/s  18 s left");
}

TEST(progress, says_how_long_it_takes_where_the_end_is_unknown) {
    EXPECT_EQ(progress_line({.what = "waiting"}, 65'000, wide), "  waiting  1 min 5 s");
    EXPECT_EQ(progress_line({.what = "waiting", .left_ms = 4'200}, 65'000, wide),
              "  waiting  5 s left");
    EXPECT_EQ(progress_line({.what = "waiting", .done = 5, .total = 0}, 1'000, wide),
              "  waiting  1 s");
    // More than all, and so little that nobody can tell.
    EXPECT_EQ(progress_line({.what = "x", .done = 9, .total = 8}, 1'000, wide),
              "  x  [####################] 100 %  1 s");
    EXPECT_EQ(progress_line({.what = "x", .done = 1, .total = ~std::uint64_t{0}}, 1'000, wide),
              "  x  [--------------------]   0 %  1 s");
}

TEST(progress, fits_the_terminal_and_moves_no_cursor) {
    EXPECT_EQ(progress_line({.what = "a\nb\033c"}, 0, 6), "  a b ");
    EXPECT_EQ(progress_line({.what = "a"}, 0, 0), "");
}

TEST(progress, comes_after_two_seconds_and_goes) {
    FakeClock clock;
    std::vector<std::string> lines;
    Progress progress(clock, [&](std::string_view line) { lines.emplace_back(line); });
    const ProgressView view{.what = "work", .done = 1, .total = 4};
    progress.show(view);
    clock.ms += 1'999;
    progress.show(view);
    progress.finish();
    EXPECT_TRUE(lines.empty());
    clock.ms += 1'999;
    progress.show(view);
    EXPECT_TRUE(lines.empty());
    clock.ms += 1;
    progress.show(view);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0], "  work  [#####---------------]  25 %  6 s left");
    clock.ms += 99;
    progress.show(view);
    EXPECT_EQ(lines.size(), 1u);
    clock.ms += 1;
    progress.show(view);
    EXPECT_EQ(lines.size(), 2u);
    progress.finish();
    progress.finish();
    ASSERT_EQ(lines.size(), 3u);
    EXPECT_EQ(lines[2], "");
}

TEST(progress, counts_each_stretch_of_work_by_itself) {
    FakeClock clock;
    std::vector<std::string> lines;
    Progress progress(clock, [&](std::string_view line) { lines.emplace_back(line); });
    clock.ms += 5'000;
    progress.show({.what = "first"});
    clock.ms += 10;
    progress.show({.what = "second"});
    clock.ms += 3'000;
    progress.show({.what = "second"});
    EXPECT_EQ(lines, (std::vector<std::string>{"  first  5 s", "  second  0 s", "  second  3 s"}));
}

TEST(progress, is_silent_without_a_terminal) {
    FakeClock clock;
    Progress progress(clock, {});
    clock.ms += 5'000;
    progress.show({.what = "work"});
    progress.finish();
    EXPECT_FALSE(progress_on_terminal(true));
}

TEST(progress, of_a_thread_is_shown_and_taken_away) {
    struct Fast final : node::Clock {
        std::uint64_t now_ms() override { return ms += 5'000; }
        std::atomic<std::uint64_t> ms = 0;
    } clock;
    std::atomic<int> lines = 0;
    std::string last;
    {
        const ProgressThread thread(
            clock,
            [&](std::string_view line) {
                last = line;
                ++lines;
            },
            [] { return ProgressView{.what = "work"}; });
        while (lines == 0) std::this_thread::yield();
    }
    EXPECT_EQ(last, "");
}

}  // namespace
}  // namespace mezz::app
