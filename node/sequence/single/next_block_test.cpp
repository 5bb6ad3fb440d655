// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/sequence/single/next_block.hpp"

#include <gtest/gtest.h>

#include "node/ports/rollup.hpp"

namespace mezz::node {
namespace {

BlockRecord parent_at(std::uint64_t timestamp) {
    RollupNote note;
    note.origin.number = 3;
    note.origin.hash[0] = 7;
    BlockRecord parent;
    parent.header.number = 41;
    parent.header.timestamp = timestamp;
    parent.header.gas_limit = 1'000'000;
    parent.header.base_fee_per_gas = uint256{1'000'000'000};
    parent.hash[0] = 9;
    parent.note = encode(note);
    return parent;
}

TEST(next_block, has_the_second_of_its_seal) {
    derive::RollupSpec spec;
    spec.gas_limit = 1'000'000;
    const auto next = next_block_context(spec, parent_at(1000), 1'002'999);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->number, 42u);
    EXPECT_EQ(next->timestamp, 1002u);
    EXPECT_EQ(next->parent_hash[0], 9);
    EXPECT_EQ(next->prev_randao[0], 7);
    EXPECT_EQ(next->base_fee, uint256{875'000'000});
    EXPECT_EQ(next->coinbase, predeploy::SEQUENCER_FEE_VAULT);
}

TEST(next_block, time_never_runs_backwards) {
    EXPECT_EQ(block_timestamp(parent_at(1000).header, 999'999), 1000u);
    EXPECT_EQ(block_timestamp(parent_at(1000).header, 1'000'999), 1000u);
    EXPECT_EQ(block_timestamp(parent_at(1000).header, 1'001'000), 1001u);
}

TEST(next_block, a_damaged_note_is_named) {
    BlockRecord parent = parent_at(1000);
    parent.note = {1, 2, 3};
    const auto next = next_block_context({}, parent, 0);
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().handling, Handling::fatal);
    EXPECT_NE(next.error().message.find("block 41"), std::string::npos);
}

}  // namespace
}  // namespace mezz::node
