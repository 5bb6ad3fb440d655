// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What a transaction sent now will see: the block under way, or the one that follows.
#include "node/sequence/single/sequencer.hpp"

#include <gtest/gtest.h>

#include "core/codec/byte_reader.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::node {
namespace {

class NoTransactions final : public TxnSource {
public:
    PooledRef pop_best(const uint256&, const uint256&) override { return nullptr; }
    void drop(const PooledRef&) override {}
    void give_back(const PooledRef&) override {}
    void settle(const std::vector<std::pair<Address, std::uint64_t>>&) override {}
    void reinject(const std::vector<Transaction>&) override {}
};

/// A parent whose newest origin the test sets.
class FixedParent final : public ParentView {
public:
    OriginUpdate update;  ///< with all deposits there ever were
    std::optional<OriginUpdate> origin_after(std::uint64_t queue_count) override {
        OriginUpdate out{update.origin, {}};
        out.deposits.assign(update.deposits.begin() + static_cast<std::ptrdiff_t>(queue_count),
                            update.deposits.end());
        return out;
    }
    std::optional<bool> is_canonical(std::uint64_t, const Bytes32&) override { return true; }
    std::optional<InboxEntry> entry(std::uint64_t) override { return std::nullopt; }
    std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t, std::uint64_t) override {
        return std::nullopt;
    }
    std::uint64_t finalized_number() override { return 0; }
    std::uint64_t latest_number() override { return update.origin.number; }
};

constexpr std::uint64_t born = 1'700'000'000;

class SequencerTest : public testing::Test {
protected:
    SequencerTest() {
        spec.chain_id = 901;
        spec.gas_limit = 30'000'000;
        spec.genesis_timestamp = born;
        spec.genesis_state_root = genesis_state_root({});
        ChainOptions o;
        o.spec = spec.chain_spec();
        o.genesis = derive::genesis_header(spec, genesis_withdrawals_root({}));
        o.genesis_note = encode(RollupNote{});
        auto opened = Chain::open(store, std::move(o));
        EXPECT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
        set_origin(5);
        SequencerOptions options;
        options.block_time_ms = 2000;
        sequencer = std::make_unique<Sequencer>(spec, *chain, pool, parent, options);
    }
    void set_origin(std::uint64_t number) {
        parent.update.origin.number = number;
        parent.update.origin.timestamp = born;
        parent.update.origin.hash[0] = static_cast<std::uint8_t>(number);
    }
    [[nodiscard]] std::uint64_t head() const { return chain->head(Head::unsafe).number; }

    derive::RollupSpec spec;
    host::MemoryStore store;
    std::unique_ptr<Chain> chain;
    NoTransactions pool;
    FixedParent parent;
    std::unique_ptr<Sequencer> sequencer;
};

TEST_F(SequencerTest, next_block_is_the_one_under_way) {
    const std::uint64_t start = (born + 10) * 1000;
    ASSERT_TRUE(sequencer->step(start));  // the first block is due at once
    ASSERT_EQ(head(), 1u);
    set_origin(6);
    ASSERT_TRUE(sequencer->step(start + 100));
    ASSERT_TRUE(sequencer->building());
    set_origin(7);  // too late for the block under way
    const auto next = sequencer->next_block(1, start + 200);
    ASSERT_TRUE(next);
    ASSERT_TRUE(sequencer->step(start + 2000));
    ASSERT_EQ(head(), 2u);
    const auto made = chain->context_of(2);
    ASSERT_TRUE(made);
    EXPECT_EQ(next->number, made->number);
    EXPECT_EQ(next->timestamp, born + 12);
    EXPECT_EQ(next->timestamp, made->timestamp);
    EXPECT_EQ(next->base_fee, made->base_fee);
    EXPECT_EQ(next->prev_randao[0], 6);
    EXPECT_EQ(next->prev_randao, made->prev_randao);
    EXPECT_EQ(next->parent_hash, made->parent_hash);
    EXPECT_EQ(next->gas_limit, made->gas_limit);
}

TEST_F(SequencerTest, next_block_before_it_is_begun) {
    const std::uint64_t start = (born + 10) * 1000;
    ASSERT_TRUE(sequencer->step(start));
    ASSERT_FALSE(sequencer->building());
    // Due two seconds after the first.
    EXPECT_EQ(sequencer->next_block(1, start + 100)->timestamp, born + 12);
    EXPECT_EQ(sequencer->next_block(1, start + 9000)->timestamp, born + 19);
    EXPECT_EQ(sequencer->next_block(1, start + 100)->number, 2u);
    // Of an older block, as it would have been.
    EXPECT_EQ(sequencer->next_block(0, start + 100)->number, 1u);
    const auto none = sequencer->next_block(9, start);
    ASSERT_FALSE(none);
    EXPECT_NE(none.error().message.find("block 9"), std::string::npos);
}

TEST_F(SequencerTest, deposits_beyond_the_gas_of_a_block_come_with_the_next_one) {
    for (std::uint64_t i = 0; i < 3; ++i) {
        QueuedDeposit d;
        d.item.index = i;
        d.item.opaque_data.resize(64);
        append_be64(d.item.opaque_data, 14'000'000);
        d.item.opaque_data.push_back(0);
        parent.update.deposits.push_back(d);
    }
    std::uint64_t now = (born + 10) * 1000;
    for (int i = 0; i < 3; ++i, now += 1000) ASSERT_TRUE(sequencer->step(now));
    ASSERT_GE(head(), 2u);
    // Attributes and two deposits; attributes and one.
    EXPECT_EQ(chain->block(1).value()->transactions.size(), 3u);
    EXPECT_EQ(chain->block(2).value()->transactions.size(), 2u);
    EXPECT_EQ(decode_rollup_note(chain->record(2).value()->note)->queue_count, 3u);
}

TEST_F(SequencerTest, an_abandoned_block_is_not_next) {
    const std::uint64_t start = (born + 10) * 1000;
    ASSERT_TRUE(sequencer->step(start));
    ASSERT_TRUE(sequencer->step(start + 100));
    ASSERT_TRUE(sequencer->building());
    ASSERT_TRUE(chain->rollback(0));
    sequencer->abandon();
    EXPECT_EQ(sequencer->next_block(0, start)->number, 1u);
}

TEST_F(SequencerTest, blocks_that_are_asked_for_have_the_time_of_now) {
    const std::uint64_t start = (born + 10) * 1000;
    ASSERT_TRUE(sequencer->step(start));
    ASSERT_EQ(head(), 1u);
    ASSERT_TRUE(sequencer->step(start + 100));
    ASSERT_EQ(head(), 1u) << "due in two seconds";
    sequencer->request_blocks(3);
    while (sequencer->wanted_blocks() > 0) ASSERT_TRUE(sequencer->step(start + 200));
    EXPECT_EQ(head(), 4u);
    EXPECT_EQ((*chain->header(4))->timestamp, born + 10);
    // The rhythm goes on from there.
    ASSERT_TRUE(sequencer->step(start + 2100));
    EXPECT_EQ(head(), 4u);
    ASSERT_TRUE(sequencer->step(start + 2200));
    EXPECT_EQ(head(), 5u);
}

TEST_F(SequencerTest, without_a_clock_only_what_is_asked_for_is_made) {
    const std::uint64_t start = (born + 10) * 1000;
    sequencer->set_block_time(0);
    for (std::uint64_t ms = 0; ms < 10'000; ms += 1000) ASSERT_TRUE(sequencer->step(start + ms));
    EXPECT_EQ(head(), 0u);
    sequencer->set_instant(true);
    ASSERT_TRUE(sequencer->step(start + 10'000));
    EXPECT_EQ(head(), 0u) << "nothing is there for a block";
    sequencer->set_next_timestamp(born + 500);
    sequencer->request_blocks(1);
    ASSERT_TRUE(sequencer->step(start + 11'000));
    ASSERT_EQ(head(), 1u);
    EXPECT_EQ((*chain->header(1))->timestamp, born + 500);
    sequencer->set_block_time(1000);
    ASSERT_TRUE(sequencer->step((born + 501) * 1000));
    EXPECT_EQ(head(), 2u);
    EXPECT_EQ((*chain->header(2))->timestamp, born + 501) << "the named time was of one block";
}

}  // namespace
}  // namespace mezz::node
