// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The next block is known before it is made: estimates and the pool rely on it.
#include "node/parent/next_block.hpp"

#include <gtest/gtest.h>

#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/parent/embedded_parent.hpp"

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

constexpr std::uint64_t born = 1'700'000'000;

class NextBlock : public testing::Test {
protected:
    NextBlock() {
        ChainOptions o;
        o.spec = spec;
        o.genesis.state_root = genesis_state_root({});
        o.genesis.gas_limit = spec.genesis_gas_limit;
        o.genesis.timestamp = born;
        o.genesis.base_fee_per_gas = uint256{1'000'000'000};
        o.genesis.withdrawals_root = EMPTY_TRIE_ROOT;
        o.genesis.blob_gas_used = 0;
        o.genesis.excess_blob_gas = 20 * GAS_PER_BLOB;
        o.genesis.parent_beacon_block_root = Bytes32{};
        o.genesis.requests_hash = EMPTY_REQUESTS_HASH;
        auto opened = Chain::open(store, std::move(o));
        EXPECT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
        EmbeddedParentOptions options;
        options.block_time_ms = 2000;
        parent = std::make_unique<EmbeddedParent>(spec, *chain, pool, store, options);
    }
    /// What is expected of the block on the head is what the head becomes at `made_ms`.
    void expect_foreseen(std::uint64_t asked_ms, std::uint64_t made_ms) {
        const std::uint64_t head = chain->head(Head::unsafe).number;
        const auto foreseen = parent->next_block(head, asked_ms);
        ASSERT_TRUE(foreseen);
        ASSERT_TRUE(parent->step(made_ms));
        ASSERT_EQ(chain->head(Head::unsafe).number, head + 1);
        const auto made = chain->context_of(head + 1);
        ASSERT_TRUE(made);
        EXPECT_EQ(foreseen->number, made->number);
        EXPECT_EQ(foreseen->timestamp, made->timestamp);
        EXPECT_EQ(foreseen->gas_limit, made->gas_limit);
        EXPECT_EQ(foreseen->base_fee, made->base_fee);
        EXPECT_EQ(foreseen->prev_randao, made->prev_randao);
        EXPECT_EQ(foreseen->excess_blob_gas, made->excess_blob_gas);
        EXPECT_EQ(foreseen->parent_hash, made->parent_hash);
        EXPECT_EQ(foreseen->parent_beacon_root, made->parent_beacon_root);
    }

    ChainSpec spec = embedded_parent_spec(900);
    host::MemoryStore store;
    std::unique_ptr<Chain> chain;
    NoTransactions pool;
    std::unique_ptr<EmbeddedParent> parent;
};

TEST_F(NextBlock, is_the_block_that_is_made) {
    const std::uint64_t start = (born + 5) * 1000;
    expect_foreseen(start, start);
    // Asked early, it has the time at which it is due, not that of the question.
    expect_foreseen(start + 100, start + 2000);
    EXPECT_EQ(chain->context_of(2)->timestamp, born + 7);
    // After a reorg other blocks follow.
    const Bytes32 before = parent->next_block(2, start)->prev_randao;
    parent->request_reorg(1, false);
    ASSERT_TRUE(parent->step(start + 2100));
    expect_foreseen(start + 2200, start + 4000);
    EXPECT_NE(parent->next_block(2, start)->prev_randao, before);
}

TEST_F(NextBlock, of_a_block_that_is_not_there_is_an_error) {
    const auto next = parent->next_block(7, 0);
    ASSERT_FALSE(next);
    EXPECT_NE(next.error().message.find("block 7"), std::string::npos);
}

TEST_F(NextBlock, time_always_rises) {
    const Header genesis = **chain->header(0);
    EXPECT_EQ(next_block_context(spec, genesis, {}, 0).timestamp, born + 1);
    EXPECT_EQ(next_block_context(spec, genesis, {}, (born + 1) * 1000 + 999).timestamp, born + 1);
    EXPECT_EQ(next_block_context(spec, genesis, {}, (born + 9) * 1000).timestamp, born + 9);
}

TEST_F(NextBlock, fees_follow_the_parent) {
    Header full = **chain->header(0);
    full.gas_used = full.gas_limit;
    full.blob_gas_used = 9 * GAS_PER_BLOB;
    const BlockContext next = next_block_context(spec, full, {}, 0);
    EXPECT_EQ(next.base_fee, uint256{1'125'000'000});
    EXPECT_NE(next.excess_blob_gas, *full.excess_blob_gas);
    EXPECT_NE(next_block_context(spec, full, {}, 0, 1).prev_randao, next.prev_randao);
}

}  // namespace
}  // namespace mezz::node
