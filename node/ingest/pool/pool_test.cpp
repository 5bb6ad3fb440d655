// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/pool/pool.hpp"

#include <gtest/gtest.h>

#include "core/crypto/secp256k1.hpp"

namespace mezz::node {
namespace {

const Bytes32 keys[] = {
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    hex<Bytes32>("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d")};

class PoolTest : public ::testing::Test {
protected:
    PoolTest() : pool_(make(65'536)) {}

    std::unique_ptr<Pool> make(std::size_t max_transactions, std::size_t max_bytes = 1 << 30) {
        spec_.chain_id = 7;
        spec_.refuses_blob_transactions = true;
        PoolChain chain;
        chain.spec = &spec_;
        chain.account = [this](const Address& a) -> Result<Account> {
            Account account;
            account.nonce = nonces_[a];
            account.balance = balance_;
            return account;
        };
        chain.next_block = [] {
            BlockContext c;
            c.number = 1;
            c.gas_limit = 30'000'000;
            return c;
        };
        PoolOptions options;
        options.max_transactions = max_transactions;
        options.max_bytes = max_bytes;
        options.max_per_account = 64;
        return std::make_unique<Pool>(std::move(chain), options);
    }

    static Bytes raw(unsigned account, std::uint64_t nonce, std::uint64_t tip = 1,
                     std::uint64_t chain_id = 7, std::uint64_t gas_limit = 21'000) {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = chain_id;
        t.nonce = nonce;
        t.max_priority_fee_per_gas = uint256{tip};
        t.max_fee_per_gas = uint256{1000 + tip};
        t.gas_limit = gas_limit;
        t.to = Address{};
        const auto signature = crypto::sign(signing_hash(t), keys[account]);
        t.r = signature->r;
        t.s = signature->s;
        t.odd_y = signature->odd_y;
        return encode(t);
    }
    std::string refusal(const Bytes& bytes) {
        const auto r = pool_->submit(bytes);
        return r ? "accepted" : r.error().message;
    }

    ChainSpec spec_;
    uint256 balance_{1'000'000'000'000};
    std::map<Address, std::uint64_t> nonces_;
    std::unique_ptr<Pool> pool_;
};

TEST_F(PoolTest, best_tip_first_and_nonces_in_order) {
    ASSERT_TRUE(pool_->submit(raw(0, 1, 50)));
    ASSERT_TRUE(pool_->submit(raw(0, 0, 1)));
    ASSERT_TRUE(pool_->submit(raw(1, 0, 10)));
    std::vector<std::uint64_t> tips;
    while (const auto t = pool_->pop_best(uint256{7}))
        tips.push_back(t->txn.max_priority_fee_per_gas.limb[0]);
    EXPECT_EQ(tips, (std::vector<std::uint64_t>{10, 1, 50}));
}

TEST_F(PoolTest, peek_names_the_best_and_takes_none) {
    ASSERT_TRUE(pool_->submit(raw(0, 0, 1)));
    ASSERT_TRUE(pool_->submit(raw(0, 1, 50)));
    ASSERT_TRUE(pool_->submit(raw(1, 0, 10)));
    const auto one = pool_->peek(1), all = pool_->peek(9);
    ASSERT_EQ(one.size(), 1U);
    // Each account's next one: the one that pays 50 is not its account's turn.
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(one[0]->txn.max_priority_fee_per_gas, uint256{10});
    EXPECT_EQ(all[1]->txn.max_priority_fee_per_gas, uint256{1});
    EXPECT_EQ(pool_->status().pending, 3U);
    EXPECT_EQ(pool_->pop_best(uint256{7}), one[0]);
}

TEST_F(PoolTest, gap_waits_until_it_is_filled) {
    ASSERT_TRUE(pool_->submit(raw(0, 1)));
    EXPECT_EQ(pool_->status().queued, 1U);
    EXPECT_EQ(pool_->pop_best(uint256{7}), nullptr);
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    EXPECT_EQ(pool_->status().pending, 2U);
}

TEST_F(PoolTest, replacement_needs_ten_percent_more) {
    ASSERT_TRUE(pool_->submit(raw(0, 0, 1000)));
    EXPECT_EQ(refusal(raw(0, 0, 1050)), "replacement transaction underpriced");
    EXPECT_EQ(refusal(raw(0, 0, 1000)), "already known");
    ASSERT_TRUE(pool_->submit(raw(0, 0, 1300)));
    EXPECT_EQ(pool_->status().pending, 1U);
    EXPECT_EQ(pool_->pop_best(uint256{7})->txn.max_priority_fee_per_gas.limb[0], 1300U);
}

TEST_F(PoolTest, transactions_that_cannot_pay_the_base_fee_wait) {
    ASSERT_TRUE(pool_->submit(raw(0, 0, 1)));
    EXPECT_EQ(pool_->pop_best(uint256{5000}), nullptr);
    EXPECT_NE(pool_->pop_best(uint256{1000}), nullptr);
}

TEST_F(PoolTest, refusals_name_what_is_wrong) {
    nonces_[*crypto::address_of(keys[0])] = 5;
    EXPECT_EQ(refusal(raw(0, 4)), "nonce too low: next nonce 5, tx nonce 4");
    EXPECT_EQ(refusal(raw(0, 5 + 64)),
              "nonce too high: next nonce 5, tx nonce 69, at most 64 ahead");
    EXPECT_EQ(refusal(raw(0, 5, 1, 8)), "invalid chain id for signer: have 8 want 7");
    EXPECT_EQ(refusal(raw(0, 5, 1, 7, 20'000)),
              "intrinsic gas too low: gas 20000, minimum needed 21000");
    EXPECT_EQ(refusal(Bytes{0x7e, 0xc0}).substr(0, 3), "rlp");
    EXPECT_EQ(refusal(raw(0, 5, 0)),
              "transaction gas price below minimum: gas tip cap 0, minimum needed 1");
    EXPECT_EQ(refusal({}), "transaction is empty");
    EXPECT_EQ(refusal(Bytes{9}), "transaction type not supported");
    balance_ = uint256{100};
    EXPECT_EQ(refusal(raw(0, 5)).substr(0, 44), "insufficient funds for gas * price + value: ");
}

TEST_F(PoolTest, full_pool_evicts_what_cannot_run_before_it_refuses) {
    pool_ = make(3);
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    ASSERT_TRUE(pool_->submit(raw(0, 1)));
    ASSERT_TRUE(pool_->submit(raw(1, 5)));
    ASSERT_TRUE(pool_->submit(raw(1, 0)));
    EXPECT_EQ(pool_->status().queued, 0U);
    EXPECT_EQ(pool_->status().pending, 3U);
}

TEST_F(PoolTest, bytes_are_bounded_as_their_number_is) {
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    const std::size_t one = pool_->status().bytes;
    EXPECT_GT(one, raw(0, 0).size());
    pool_ = make(65'536, 3 * one + one / 2);
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    ASSERT_TRUE(pool_->submit(raw(0, 1)));
    ASSERT_TRUE(pool_->submit(raw(1, 5)));
    // What cannot run gives way, then nothing does.
    ASSERT_TRUE(pool_->submit(raw(0, 2)));
    EXPECT_EQ(pool_->status().pending, 3U);
    EXPECT_EQ(pool_->status().queued, 0U);
    EXPECT_LE(pool_->status().bytes, 3 * one + one / 2);
    pool_ = make(65'536, one + one / 2);
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    EXPECT_EQ(refusal(raw(1, 0)), "txpool is full");
    const Address sender = *crypto::address_of(keys[0]);
    pool_->settle({{sender, 1}});
    EXPECT_EQ(pool_->status().bytes, 0U);
    EXPECT_TRUE(pool_->submit(raw(1, 0)));
}

TEST_F(PoolTest, given_back_and_settled) {
    ASSERT_TRUE(pool_->submit(raw(0, 0)));
    ASSERT_TRUE(pool_->submit(raw(0, 1)));
    const auto first = pool_->pop_best(uint256{7});
    pool_->give_back(first);
    EXPECT_EQ(pool_->pop_best(uint256{7})->txn.nonce, 0U);
    const Address sender = *crypto::address_of(keys[0]);
    pool_->settle({{sender, 1}});
    EXPECT_FALSE(pool_->find(first->hash));
    EXPECT_EQ(pool_->pending_nonce(sender), 2U);
    EXPECT_EQ(pool_->pop_best(uint256{7})->txn.nonce, 1U);
}

}  // namespace
}  // namespace mezz::node
