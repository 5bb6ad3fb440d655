// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

#include "app/load_heads.hpp"
#include "app/load_histogram.hpp"
#include "app/load_mix.hpp"

namespace mezz::app {
namespace {

TEST(load_histogram, small_values_are_exact) {
    LoadHistogram h;
    EXPECT_EQ(h.percentile(0.5), 0u);
    for (std::uint64_t v = 1; v <= 60; ++v) h.record(v);
    EXPECT_EQ(h.percentile(0), 1u);
    EXPECT_EQ(h.percentile(0.5), 30u);
    EXPECT_EQ(h.percentile(0.99), 60u);
    EXPECT_EQ(h.max(), 60u);
}

TEST(load_histogram, percentiles_are_at_most_a_32nd_above_those_of_a_sorted_list) {
    std::mt19937_64 random{7};
    LoadHistogram h;
    std::vector<std::uint64_t> all;
    for (int i = 0; i < 20'000; ++i) {
        all.push_back(random() >> (random() % 64));
        h.record(all.back());
    }
    std::sort(all.begin(), all.end());
    for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
        const auto rank = static_cast<std::size_t>(std::ceil(share * 20'000));
        const std::uint64_t exact = all[rank - 1];
        EXPECT_GE(h.percentile(share), exact) << share;
        EXPECT_LE(h.percentile(share) - exact, exact / 32) << share;
    }
    EXPECT_EQ(h.percentile(1), all.back());
}

TEST(load_histogram, takes_the_least_and_the_largest_and_merges) {
    LoadHistogram a, b;
    a.record(0);
    b.record(~std::uint64_t{0});
    a.merge(b);
    EXPECT_EQ(a.count(), 2u);
    EXPECT_EQ(a.percentile(0.5), 0u);
    EXPECT_EQ(a.percentile(1), ~std::uint64_t{0});
}

TEST(load_mix, names_weights_and_what_is_refused) {
    EXPECT_EQ(*parse_mix("eth_call=40,transfers"),
              (Mix{{LoadOperation::call, 40}, {LoadOperation::transfers, 1}}));
    const std::map<std::string, std::string> bad{
        {"", "'' is nothing a load has"},
        {"eth_call,", "'' is nothing a load has"},
        {"eth_cal=4", "did you mean eth_call?"},
        {"eth_call=0", "the weight is not in 1..1000000"},
        {"eth_call=1000001", "the weight is not in 1..1000000"},
        {"eth_call=-1", "the weight is not in 1..1000000"},
        {"eth_call=1x", "the weight is not in 1..1000000"},
        {"eth_call=", "the weight is not in 1..1000000"},
        {"erc20=1,erc20=2", "'erc20' stands there twice"},
    };
    for (const auto& [text, why] : bad) {
        const auto mix = parse_mix(text);
        ASSERT_FALSE(mix) << text;
        EXPECT_NE(mix.error().find(why), std::string::npos) << text << ": " << mix.error();
    }
}

TEST(load_mix, every_run_of_requests_has_the_shares_within_one) {
    MixTurns turns(
        {{LoadOperation::call, 40}, {LoadOperation::balance, 35}, {LoadOperation::transfers, 25}});
    std::map<LoadOperation, double> count;
    for (int n = 1; n <= 1000; ++n) {
        ++count[turns.next()];
        EXPECT_LE(std::abs(count[LoadOperation::call] - 0.40 * n), 1.0) << n;
        EXPECT_LE(std::abs(count[LoadOperation::balance] - 0.35 * n), 1.0) << n;
        EXPECT_LE(std::abs(count[LoadOperation::transfers] - 0.25 * n), 1.0) << n;
    }
}

TEST(load_schedule, due_times_depend_on_the_rate_alone_and_do_not_drift) {
    const LoadSchedule schedule(3);
    EXPECT_EQ(schedule.due_us(0), 0u);
    EXPECT_EQ(schedule.due_us(1), 333'333u);
    EXPECT_EQ(schedule.due_us(3), 1'000'000u);
    // Beyond where a sum of rounded steps would be 1,200 s late, and a product would overflow.
    EXPECT_EQ(schedule.due_us(3'600'000'001), 1'200'000'000'333'333u);
    EXPECT_EQ(LoadSchedule(1'000'000).due_us(7'000'001), 7'000'001u);
}

std::string head(const std::string& hash, const std::string& timestamp) {
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":)"
           R"({"parentHash":"0xff","timestamp":")" +
           timestamp + R"(","hash":")" + hash + R"("}}})";
}

TEST(load_heads, times_run_from_the_first_client_and_from_the_timestamp_to_the_last) {
    HeadDeliveries d(3);
    EXPECT_FALSE(d.add(R"({"jsonrpc":"2.0","id":1,"result":"0x1"})", 1, 1));
    EXPECT_TRUE(d.add(head("0xa", "0x1"), 100, 1'000'100));
    EXPECT_TRUE(d.add(head("0xa", "0x1"), 110, 1'000'110));
    EXPECT_EQ(d.heads(), 0u);
    // Heads may overtake one another.
    EXPECT_TRUE(d.add(head("0xb", "0x2"), 115, 1'000'115));
    EXPECT_TRUE(d.add(head("0xa", "0x1"), 160, 1'000'160));
    EXPECT_EQ(d.heads(), 1u);
    EXPECT_EQ(d.first_to_last_us.max(), 60u);
    EXPECT_EQ(d.timestamp_to_last_us.max(), 160u);
}

TEST(load_heads, what_does_not_come_within_a_second_is_missing) {
    HeadDeliveries d(3, 1'000);
    d.add(head("0xa", "0x1"), 2'000, 1);      // some clients may have had it before
    d.add(head("0xb", "0x1"), 1'500'000, 1);  // one of three
    EXPECT_EQ(d.missing(2'400'000), 0u);
    EXPECT_EQ(d.missing(2'600'000), 2u);
}

}  // namespace
}  // namespace mezz::app
