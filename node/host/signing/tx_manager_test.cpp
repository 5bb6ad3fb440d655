// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/signing/tx_manager.hpp"

#include <gtest/gtest.h>

#include "node/host/signing/abi.hpp"
#include "node/host/signing/fake_parent_support.hpp"

namespace mezz::node {
namespace {

using testing::FakeClock;
using testing::FakeParent;

constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

struct World {
    FakeParent parent;
    FakeClock clock;
    TxManager txs;
    explicit World(TxManagerOptions options = {})
        : txs(parent, *Signer::make(key), clock, options, [this](auto ms) { clock.ms += ms; }) {}
    void step(std::uint64_t later_ms = 0) { txs.step(clock.ms += later_ms); }
    TxState state(TxId id) { return txs.status(id)->state; }
};

TxCandidate plain() {
    TxCandidate c;
    c.to = Address{};
    c.gas_limit = 21'000;
    return c;
}
Error answered(std::string text) {
    return {Handling::retry, "eth_sendRawTransaction: the parent answered error -32000: " + text};
}

TEST(signer, knows_its_address_and_refuses_zero) {
    EXPECT_EQ(Signer::make(key)->address(),
              hex<Address>("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266"));
    const auto bad = Signer::make({});
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().handling, Handling::fatal);
}

TEST(abi, encodes_as_the_specification_shows) {
    EXPECT_EQ(abi::selector("transfer(address,uint256)"), hex<abi::Selector>("0xa9059cbb"));
    const Bytes two = abi::Words().word(std::uint64_t{7}).bytes(Bytes{1, 2, 3}).finish();
    ASSERT_EQ(two.size(), 128u);
    EXPECT_EQ(abi::word_at(two, 1), uint256{64});
    EXPECT_EQ(abi::bytes_at(two, 1), (Bytes{1, 2, 3}));
    EXPECT_FALSE(abi::bytes_at(ByteView(two).first(96), 1));
    EXPECT_FALSE(abi::word_at(two, 4));
}

TEST(tx_manager, lands_in_order_with_consecutive_nonces) {
    World w;
    const TxId a = w.txs.send(plain()), b = w.txs.send(plain());
    w.step();
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_EQ(w.parent.sent[1].txn.nonce, 1u);
    EXPECT_EQ(recover_sender(w.parent.sent[0].txn), w.txs.address());
    w.parent.mine();
    w.step();
    EXPECT_EQ(w.state(a), TxState::confirmed);
    EXPECT_EQ(w.state(b), TxState::confirmed);
}

TEST(tx_manager, raises_fees_by_an_eighth_after_the_wait) {
    World w;
    const TxId id = w.txs.send(plain());
    w.step();
    w.step(11'999);
    EXPECT_EQ(w.parent.sent.size(), 1u);
    w.step(1);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    const auto &was = w.parent.sent[0].txn, &now = w.parent.sent[1].txn;
    EXPECT_EQ(now.nonce, was.nonce);
    EXPECT_GE(now.max_fee_per_gas * 1'000, was.max_fee_per_gas * 1'125);
    EXPECT_GE(now.max_priority_fee_per_gas * 1'000, was.max_priority_fee_per_gas * 1'125);
    w.parent.mine();
    w.step();
    EXPECT_EQ(w.state(id), TxState::confirmed);
}

TEST(tx_manager, raises_urgent_fees_faster_and_higher) {
    World w;
    TxCandidate candidate = plain();
    candidate.urgent_at_ms = w.clock.ms + 20'000;
    w.txs.send(std::move(candidate));
    w.step();
    w.step(12'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    // Urgent now: three seconds are enough, and half as much more is bid.
    w.step(8'000);
    ASSERT_EQ(w.parent.sent.size(), 3u);
    const auto &was = w.parent.sent[1].txn, &now = w.parent.sent[2].txn;
    EXPECT_GE(now.max_fee_per_gas * 1'000, was.max_fee_per_gas * 1'500);
    w.step(2'999);
    EXPECT_EQ(w.parent.sent.size(), 3u);
    for (int i = 0; i < 40; ++i) w.step(3'000);
    EXPECT_GT(w.parent.sent.back().txn.max_fee_per_gas, TxManagerOptions{}.max_fee);
    EXPECT_LE(w.parent.sent.back().txn.max_fee_per_gas, TxManagerOptions{}.urgent_max_fee);
}

TEST(tx_manager, takes_a_new_nonce_when_the_parent_says_too_low) {
    World w;
    const TxId id = w.txs.send(plain());
    w.parent.refusals.push_back(answered("nonce too low"));
    w.step();
    EXPECT_EQ(w.state(id), TxState::queued);
    w.parent.mined_nonce = 4;
    w.step(600);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    EXPECT_EQ(w.parent.sent[0].txn.nonce, 4u);
}

TEST(tx_manager, bids_more_when_a_replacement_is_underpriced) {
    World w;
    w.txs.send(plain());
    w.parent.refusals.push_back(answered("replacement transaction underpriced"));
    w.step();
    w.step(600);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    EXPECT_GE(w.parent.sent[0].txn.max_fee_per_gas, uint256{3'375'000'000});
}

TEST(tx_manager, counts_already_known_as_sent) {
    World w;
    const TxId id = w.txs.send(plain());
    w.parent.refusals.push_back(answered("already known"));
    w.step();
    EXPECT_EQ(w.state(id), TxState::in_flight);
}

TEST(tx_manager, waits_for_funds_and_says_what_there_is) {
    World w;
    const TxId id = w.txs.send(plain());
    for (int i = 0; i < 15; ++i) {
        w.parent.refusals.push_back(answered("insufficient funds for gas * price + value"));
        w.step(600);
    }
    EXPECT_EQ(w.state(id), TxState::queued);
    EXPECT_NE(w.txs.status(id)->error.find("has 5 wei"), std::string::npos);
    w.step(600);
    EXPECT_EQ(w.state(id), TxState::in_flight);
}

TEST(tx_manager, gives_up_on_what_the_parent_keeps_refusing) {
    World w;
    const TxId id = w.txs.send(plain()), next = w.txs.send(plain());
    for (int i = 0; i < 10; ++i) {
        w.parent.refusals.push_back(answered("oversized data"));
        w.step(600);
    }
    EXPECT_EQ(w.state(id), TxState::failed);
    w.step(600);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    EXPECT_EQ(w.parent.sent[0].txn.nonce, 0u);
    EXPECT_EQ(w.state(next), TxState::in_flight);
}

TEST(tx_manager, sends_again_what_a_reorganisation_removed) {
    World w({.confirmations = 3});
    const TxId id = w.txs.send(plain());
    w.step();
    w.parent.mine();
    w.step();
    EXPECT_EQ(w.state(id), TxState::mined);
    w.parent.reorganise();
    w.step();
    EXPECT_EQ(w.state(id), TxState::in_flight);
    EXPECT_EQ(w.parent.sent.size(), 2u);
    w.parent.mine();
    w.parent.head += 2;
    w.step();
    EXPECT_EQ(w.state(id), TxState::confirmed);
}

TEST(tx_manager, takes_over_nonces_of_what_was_finished_and_undone) {
    World w;
    const TxId done = w.txs.send(plain());
    w.step();
    w.parent.mine();
    w.step();
    ASSERT_EQ(w.state(done), TxState::confirmed);
    w.txs.forget(done);
    const TxId next = w.txs.send(plain());
    w.step();
    ASSERT_EQ(w.parent.sent.back().txn.nonce, 1u);
    // The parent takes the first one back, and no pool has it any more.
    w.parent.reorganise();
    std::erase_if(w.parent.sent, [](const auto& t) { return t.txn.nonce == 0; });
    w.step();
    w.step(500);
    EXPECT_EQ(w.parent.sent.back().txn.nonce, 0u);
    EXPECT_EQ(w.state(next), TxState::in_flight);
}

TEST(tx_manager, goes_on_from_the_chain_after_a_restart) {
    World w;
    w.txs.send(plain());
    w.step();
    TxManager again(w.parent, *Signer::make(key), w.clock);
    again.send(plain());
    again.step(w.clock.ms);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_EQ(w.parent.sent[1].txn.nonce, 1u);
}

TEST(tx_manager, a_nonce_that_another_process_used_is_replaced) {
    World w;
    const TxId id = w.txs.send(plain());
    w.step();
    w.parent.mined_nonce = 1;  // by a transaction that is not ours
    w.step();
    EXPECT_EQ(w.state(id), TxState::in_flight);
    w.step(12'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_EQ(w.parent.sent[1].txn.nonce, 1u);
}

TEST(tx_manager, a_parent_that_is_away_is_waited_for) {
    World w;
    w.parent.down = true;
    const auto r = w.txs.send_and_wait(plain(), 1'000);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::retry);
    EXPECT_NE(r.error().message.find("refused"), std::string::npos);
}

TEST(tx_manager, a_revert_is_reported) {
    World w;
    const TxId id = w.txs.send(plain());
    w.step();
    w.parent.mine(false);
    w.step();
    EXPECT_EQ(w.state(id), TxState::reverted);
}

TEST(tx_manager, blobs_fall_back_to_the_older_sidecar_and_double_their_fees) {
    World w;
    TxCandidate c = plain();
    c.blobs.push_back(Bytes(BYTES_PER_BLOB));
    w.txs.send(c);
    w.parent.refusals.push_back(answered("unexpected sidecar version"));
    w.step();
    w.step(1);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    ASSERT_TRUE(w.parent.sent[0].sidecar);
    EXPECT_EQ(w.parent.sent[0].sidecar->version, 0);
    w.step(12'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_GE(w.parent.sent[1].txn.max_fee_per_blob_gas,
              w.parent.sent[0].txn.max_fee_per_blob_gas * 2);
}

}  // namespace
}  // namespace mezz::node
