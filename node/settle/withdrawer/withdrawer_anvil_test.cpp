// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "node/host/client/anvil_support.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "node/settle/withdrawer/one_withdrawal_support.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::node {
namespace {

using testing::FakeChain;
using testing::OneSlot;

TEST(withdrawer_on_anvil, a_withdrawal_is_proven_and_paid) {
    MEZZ_NEEDS_ANVIL();
    testing::Anvil anvil;
    auto& parent = anvil.parent();
    testing::SystemClock clock;
    const Signer signer = *Signer::make(testing::anvil_key_0);
    TxManager txs(parent, signer, clock);
    DeployOptions o;
    auto& s = o.settings;
    s.owner = s.batcher = s.proposer = s.challenger = s.guardian = signer.address();
    s.max_clock_duration_seconds = 2;
    s.proof_maturity_delay_seconds = 3;
    const auto contracts = deploy(parent, txs, o);
    ASSERT_TRUE(contracts) << contracts.error().message;
    TxCandidate fund;
    fund.to = contracts->portal;
    fund.value = 1'000'000;
    fund.data = abi::Call("donateETH()").finish();
    ASSERT_TRUE(txs.send_and_wait(fund));

    FakeChain chain;
    chain.withdrawal = {uint256{1} << 240,
                        hex<Address>("0x00000000000000000000000000000000000000aa"),
                        hex<Address>("0x00000000000000000000000000000000000000bb"),
                        777,
                        100'000,
                        {1, 2, 3}};
    Withdrawer withdrawer(chain, parent, txs, Bytes32{}, {.contracts = *contracts, .poll_ms = 100});
    for (int i = 0; i < 10; ++i) {
        withdrawer.step(clock.now_ms());
        testing::sleep_ms(50);
    }
    EXPECT_EQ(withdrawer.status().stage, WithdrawalStage::claim) << withdrawer.status().message;

    TxCandidate create;
    create.to = contracts->dispute_game_factory;
    create.data =
        abi::Call("create(uint32,bytes32,bytes)")
            .word(std::uint64_t{ATTESTED_OUTPUTS})
            .word(derive::output_root(chain.make(4)))
            .bytes(
                abi::Words().word(std::uint64_t{4}).word(std::uint64_t{0}).word(Bytes32{}).finish())
            .finish();
    const auto made = txs.send_and_wait(create);
    ASSERT_TRUE(made) << made.error().message;
    const Address game = to_address(to_uint256(made->logs.back().log.topics[1]));
    bool resolved = false;
    std::vector<WithdrawalStage> stages;
    const auto end = clock.now_ms() + 40'000;
    while (clock.now_ms() < end && withdrawer.status().stage < WithdrawalStage::done) {
        const auto& st = withdrawer.step(clock.now_ms());
        if (stages.empty() || stages.back() != st.stage) {
            stages.push_back(st.stage);
            std::printf("  stage %d, eta %ld ms: %s\n", static_cast<int>(st.stage),
                        st.eta_ms ? static_cast<long>(*st.eta_ms) : -1, st.message.c_str());
        }
        if (!resolved && st.stage == WithdrawalStage::maturing) {
            TxCandidate resolve;
            resolve.to = game;
            resolve.data = abi::Call("resolve()").finish();
            resolved = txs.send_and_wait(resolve, 5'000).has_value();
        }
        testing::sleep_ms(50);
    }
    EXPECT_EQ(withdrawer.status().stage, WithdrawalStage::done) << withdrawer.status().message;
    EXPECT_EQ(parent.balance(chain.withdrawal.target).value(), uint256{777});
}

}  // namespace
}  // namespace mezz::node
