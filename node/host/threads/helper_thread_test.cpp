// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/threads/helper_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace mezz::host {
namespace {

TEST(helper_thread, every_part_runs_once_whatever_else_was_started) {
    HelperThread helper;
    std::atomic<int> started = 0;
    for (int round = 0; round < 200; ++round) {
        std::vector<int> runs(static_cast<std::size_t>(round % 40), 0);
        if (round % 3 == 0) helper.start([&] { ++started; });
        helper.for_each(runs.size(), [&](std::size_t i) { ++runs[i]; });
        for (const int n : runs) ASSERT_EQ(n, 1);
    }
    helper.wait();
    EXPECT_EQ(started, 67);
}

TEST(helper_thread, started_jobs_run_in_order_and_end_before_the_helper) {
    std::vector<int> order;
    {
        HelperThread helper;
        for (int i = 0; i < 100; ++i) helper.start([&order, i] { order.push_back(i); });
    }
    ASSERT_EQ(order.size(), 100U);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

/// The parts end though the thread is held by a job that only the caller can end.
TEST(helper_thread, parts_do_not_wait_for_a_busy_thread) {
    HelperThread helper;
    std::mutex held;
    held.lock();
    helper.start([&] { const std::scoped_lock lock(held); });
    std::atomic<int> parts = 0;
    helper.for_each(8, [&](std::size_t) { ++parts; });
    EXPECT_EQ(parts, 8);
    held.unlock();
    helper.wait();
}

}  // namespace
}  // namespace mezz::host
