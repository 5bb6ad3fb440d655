// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/deployer/deployer.hpp"

#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "node/host/client/anvil_support.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::node {
namespace {

using testing::Anvil;

SystemSettings settings_for(const Address& account) {
    SystemSettings s;
    s.owner = s.batcher = s.proposer = s.challenger = s.guardian = account;
    s.chain_id = 901;
    s.config_hash =
        hex<Bytes32>("0x0100000000000000000000000000000000000000000000000000000000000002");
    return s;
}

TEST(artefacts, every_contract_has_code) {
    for (const auto* name : {"SystemConfig", "Inbox", "DisputeGameFactory", "AnchorStateRegistry",
                             "OutputGame", "Portal"}) {
        const auto code = creation_code(name);
        ASSERT_TRUE(code) << name;
        EXPECT_LT(code->size(), 49'152u) << name;
    }
    for (const auto* name :
         {"L2ToL1MessagePasser", "L1Block", "GasPriceOracle", "FeeVault", "Multicall3"}) {
        const auto code = deployed_code(name);
        ASSERT_TRUE(code) << name;
        EXPECT_GT(code->size(), 100u) << name;
    }
    EXPECT_FALSE(creation_code("Nonsense"));
}

TEST(artefacts, code_is_known_whatever_its_constructor_wrote) {
    const auto artefact = code_template("SystemConfig");
    ASSERT_TRUE(artefact);
    ASSERT_FALSE(artefact->immutables.empty());
    Bytes code = artefact->code;
    EXPECT_TRUE(is_made_of(*artefact, code));
    code[artefact->immutables.front()] = 1;
    code[artefact->immutables.front() + 31] = 2;
    EXPECT_TRUE(is_made_of(*artefact, code));
    Bytes other = code;
    other[artefact->immutables.front() + 32] ^= 1;
    EXPECT_FALSE(is_made_of(*artefact, other));
    code.push_back(0);
    EXPECT_FALSE(is_made_of(*artefact, code));
    EXPECT_FALSE(is_made_of(*artefact, {}));
    const auto plain = code_template("PreimageOracle");
    ASSERT_TRUE(plain);
    EXPECT_TRUE(plain->immutables.empty());
    EXPECT_FALSE(code_template("Nonsense"));
}

TEST(deployer, gas_falls_with_what_is_there_and_covers_what_is_not) {
    DeployOptions options{.settings = settings_for(Address{}), .first_nonce = 3};
    const auto contracts = contract_addresses(Address{}, 3);
    const auto all = creations(contracts, options);
    ASSERT_EQ(all.size(), 6u);
    EXPECT_EQ(all.back().address, contracts.portal);
    EXPECT_EQ(deployment_gas(all, all.size()), 200'000u);
    for (std::size_t i = 0; i < all.size(); ++i)
        EXPECT_GT(deployment_gas(all, i), deployment_gas(all, i + 1));
    options.fraud_proofs = FraudProofSettings{};
    EXPECT_EQ(creations(contract_addresses(Address{}, 3, true), options).size(), 10u);
}

TEST(deployer, six_contracts_land_and_a_second_run_changes_nothing) {
    MEZZ_NEEDS_ANVIL();
    Anvil anvil;
    testing::SystemClock clock;
    auto signer = Signer::make(testing::anvil_key_0);
    ASSERT_TRUE(signer);
    TxManager txs(anvil.parent(), *signer, clock);
    const std::uint64_t started = clock.now_ms();
    DeployOptions options{.settings = settings_for(signer->address()), .init_bond = 1000};
    const auto first = deploy(anvil.parent(), txs, options);
    ASSERT_TRUE(first) << first.error().message;
    std::printf("deployed in %lu ms\n", clock.now_ms() - started);
    const auto bond = anvil.parent().call(
        first->dispute_game_factory,
        abi::Call("initBonds(uint32)").word(std::uint64_t{ATTESTED_OUTPUTS}).finish());
    ASSERT_TRUE(bond) << bond.error().message;
    EXPECT_EQ(abi::word_at(*bond, 0), uint256{1000});

    const auto nonce = anvil.parent().nonce(signer->address(), false);
    options.first_nonce = 0;
    const auto second = deploy(anvil.parent(), txs, options);
    ASSERT_TRUE(second) << second.error().message;
    EXPECT_EQ(second->portal, first->portal);
    EXPECT_EQ(anvil.parent().nonce(signer->address(), false).value(), nonce.value());
}

TEST(deployer, an_owner_that_is_not_the_deployer_is_refused_first) {
    MEZZ_NEEDS_ANVIL();
    Anvil anvil;
    testing::SystemClock clock;
    TxManager txs(anvil.parent(), *Signer::make(testing::anvil_key_0), clock);
    const auto r =
        deploy(anvil.parent(), txs,
               {.settings = settings_for(Signer::make(testing::anvil_key_1)->address())});
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::fatal);
    EXPECT_NE(r.error().message.find("settings.owner"), std::string::npos);
}

}  // namespace
}  // namespace mezz::node
