// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What development chains may do: blocks of edits, transactions without a signature.
#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::node {
namespace {

constexpr Address rich = hex<Address>("0x00000000000000000000000000000000000000f1");
constexpr Address other = hex<Address>("0x00000000000000000000000000000000000000aa");
constexpr Bytes32 slot =
    hex<Bytes32>("0x0000000000000000000000000000000000000000000000000000000000000001");

class Edits : public testing::Test {
protected:
    Edits() {
        ChainOptions o;
        o.spec.chain_id = 1337;
        o.accounts = {{rich, 0, uint256{1'000'000'000'000'000}, {}, {}}};
        o.genesis.state_root = genesis_state_root(o.accounts);
        o.genesis.gas_limit = 30'000'000;
        o.genesis.base_fee_per_gas = uint256{7};
        o.genesis.withdrawals_root = EMPTY_TRIE_ROOT;
        o.genesis.blob_gas_used = o.genesis.excess_blob_gas = 0;
        o.genesis.parent_beacon_block_root = Bytes32{};
        o.genesis.requests_hash = EMPTY_REQUESTS_HASH;
        auto opened = Chain::open(store, std::move(o));
        EXPECT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
    }
    BlockPlan plan() {
        const BlockRef head = chain->head(Head::unsafe);
        BlockPlan p;
        p.context.number = head.number + 1;
        p.context.parent_hash = head.hash;
        p.context.timestamp = 100 + head.number;
        p.context.gas_limit = 30'000'000;
        p.context.base_fee = uint256{7};
        return p;
    }
    void edit(std::vector<StateEdit> edits) {
        BlockPlan p = plan();
        p.edits = std::move(edits);
        auto builder = chain->begin(p);
        ASSERT_TRUE(builder);
        ASSERT_TRUE(chain->seal(std::move(*builder), {}));
        // What is stored agrees with what is in memory.
        const auto header = chain->header(chain->head(Head::unsafe).number);
        ASSERT_TRUE(header && *header);
    }
    std::unique_ptr<StateReader> state() {
        return std::move(*chain->state(chain->head(Head::unsafe).number));
    }

    host::MemoryStore store;
    std::unique_ptr<Chain> chain;
};

TEST_F(Edits, set_every_part_of_an_account) {
    StateEdit e{.address = other,
                .balance = uint256{5},
                .nonce = 9,
                .code = Bytes{0x60, 0x00},
                .storage = {{slot, uint256{7}}}};
    edit({e});
    const auto account = state()->account(other);
    ASSERT_TRUE(account);
    EXPECT_EQ(account->balance, uint256{5});
    EXPECT_EQ(account->nonce, 9u);
    EXPECT_EQ(to_bytes(state()->code(account->code_hash)), (Bytes{0x60, 0x00}));
    EXPECT_EQ(state()->storage(other, slot), uint256{7});
    EXPECT_EQ(state()->account(rich)->balance, uint256{1'000'000'000'000'000});
    // Each on its own leaves the rest; zero removes.
    edit({StateEdit{
        .address = other, .balance = uint256{6}, .nonce = {}, .code = {}, .storage = {}}});
    EXPECT_EQ(state()->account(other)->nonce, 9u);
    EXPECT_EQ(state()->storage(other, slot), uint256{7});
    edit({StateEdit{
        .address = other, .balance = {}, .nonce = {}, .code = {}, .storage = {{slot, uint256{}}}}});
    EXPECT_EQ(state()->storage(other, slot), uint256{});
    edit({StateEdit{
        .address = other, .balance = uint256{}, .nonce = 0, .code = Bytes{}, .storage = {}}});
    EXPECT_FALSE(state()->account(other));
}

TEST_F(Edits, that_change_nothing_leave_the_state_root) {
    edit({});
    const auto before = (*chain->header(1))->state_root;
    edit({StateEdit{.address = rich,
                    .balance = uint256{1'000'000'000'000'000},
                    .nonce = {},
                    .code = {},
                    .storage = {{slot, uint256{}}}}});
    // Without the contracts of system calls, an empty block changes nothing either.
    EXPECT_EQ((*chain->header(2))->state_root, before);
    EXPECT_EQ(state()->account(rich)->balance, uint256{1'000'000'000'000'000});
}

TEST_F(Edits, are_undone_with_their_block) {
    edit({StateEdit{
        .address = other, .balance = uint256{5}, .nonce = {}, .code = {}, .storage = {}}});
    ASSERT_TRUE(chain->rollback(0));
    EXPECT_FALSE(state()->account(other));
}

TEST_F(Edits, a_contract_sends_without_a_signature) {
    edit({StateEdit{.address = other,
                    .balance = uint256{1'000'000'000'000},
                    .nonce = 3,
                    .code = Bytes{0x00},
                    .storage = {}}});
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = 1337;
    t.nonce = 3;
    t.gas_limit = 21'000;
    t.max_fee_per_gas = uint256{100};
    t.to = rich;
    t.value = uint256{11};
    const auto apply = [&](const Transaction& txn) {
        auto builder = chain->begin(plan());
        const auto done = (*builder)->apply(txn, other, hash(txn));
        if (done) EXPECT_TRUE(chain->seal(std::move(*builder), {}));
        return done;
    };
    EXPECT_FALSE(is_impersonated(t, other));
    const auto refused = apply(t);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), exec::TxError::SENDER_NOT_EOA);
    t.r = to_uint256(other);
    ASSERT_TRUE(is_impersonated(t, other));
    EXPECT_FALSE(is_impersonated(t, rich));
    ASSERT_TRUE(apply(t));
    EXPECT_EQ(state()->account(rich)->balance, uint256{1'000'000'000'000'011});
    EXPECT_EQ(state()->account(other)->nonce, 4u);
    const auto block = chain->block(chain->head(Head::unsafe).number);
    ASSERT_TRUE(block && *block);
    EXPECT_EQ((*block)->senders[0], other) << "as it is stored";
}

}  // namespace
}  // namespace mezz::node
