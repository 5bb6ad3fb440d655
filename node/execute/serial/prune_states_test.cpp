// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// States before the oldest to keep are dropped; those kept are whole.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::node {
namespace {

/// Balance and slot 1 of every account.
using World = std::map<Address, std::pair<uint256, uint256>>;

class PruneStates : public testing::Test {
protected:
    PruneStates() { open(20); }

    void open(std::uint64_t keep_states) {
        chain.reset();
        ChainOptions o;
        o.spec.chain_id = 1337;
        o.genesis.state_root = genesis_state_root({});
        o.genesis.gas_limit = 30'000'000;
        o.genesis.base_fee_per_gas = uint256{7};
        o.genesis.withdrawals_root = EMPTY_TRIE_ROOT;
        o.genesis.blob_gas_used = o.genesis.excess_blob_gas = 0;
        o.genesis.parent_beacon_block_root = Bytes32{};
        o.genesis.requests_hash = EMPTY_REQUESTS_HASH;
        o.keep_states = keep_states;
        o.max_cached_nodes = 64;
        auto opened = Chain::open(store, std::move(o));
        ASSERT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
    }

    /// Changes some accounts of 400, in a block.
    void add_block() {
        const BlockRef head = chain->head(Head::unsafe);
        BlockPlan p;
        p.context.number = head.number + 1;
        p.context.timestamp = 1000 + head.number;
        p.context.gas_limit = 30'000'000;
        p.context.base_fee = uint256{7};
        p.context.parent_hash = head.hash;
        worlds.resize(head.number + 1);
        World world = worlds.back();
        for (int i = 0; i < 12; ++i) {
            StateEdit edit;
            store_be64(edit.address.data(), random() % 400 * 0x9e3779b97f4a7c15);
            edit.balance = uint256{1 + random() % 1000};
            const uint256 value{random() % 3};  // zero: the slot goes
            edit.storage.emplace_back(to_bytes32(uint256{1}), value);
            world[edit.address] = {*edit.balance, value};
            p.edits.push_back(std::move(edit));
        }
        auto builder = chain->begin(p);
        ASSERT_TRUE(builder) << builder.error().message;
        ASSERT_TRUE(chain->seal(std::move(*builder), {}));
        worlds.push_back(std::move(world));
    }

    void expect_whole(std::uint64_t number) {
        auto state = chain->state(number);
        ASSERT_TRUE(state) << state.error().message;
        for (const auto& [address, expected] : worlds[number]) {
            EXPECT_EQ((*state)->account(address).value_or(Account{}).balance, expected.first);
            EXPECT_EQ((*state)->storage(address, to_bytes32(uint256{1})), expected.second);
        }
        EXPECT_TRUE((*state)->prove(Address{}, {to_bytes32(uint256{1})}));
        EXPECT_FALSE((*state)->error()) << number << ": " << (*state)->error()->message;
    }

    std::size_t nodes() {
        std::size_t count = 0;
        EXPECT_TRUE((*store.read())->scan(Table::nodes, {}, [&](ByteView, ByteView) {
            return ++count, true;
        }));
        return count;
    }

    int prune() {
        for (int steps = 1;; ++steps) {
            const auto more = chain->prune_states();
            EXPECT_TRUE(more) << more.error().message;
            if (!more || !*more) return steps;
        }
    }

    host::MemoryStore store;
    std::unique_ptr<Chain> chain;
    std::mt19937_64 random{5};
    std::vector<World> worlds;
};

TEST_F(PruneStates, old_states_go_and_those_kept_are_whole) {
    for (int i = 0; i < 100; ++i) add_block();
    EXPECT_EQ(prune(), 1);  // nothing is final yet
    EXPECT_EQ(chain->kept().state, 0u);
    ASSERT_TRUE(chain->set_heads(95, 90));
    const std::size_t before = nodes();
    EXPECT_GT(prune(), 2);  // a little at a time
    EXPECT_EQ(chain->kept().state, 71u);
    EXPECT_LT(nodes(), before / 2);
    for (int reopened = 0; reopened < 2; ++reopened) {
        for (std::uint64_t n = 71; n <= 100; ++n) expect_whole(n);
        for (const std::uint64_t gone : {0u, 1u, 70u}) {
            const auto state = chain->state(gone);
            ASSERT_FALSE(state);
            EXPECT_EQ(state.error().message,
                      "missing trie node: the state of block " + std::to_string(gone) +
                          " is not available, this node keeps those from block 71 on; ask an "
                          "archive node, one without --prune-states");
            EXPECT_TRUE(chain->header(gone)->has_value());
        }
        // Without the option nothing more goes, and what went stays gone.
        open(0);
        EXPECT_EQ(prune(), 1);
    }
}

TEST_F(PruneStates, a_pruned_chain_goes_on_and_is_pruned_again) {
    for (int round = 0; round < 6; ++round) {
        for (int i = 0; i < 30; ++i) add_block();
        const std::uint64_t head = chain->head(Head::unsafe).number;
        ASSERT_TRUE(chain->set_heads(head, head));
        prune();
        for (std::uint64_t n = chain->kept().state; n <= head; ++n) expect_whole(n);
    }
    EXPECT_EQ(chain->kept().state, 161u);
    const std::size_t pruned = nodes();
    // As many as a chain that never pruned needs for the same states, and few more.
    open(1);
    prune();
    EXPECT_LT(nodes(), pruned);
    expect_whole(180);
}

TEST_F(PruneStates, a_rollback_ends_where_states_do) {
    for (int i = 0; i < 60; ++i) add_block();
    ASSERT_TRUE(chain->set_heads(60, 60));
    prune();
    ASSERT_EQ(chain->kept().state, 41u);
    const auto refused = chain->rollback(40);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().handling, Handling::fatal);
    ASSERT_TRUE(chain->rollback(41));
    worlds.resize(42);
    for (int i = 0; i < 40; ++i) add_block();
    ASSERT_TRUE(chain->set_heads(81, 81));
    prune();
    for (std::uint64_t n = 62; n <= 81; ++n) expect_whole(n);
}

TEST_F(PruneStates, what_cannot_be_written_is_as_it_was) {
    for (int i = 0; i < 60; ++i) add_block();
    ASSERT_TRUE(chain->set_heads(60, 60));
    store.fail_commits(2, 1);
    bool failed = false;
    for (int steps = 0; steps < 1000; ++steps) {
        const auto more = chain->prune_states();
        if (!more) {
            failed = true;
            for (std::uint64_t n = chain->kept().state; n <= 60; ++n) expect_whole(n);
            continue;
        }
        if (!*more) break;
    }
    EXPECT_TRUE(failed);
    EXPECT_EQ(chain->kept().state, 41u);
    for (std::uint64_t n = 41; n <= 60; ++n) expect_whole(n);
}

}  // namespace
}  // namespace mezz::node
