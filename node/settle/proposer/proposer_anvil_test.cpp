// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/derive/block.hpp"
#include "node/host/client/anvil_support.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "node/settle/proposer/proposer.hpp"

namespace mezz::node {
namespace {

/// A chain whose blocks come from the (empty) inbox for all the contracts can tell.
class PlainChain final : public RollupChain {
public:
    std::uint64_t head = 0;
    Bytes32 acc;
    BlockRef unsafe_head() override { return {head, {}}; }
    DerivedPosition derived() override { return {0, acc, {head, {}}}; }
    DerivedPosition finalized() override { return derived(); }
    Result<std::optional<PublishableBlock>> publishable(std::uint64_t) override {
        return std::nullopt;
    }
    Result<Header> header(std::uint64_t number) override {
        Header out;
        out.number = number;
        return out;
    }
};

TEST(proposer_on_anvil, a_claim_is_made_resolved_paid_and_becomes_the_anchor) {
    MEZZ_NEEDS_ANVIL();
    testing::Anvil anvil;
    testing::SystemClock clock;
    const Signer signer = *Signer::make(testing::anvil_key_0);
    TxManager txs(anvil.parent(), signer, clock);
    DeployOptions o;
    auto& s = o.settings;
    s.owner = s.batcher = s.proposer = s.challenger = s.guardian = signer.address();
    s.max_clock_duration_seconds = 2;
    o.init_bond = 12345;
    const auto contracts = deploy(anvil.parent(), txs, o);
    ASSERT_TRUE(contracts) << contracts.error().message;

    PlainChain chain;
    chain.head = 7;
    chain.acc.bytes[0] = 1;
    ProposerOptions options{.contracts = *contracts, .interval_ms = 500, .retry_after_ms = 200};
    Proposer proposer(chain, anvil.parent(), txs, options);
    const auto run = [&](Proposer& p, auto until, std::uint64_t timeout_ms) {
        const auto end = clock.now_ms() + timeout_ms;
        while (clock.now_ms() < end && !until(p.status())) {
            p.step(clock.now_ms());
            testing::sleep_ms(20);
        }
        return until(p.status());
    };
    // An inbox of another fork is refused without a transaction.
    run(proposer, [](const auto&) { return false; }, 500);
    EXPECT_EQ(proposer.status().games_created, 0u);
    EXPECT_NE(proposer.status().last_error.find("not the one"), std::string::npos);

    chain.acc = {};
    ASSERT_TRUE(run(
        proposer, [](const auto& st) { return st.games_created == 1; }, 10'000))
        << proposer.status().last_error;
    EXPECT_EQ(proposer.status().last_proposed_block, 7u);
    // A new process finds the game and sees it through.
    TxManager more(anvil.parent(), signer, clock);
    Proposer second(chain, anvil.parent(), more, options);
    ASSERT_TRUE(run(
        second, [](const auto& st) { return st.anchor_block == 7; }, 20'000))
        << second.status().last_error;
    EXPECT_EQ(second.status().games_created, 0u);
    EXPECT_EQ(second.status().games_resolved, 1u);
    EXPECT_EQ(second.status().bonds_claimed, 1u);
}

}  // namespace
}  // namespace mezz::node
