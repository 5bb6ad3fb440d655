// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/lanes.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <set>

namespace mezz::host::http {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

template <class Predicate>
void wait_until(Predicate&& holds) {
    while (!holds()) std::this_thread::sleep_for(milliseconds(1));
}

TEST(lanes, a_brief_job_runs_on_its_lane) {
    Lanes lanes({.lanes = 2, .most_jobs = 1, .brief = std::chrono::minutes(1)});
    lanes.start();
    std::set<std::thread::id> threads;
    for (int i = 0; i < 20; ++i) {
        std::promise<void> done;
        asio::post(lanes.next(), [&] {
            const auto outside = std::this_thread::get_id();
            EXPECT_TRUE(lanes.run_here([&] { EXPECT_EQ(std::this_thread::get_id(), outside); }));
            threads.insert(outside);
            done.set_value();
        });
        done.get_future().wait();
    }
    EXPECT_EQ(threads.size(), 2u);
    EXPECT_EQ(lanes.strays(), 0u);
}

TEST(lanes, only_threads_of_lanes_run_jobs_and_only_so_many) {
    Lanes lanes({.lanes = 2, .most_jobs = 1, .brief = std::chrono::minutes(1)});
    lanes.start();
    EXPECT_FALSE(lanes.run_here([] { FAIL(); }));
    std::promise<void> go, refused;
    asio::post(lanes.next(), [&] {
        EXPECT_TRUE(lanes.run_here([&] {
            asio::post(lanes.next(), [&] {
                EXPECT_FALSE(lanes.run_here([] { FAIL(); }));
                refused.set_value();
            });
            refused.get_future().wait();
        }));
        go.set_value();
    });
    go.get_future().wait();
}

TEST(lanes, a_long_job_loses_its_lane_and_what_it_leaves_runs_there) {
    Lanes lanes({.lanes = 1, .most_jobs = 2, .brief = milliseconds(2)});
    lanes.start();
    auto& lane = lanes.next();
    for (int round = 0; round < 5; ++round) {
        std::promise<void> go, left;
        std::thread::id before, after;
        asio::post(lane, [&] {
            before = std::this_thread::get_id();
            EXPECT_TRUE(lanes.run_here([&] { go.get_future().wait(); }));
            // From inside a handler: such a continuation wakes no other thread.
            asio::post(lane, [&] {
                after = std::this_thread::get_id();
                left.set_value();
            });
        });
        wait_until([&] { return lanes.strays() == 1; });
        std::promise<void> other;
        asio::post(lane, [&] { other.set_value(); });
        other.get_future().wait();
        go.set_value();
        left.get_future().wait();
        EXPECT_NE(before, after);
        EXPECT_EQ(lanes.strays(), 0u);
    }
}

/// Connections as strands with timers, jobs brief and long at random: everything ends, in order.
TEST(lanes, strands_keep_their_order_whoever_serves_them) {
    constexpr int connections = 12, requests = 40;
    Lanes lanes({.lanes = 2, .most_jobs = 3, .brief = milliseconds(1)});
    lanes.start();
    struct Connection {
        asio::strand<asio::io_context::executor_type> strand;
        asio::steady_timer timer;
        int served = 0;
        std::promise<void> done;
    };
    std::vector<std::unique_ptr<Connection>> all;
    std::atomic<int> refused = 0;
    std::function<void(Connection&, unsigned)> serve = [&](Connection& c, unsigned seed) {
        const auto ms = seed % 7 == 0 ? 4 : 0;
        const auto job = [&] { std::this_thread::sleep_for(milliseconds(ms)); };
        if (!lanes.run_here(job)) ++refused;
        if (++c.served == requests) return c.done.set_value();
        c.timer.expires_after(std::chrono::microseconds(seed % 300));
        c.timer.async_wait(asio::bind_executor(
            c.strand, [&serve, &c, seed](auto) { serve(c, seed * 1'103'515'245 + 12'345); }));
    };
    for (unsigned i = 0; i < connections; ++i) {
        auto& lane = lanes.next();
        all.push_back(std::make_unique<Connection>(Connection{
            asio::make_strand(lane), asio::steady_timer(lane), 0, std::promise<void>{}}));
        asio::post(all.back()->strand, [&serve, &c = *all.back(), i] { serve(c, i * 77 + 7); });
    }
    for (auto& c : all) c->done.get_future().wait();
    for (auto& c : all) EXPECT_EQ(c->served, requests);
    wait_until([&] { return lanes.strays() == 0; });
    lanes.stop();
}

TEST(lanes, stop_waits_for_jobs_and_strays) {
    std::atomic<bool> done = false;
    {
        Lanes lanes({.lanes = 1, .most_jobs = 1, .brief = milliseconds(1)});
        lanes.start();
        asio::post(lanes.next(), [&] {
            lanes.run_here([&] {
                std::this_thread::sleep_for(milliseconds(100));
                done = true;
            });
        });
        wait_until([&] { return lanes.strays() == 1; });
    }
    EXPECT_TRUE(done);
}

}  // namespace
}  // namespace mezz::host::http
