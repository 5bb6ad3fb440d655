// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What development adds to the pool, and what a rollup's pool refuses by type.
#include <gtest/gtest.h>

#include "node/ingest/pool/pool.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {
namespace {

constexpr Address actor = hex<Address>("0x00000000000000000000000000000000000000f1");
constexpr Address other = hex<Address>("0x00000000000000000000000000000000000000f2");

class PoolDev : public testing::Test {
protected:
    PoolDev() {
        spec.chain_id = 7;
        spec.refuses_blob_transactions = true;
        PoolChain chain;
        chain.spec = &spec;
        chain.account = [](const Address&) -> Result<Account> {
            Account account;
            account.balance = uint256{1'000'000'000'000};
            return account;
        };
        chain.next_block = [] {
            BlockContext c;
            c.number = 1;
            c.gas_limit = 30'000'000;
            return c;
        };
        pool = std::make_unique<Pool>(std::move(chain));
    }
    static Transaction make(std::uint64_t nonce) {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = 7;
        t.nonce = nonce;
        t.max_fee_per_gas = uint256{1000};
        t.max_priority_fee_per_gas = uint256{1};
        t.gas_limit = 21'000;
        t.to = Address{};
        return t;
    }

    ChainSpec spec;
    std::unique_ptr<Pool> pool;
};

TEST_F(PoolDev, takes_on_trust_what_it_is_told_to) {
    const auto hash = pool->submit_impersonated(make(0), actor);
    ASSERT_TRUE(hash) << hash.error().message;
    const auto twin = pool->submit_impersonated(make(0), other);
    ASSERT_TRUE(twin);
    EXPECT_NE(*hash, *twin) << "the sender is part of the name";
    const auto found = pool->find(*hash);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->sender, actor);
    EXPECT_TRUE(is_impersonated(found->txn, actor));
    // The same bytes from outside are no transaction.
    const auto refused = pool->submit(found->raw);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("invalid sender"), std::string::npos)
        << refused.error().message;
}

TEST_F(PoolDev, judges_them_like_any_other) {
    Transaction poor = make(0);
    poor.value = uint256{2'000'000'000'000};
    EXPECT_NE(pool->submit_impersonated(poor, actor).error().message.find("insufficient funds"),
              std::string::npos);
    Transaction little = make(0);
    little.gas_limit = 20'000;
    EXPECT_NE(pool->submit_impersonated(little, actor).error().message.find("intrinsic gas"),
              std::string::npos);
}

TEST_F(PoolDev, forgets_one_a_senders_or_all) {
    const auto first = *pool->submit_impersonated(make(0), actor);
    const auto second = *pool->submit_impersonated(make(1), actor);
    const auto third = *pool->submit_impersonated(make(0), other);
    EXPECT_EQ(pool->forget(first), 1u);
    EXPECT_EQ(pool->forget(first), 0u);
    EXPECT_FALSE(pool->find(first));
    EXPECT_EQ(pool->status().queued, 1u) << "waits for the nonce before it";
    EXPECT_EQ(pool->forget(actor), 1u);
    EXPECT_FALSE(pool->find(second));
    EXPECT_TRUE(pool->find(third));
    EXPECT_EQ(pool->forget_all(), 1u);
    EXPECT_EQ(pool->pop_best({}), nullptr);
}

TEST_F(PoolDev, what_is_being_included_is_not_forgotten) {
    const auto hash = *pool->submit_impersonated(make(0), actor);
    const auto taken = pool->pop_best({});
    ASSERT_TRUE(taken);
    EXPECT_EQ(pool->forget(hash), 0u);
    EXPECT_EQ(pool->forget_all(), 0u);
    pool->give_back(taken);
    EXPECT_EQ(pool->forget_all(), 1u);
}

TEST_F(PoolDev, a_rollup_refuses_blob_transactions_in_op_geths_words) {
    Transaction t = make(0);
    t.type = TxType::blob;
    t.max_fee_per_blob_gas = uint256{1};
    t.blob_hashes = {
        hex<Bytes32>("0x0100000000000000000000000000000000000000000000000000000000000001")};
    t.r = t.s = uint256{1};
    const auto refused = pool->submit(encode(t));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, -32000);
    EXPECT_EQ(refused.error().message, "transaction type not supported");
}

}  // namespace
}  // namespace mezz::node
