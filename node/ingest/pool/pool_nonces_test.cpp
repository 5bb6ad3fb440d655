// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/pool/pool.hpp"

#include <gtest/gtest.h>

#include "node/host/crypto/secp256k1_native.hpp"

namespace mezz::node {
namespace {

constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

Bytes transfer(std::uint64_t nonce) {
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = 901;
    t.nonce = nonce;
    t.max_fee_per_gas = t.max_priority_fee_per_gas = 10;
    t.gas_limit = 21'000;
    t.to = Address{};
    const auto signature = host::sign_native(signing_hash(t), key);
    t.r = signature->r;
    t.s = signature->s;
    t.odd_y = signature->odd_y;
    return encode(t);
}

TEST(pool, a_nonce_used_elsewhere_does_not_hold_up_those_after_it) {
    ChainSpec spec;
    spec.chain_id = 901;
    Account account;
    account.balance = uint256{1'000'000'000'000};
    PoolChain chain;
    chain.spec = &spec;
    chain.account = [&](const Address&) { return account; };
    chain.next_block = [] {
        BlockContext c;
        c.number = 1;
        c.gas_limit = 30'000'000;
        return c;
    };
    Pool pool(std::move(chain));
    for (const std::uint64_t nonce : {0, 1}) ASSERT_TRUE(pool.submit(transfer(nonce)));
    // A derived block used nonce 0: the sequencer drops ours, then a block exists.
    account.nonce = 1;
    const auto first = pool.pop_best({});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->txn.nonce, 0u);
    pool.drop(first);
    EXPECT_FALSE(pool.pop_best({}));
    pool.settle({});
    const auto second = pool.pop_best({});
    ASSERT_TRUE(second);
    EXPECT_EQ(second->txn.nonce, 1u);
}

}  // namespace
}  // namespace mezz::node
