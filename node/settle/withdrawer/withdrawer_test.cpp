// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
/// The withdrawer against a parent that misbehaves on demand. On a real parent:
/// withdrawer_anvil_test.cpp.
#include "node/settle/withdrawer/withdrawer.hpp"

#include <gtest/gtest.h>

#include "core/derive/block.hpp"
#include "node/host/signing/fake_parent_support.hpp"
#include "node/settle/withdrawer/one_withdrawal_support.hpp"

namespace mezz::node {
namespace {

using testing::FakeChain;
using testing::FakeClock;
using testing::FakeParent;
using enum WithdrawalStage;

constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

constexpr ParentContracts contracts{
    .system_config = hex<Address>("0x00000000000000000000000000000000000000c1"),
    .inbox = {},
    .dispute_game_factory = hex<Address>("0x00000000000000000000000000000000000000c3"),
    .anchor_state_registry = hex<Address>("0x00000000000000000000000000000000000000c4"),
    .game_implementation = {},
    .portal = hex<Address>("0x00000000000000000000000000000000000000c6"),
};

bool calls(ByteView input, std::string_view name_and_type) {
    return equal(input.first(4), ByteView(abi::selector(name_and_type)));
}
constexpr std::string_view prove_signature =
    "proveWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes),uint256,(bytes32,"
    "bytes32,bytes32,bytes32),bytes[])";
constexpr std::string_view finalize_signature =
    "finalizeWithdrawalTransaction((uint256,address,address,uint256,uint256,bytes))";

/// Portal, factory and games, as far as the withdrawer meets them.
struct FakeContracts {
    struct Game {
        Address address;
        std::uint64_t block = 0, created_at = 0, resolved_at = 0, status = 0;
        Bytes32 root;
        bool respected = true, proper = true;
    };
    FakeParent& parent;
    std::vector<Game> games;
    std::optional<std::uint64_t> proven_game;
    std::uint64_t proven_at = 0;
    bool paid = false, refuse = false;

    explicit FakeContracts(FakeParent& p) : parent(p) {
        const auto& c = contracts;
        parent.on_call(c.system_config, "proofMaturityDelaySeconds()", [](ByteView) { return 10; });
        parent.on_call(c.system_config, "disputeGameFinalityDelaySeconds()",
                       [](ByteView) { return 5; });
        parent.on_call(c.system_config, "maxClockDurationSeconds()", [](ByteView) { return 20; });
        parent.on_call(c.dispute_game_factory, "gameCount()",
                       [this](ByteView) { return games.size(); });
        parent.on_call(c.portal, "finalizedWithdrawals(bytes32)",
                       [this](ByteView) { return paid ? 1 : 0; });
        parent.on_call(c.anchor_state_registry, "isGameProper(address)", [this](ByteView in) {
            const Address at = to_address(*abi::word_at(in, 0));
            for (const auto& g : games)
                if (g.address == at) return g.proper ? 1 : 0;
            return 0;
        });
        parent.answers[{c.dispute_game_factory, abi::selector("gameAtIndex(uint256)")}] =
            [this](ByteView in) {
                const auto& g = games.at(abi::word_at(in, 0)->limb[0]);
                return abi::Words()
                    .word(std::uint64_t{300})
                    .word(g.created_at)
                    .word(g.address)
                    .finish();
            };
        parent.answers[{c.portal, abi::selector("provenWithdrawals(bytes32,address)")}] =
            [this](ByteView) {
                return abi::Words()
                    .word(proven_game ? games[*proven_game].address : Address{})
                    .word(proven_at)
                    .finish();
            };
        parent.execute = [this](const Transaction& t, ParentReceipt&) { return run(t); };
    }

    Game& add(std::uint64_t block, const Bytes32& root) {
        Game g;
        g.address[0] = 0x6a;
        g.address[19] = static_cast<std::uint8_t>(games.size());
        g.block = block;
        g.root = root;
        g.created_at = parent.time;
        const std::size_t i = games.size();
        const auto view = [&](std::string_view getter, auto read) {
            parent.on_call(g.address, getter,
                           [this, i, read](ByteView) { return uint256(read(games[i])); });
        };
        view("l2SequenceNumber()", [](const Game& x) { return x.block; });
        view("wasRespectedGameTypeWhenCreated()",
             [](const Game& x) { return x.respected ? 1 : 0; });
        view("status()", [](const Game& x) { return x.status; });
        view("rootClaim()", [](const Game& x) { return to_uint256(x.root); });
        view("createdAt()", [](const Game& x) { return x.created_at; });
        view("resolvedAt()", [](const Game& x) { return x.resolved_at; });
        return games.emplace_back(g);
    }
    void resolve(std::size_t i) {
        games[i].status = 2;
        games[i].resolved_at = parent.time;
    }

    bool run(const Transaction& t) {
        if (refuse || *t.to != contracts.portal) return false;
        if (calls(t.data, prove_signature)) {
            const std::size_t i = abi::word_at(ByteView(t.data).subspan(4), 1)->limb[0];
            if (i >= games.size() || !games[i].proper) return false;
            proven_game = i;
            proven_at = parent.time;
            return true;
        }
        if (!calls(t.data, finalize_signature) || !proven_game) return false;
        const Game& g = games[*proven_game];
        paid = g.status == 2 && parent.time > proven_at + 10 && parent.time > g.resolved_at + 5;
        return paid;
    }
};

struct World {
    FakeParent parent;
    FakeClock clock;
    FakeContracts on_parent{parent};
    FakeChain chain;
    TxManager txs{parent, *Signer::make(key), clock};
    Withdrawer withdrawer{chain, parent, txs, Bytes32{}, {.contracts = contracts, .poll_ms = 500}};

    World() {
        chain.withdrawal = {uint256{1} << 240,
                            hex<Address>("0x00000000000000000000000000000000000000aa"),
                            hex<Address>("0x00000000000000000000000000000000000000bb"),
                            777,
                            100'000,
                            {1, 2, 3}};
    }
    Bytes32 root_of(std::uint64_t block) { return derive::output_root(chain.make(block)); }
    void run(unsigned seconds) {
        for (unsigned i = 0; i < seconds; ++i) {
            withdrawer.step(clock.ms += 1'000);
            parent.mine();
        }
    }
    WithdrawalStage stage() { return withdrawer.status().stage; }
    bool says(std::string_view text) {
        return withdrawer.status().message.find(text) != std::string::npos;
    }
};

Error answered(std::string text) {
    return {Handling::retry, "eth_sendRawTransaction: the parent answered error -32000: " + text};
}

TEST(withdrawer, goes_from_the_block_to_the_payment) {
    World w;
    w.chain.included = false;
    w.run(2);
    EXPECT_EQ(w.stage(), looking);
    w.chain.included = true;
    w.run(2);
    EXPECT_EQ(w.stage(), claim);
    EXPECT_TRUE(w.says("waiting for a claim of block 3"));
    w.on_parent.add(4, w.root_of(4));
    w.run(3);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
    EXPECT_EQ(w.stage(), maturing);
    EXPECT_TRUE(w.says("waiting for the game to be resolved"));
    w.on_parent.resolve(0);
    w.run(2);
    EXPECT_EQ(w.stage(), maturing);
    EXPECT_GT(w.withdrawer.status().eta_ms.value_or(0), 0u);
    w.run(20);
    EXPECT_TRUE(w.on_parent.paid);
    EXPECT_EQ(w.stage(), done);
    EXPECT_EQ(w.parent.sent.size(), 2u);
}

TEST(withdrawer, takes_no_game_that_is_too_old_lost_disrespected_or_untrue) {
    World w;
    w.on_parent.add(2, w.root_of(2));
    w.on_parent.add(4, w.root_of(4)).status = 1;
    w.on_parent.add(4, w.root_of(4)).respected = false;
    w.on_parent.add(4, w.root_of(5));
    w.run(4);
    EXPECT_EQ(w.stage(), claim);
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.on_parent.add(5, w.root_of(5));
    w.run(3);
    EXPECT_EQ(w.on_parent.proven_game, 4u);
}

TEST(withdrawer, proves_again_when_its_game_is_lost) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    w.run(3);
    ASSERT_EQ(w.on_parent.proven_game, 0u);
    w.on_parent.games[0].status = 1;
    w.on_parent.games[0].proper = false;
    w.run(2);
    EXPECT_EQ(w.stage(), claim);
    w.on_parent.add(5, w.root_of(5));
    w.run(3);
    EXPECT_EQ(w.on_parent.proven_game, 1u);
    w.on_parent.resolve(1);
    w.run(20);
    EXPECT_EQ(w.stage(), done);
}

TEST(withdrawer, a_restart_goes_on_from_what_the_portal_knows) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    w.run(3);
    ASSERT_EQ(w.on_parent.proven_game, 0u);
    w.on_parent.resolve(0);
    TxManager txs(w.parent, *Signer::make(key), w.clock);
    Withdrawer again(w.chain, w.parent, txs, Bytes32{}, {.contracts = contracts, .poll_ms = 500});
    for (int i = 0; i < 20; ++i) {
        again.step(w.clock.ms += 1'000);
        w.parent.mine();
    }
    EXPECT_EQ(again.status().stage, done);
    EXPECT_EQ(w.parent.sent.size(), 2u) << "one proof, one payment";
}

TEST(withdrawer, what_somebody_else_finalised_is_done) {
    World w;
    w.on_parent.paid = true;
    w.run(1);
    EXPECT_EQ(w.stage(), done);
    EXPECT_EQ(w.parent.sent.size(), 0u);
}

TEST(withdrawer, a_reverted_transaction_fails_for_good) {
    World w;
    w.chain.reverted = true;
    w.run(1);
    EXPECT_EQ(w.stage(), failed);
    EXPECT_TRUE(w.says("reverted"));
}

TEST(withdrawer, a_refused_proof_is_made_again) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    w.on_parent.refuse = true;
    w.run(3);
    EXPECT_TRUE(w.says("the portal refused") || w.says("proving"));
    w.on_parent.refuse = false;
    w.run(4);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
}

TEST(withdrawer, a_pruned_state_waits_for_a_newer_claim) {
    World w;
    w.chain.state_kept = false;
    w.on_parent.add(4, w.root_of(4));
    w.run(2);
    EXPECT_TRUE(w.says("is not kept any more"));
    w.chain.state_kept = true;
    w.run(3);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
}

TEST(withdrawer, a_proof_that_does_not_land_is_sent_again_for_more) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    for (int i = 0; i < 15; ++i) w.withdrawer.step(w.clock.ms += 1'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_EQ(w.parent.sent[0].txn.nonce, w.parent.sent[1].txn.nonce);
    EXPECT_GT(w.parent.sent[1].txn.max_fee_per_gas, w.parent.sent[0].txn.max_fee_per_gas);
    w.run(2);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
}

TEST(withdrawer, an_empty_account_and_a_stale_nonce_are_waited_out) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    w.parent.refusals.push_back(answered("insufficient funds for gas * price + value"));
    w.parent.refusals.push_back(answered("nonce too low"));
    w.withdrawer.step(w.clock.ms += 1'000);
    w.withdrawer.step(w.clock.ms += 1'000);
    EXPECT_TRUE(w.says("has 5 wei: send it more"));
    w.run(6);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
}

TEST(withdrawer, a_parent_that_is_away_is_waited_for) {
    World w;
    w.on_parent.add(4, w.root_of(4));
    w.parent.down = true;
    w.run(2);
    EXPECT_TRUE(w.says("refused"));
    w.parent.down = false;
    w.run(4);
    EXPECT_EQ(w.on_parent.proven_game, 0u);
}

}  // namespace
}  // namespace mezz::node
