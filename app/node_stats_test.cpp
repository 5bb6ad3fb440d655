// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/node_stats.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

node::SealedTotals totals(std::uint64_t blocks, std::uint64_t txns, std::uint64_t failed = 0) {
    node::SealedTotals t;
    t.blocks = blocks;
    t.txns_succeeded = txns - failed;
    t.txns_failed = failed;
    t.gas = 21'000 * txns;
    return t;
}

TEST(node_stats, follows_every_transaction_of_a_block_to_each_stage) {
    NodeStats stats;
    stats.sealed(totals(1, 3), 10, 0.02, 1'000);
    stats.sealed(totals(2, 8), 11, 0.02, 2'000);
    stats.reached("safe", 10, 4'000);
    auto s = stats.snapshot();
    EXPECT_EQ(s.stage_seconds.at("safe").sum, 9);  // 3 transactions, 3 s each
    stats.reached("safe", 11, 5'000);
    stats.reached("safe", 11, 9'000);  // once
    s = stats.snapshot();
    EXPECT_EQ(s.stage_seconds.at("safe").sum, 9 + 5 * 3);
    EXPECT_EQ(s.last_block_gas, 5u * 21'000);
    EXPECT_EQ(s.build_seconds.counts[2], 2u);
}

TEST(node_stats, forgets_blocks_that_were_taken_back) {
    NodeStats stats;
    stats.sealed(totals(1, 1), 10, 0, 1'000);
    stats.sealed(totals(2, 2), 11, 0, 2'000);
    stats.sealed(totals(3, 3), 10, 0, 3'000);
    stats.reached("safe", 11, 4'000);
    EXPECT_EQ(stats.snapshot().stage_seconds.at("safe").sum, 1);
}

TEST(node_stats, rejections_have_a_fixed_set_of_reasons) {
    RejectionCount count;
    count.add("nonce too low: next nonce 5, tx nonce 4");
    count.add("nonce too low: next nonce 6, tx nonce 4");
    count.add("anything else");
    EXPECT_EQ(count.counts(),
              (std::map<std::string, std::uint64_t>{{"nonce_too_low", 2}, {"other", 1}}));
}

}  // namespace
}  // namespace mezz::app
