// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
/// The proposer against a parent that misbehaves on demand. On a real parent: proposer_anvil_test.
#include "node/settle/proposer/proposer.hpp"

#include <gtest/gtest.h>

#include "core/derive/block.hpp"
#include "node/host/signing/fake_parent_support.hpp"

namespace mezz::node {
namespace {

using testing::FakeClock;
using testing::FakeParent;

constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
constexpr Address somebody = hex<Address>("0x00000000000000000000000000000000000050de");

constexpr ParentContracts contracts{
    .system_config = hex<Address>("0x00000000000000000000000000000000000000c1"),
    .inbox = hex<Address>("0x00000000000000000000000000000000000000c2"),
    .dispute_game_factory = hex<Address>("0x00000000000000000000000000000000000000c3"),
    .anchor_state_registry = hex<Address>("0x00000000000000000000000000000000000000c4"),
    .game_implementation = {},
    .portal = {},
};

Bytes arguments_of(ByteView input) {
    return to_bytes(input.subspan(4));
}
uint256 argument(ByteView input, std::size_t index) {
    return *abi::word_at(input.subspan(4), index);
}
bool calls(ByteView input, std::string_view signature) {
    return equal(input.first(4), ByteView(abi::selector(signature)));
}

/// Factory, games and anchor registry, as far as the proposer meets them.
struct FakeContracts {
    struct Game {
        Address address, creator;
        std::uint64_t type = 300;
        uint256 root;
        std::uint64_t block = 0, created_at = 0, resolved_at = 0, status = 0;
        uint256 credit{9};
    };
    FakeParent& parent;
    std::vector<Game> games;
    std::uint64_t anchor = 0;
    std::uint64_t clock_seconds = 10, finality_seconds = 5;
    Bytes32 acc;  ///< of the inbox at any count
    bool refuse_claims = false;

    FakeContracts(FakeParent& p, const Address& proposer) : parent(p) {
        const auto& c = contracts;
        parent.on_call(c.system_config, "maxClockDurationSeconds()",
                       [this](ByteView) { return clock_seconds; });
        parent.on_call(c.system_config, "disputeGameFinalityDelaySeconds()",
                       [this](ByteView) { return finality_seconds; });
        parent.on_call(c.dispute_game_factory, "initBonds(uint32)", [](ByteView) { return 9; });
        parent.on_call(c.dispute_game_factory, "gameCount()",
                       [this](ByteView) { return games.size(); });
        parent.on_call(c.inbox, "acc(uint64)", [this](ByteView) { return to_uint256(acc); });
        parent.answers[{c.dispute_game_factory, abi::selector("gameAtIndex(uint256)")}] =
            [this](ByteView in) {
                const auto& g = games.at(abi::word_at(in, 0)->limb[0]);
                return abi::Words().word(g.type).word(g.created_at).word(g.address).finish();
            };
        parent.answers[{c.anchor_state_registry, abi::selector("getAnchorRoot()")}] =
            [this](ByteView) { return abi::Words().word(Bytes32{}).word(anchor).finish(); };
        parent.execute = [this, proposer](const Transaction& t, ParentReceipt&) {
            return run(t, proposer);
        };
    }

    Game& add(const Address& creator, std::uint64_t block) {
        Game g;
        g.address[0] = 0x6a;
        g.address[19] = static_cast<std::uint8_t>(games.size());
        g.creator = creator;
        g.block = block;
        g.created_at = parent.time;
        const std::size_t i = games.size();
        const auto view = [&](std::string_view getter, auto read) {
            parent.on_call(g.address, getter,
                           [this, i, read](ByteView) { return uint256{read(games[i])}; });
        };
        view("gameCreator()", [](const Game& x) { return to_uint256(x.creator); });
        view("l2BlockNumber()", [](const Game& x) { return x.block; });
        view("status()", [](const Game& x) { return x.status; });
        view("resolvedAt()", [](const Game& x) { return x.resolved_at; });
        parent.on_call(g.address, "credit(address)", [this, i](ByteView in) {
            const auto& x = games[i];
            const bool his = x.status == 2 && to_address(*abi::word_at(in, 0)) == x.creator;
            return his ? x.credit : uint256{};
        });
        return games.emplace_back(g);
    }
    Game* at(const Address& address) {
        for (auto& g : games)
            if (g.address == address) return &g;
        return nullptr;
    }

    bool run(const Transaction& t, const Address& proposer) {
        const ByteView input = t.data;
        if (*t.to == contracts.dispute_game_factory) {
            if (refuse_claims || t.value != uint256{9}) return false;
            const Bytes extra = abi::bytes_at(arguments_of(input), 2).value();
            if (to_bytes32(*abi::word_at(extra, 2)) != acc) return false;
            add(proposer, abi::word_at(extra, 0)->limb[0]).root = argument(input, 1);
            return true;
        }
        if (*t.to == contracts.anchor_state_registry) {
            const Game* g = at(to_address(argument(input, 0)));
            if (g == nullptr || g->status != 2 ||
                parent.time <= g->resolved_at + finality_seconds || g->block <= anchor)
                return false;
            anchor = g->block;
            return true;
        }
        Game* g = at(*t.to);
        if (g == nullptr) return false;
        if (calls(input, "resolve()")) {
            if (g->status != 0 || parent.time < g->created_at + clock_seconds) return false;
            g->status = 2;
            g->resolved_at = parent.time;
            return true;
        }
        g->credit = {};
        return calls(input, "claimCredit(address)");
    }
};

class FakeChain final : public RollupChain {
public:
    std::uint64_t head = 0, final_head = 0;
    Bytes32 acc;
    bool header_missing = false;
    BlockRef unsafe_head() override { return {head + 3, {}}; }
    DerivedPosition derived() override { return {4, acc, {head, {}}}; }
    DerivedPosition finalized() override { return {3, acc, {final_head, {}}}; }
    Result<std::optional<PublishableBlock>> publishable(std::uint64_t) override {
        return std::nullopt;
    }
    Result<Header> header(std::uint64_t number) override {
        if (header_missing) return retry("block is not there yet");
        Header out;
        out.number = number;
        return out;
    }
};

struct World {
    FakeParent parent;
    FakeClock clock;
    FakeChain chain;
    Signer signer = *Signer::make(key);
    FakeContracts contracts_{parent, signer.address()};
    TxManager txs{parent, signer, clock};
    ProposerOptions options{.contracts = contracts,
                            .interval_ms = 5'000,
                            .propose_unfinalized = true,
                            .retry_after_ms = 500};
    Proposer proposer{chain, parent, txs, options};

    void run(unsigned seconds) {
        for (unsigned i = 0; i < seconds; ++i) {
            proposer.step(clock.ms += 1'000);
            parent.mine();
        }
    }
    ProposerStatus status() { return proposer.status(); }
    bool says(std::string_view text) { return status().last_error.find(text) != std::string::npos; }
};

Error answered(std::string text) {
    return {Handling::retry, "eth_sendRawTransaction: the parent answered error -32000: " + text};
}

TEST(proposer, claims_the_output_root_of_the_derived_head) {
    World w;
    w.chain.head = 7;
    w.run(2);
    ASSERT_EQ(w.contracts_.games.size(), 1u);
    EXPECT_EQ(w.contracts_.games[0].block, 7u);
    EXPECT_EQ(to_bytes32(w.contracts_.games[0].root),
              derive::output_root(w.chain.header(7).value()));
    EXPECT_EQ(w.status().last_proposed_block, 7u);
}

TEST(proposer, claims_only_what_is_final_unless_told_otherwise) {
    World w;
    w.options.propose_unfinalized = false;
    Proposer careful(w.chain, w.parent, w.txs, w.options);
    w.chain.head = 7;
    w.chain.final_head = 3;
    for (int i = 0; i < 3; ++i) {
        careful.step(w.clock.ms += 1'000);
        w.parent.mine();
    }
    ASSERT_EQ(w.contracts_.games.size(), 1u);
    EXPECT_EQ(w.contracts_.games[0].block, 3u);
}

TEST(proposer, claims_once_an_interval_and_nothing_twice) {
    World w;
    w.chain.head = 7;
    w.run(20);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
    w.chain.head = 9;
    w.run(1);
    w.chain.head = 10;
    w.run(3);
    EXPECT_EQ(w.contracts_.games.size(), 2u);
    w.run(6);
    ASSERT_EQ(w.contracts_.games.size(), 3u);
    EXPECT_EQ(w.contracts_.games[2].block, 10u);
}

TEST(proposer, sees_a_game_through_to_the_anchor) {
    World w;
    w.chain.head = 7;
    w.run(30);
    EXPECT_EQ(w.status().games_resolved, 1u);
    EXPECT_EQ(w.status().bonds_claimed, 1u);
    EXPECT_EQ(w.contracts_.games[0].credit, uint256{});
    EXPECT_EQ(w.contracts_.anchor, 7u);
    EXPECT_EQ(w.status().anchor_block, 7u);
    EXPECT_EQ(w.status().open_games, 0u);
    EXPECT_EQ(w.status().last_error, "");
}

TEST(proposer, a_new_process_takes_up_its_games_and_leaves_those_of_others) {
    World w;
    w.contracts_.add(w.signer.address(), 5);
    w.contracts_.add(somebody, 6);
    w.contracts_.add(w.signer.address(), 7).type = 1;
    w.chain.head = 5;
    w.run(25);
    EXPECT_EQ(w.contracts_.games.size(), 3u) << "block 5 is claimed already";
    EXPECT_EQ(w.contracts_.games[0].status, 2u);
    EXPECT_EQ(w.contracts_.games[1].status, 0u);
    EXPECT_EQ(w.contracts_.games[2].status, 0u);
    EXPECT_EQ(w.contracts_.anchor, 5u);
}

TEST(proposer, an_inbox_of_another_fork_is_waited_out) {
    World w;
    w.chain.head = 7;
    w.chain.acc[0] = 1;
    w.run(3);
    EXPECT_TRUE(w.says("is not the one the chain is derived from"));
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.contracts_.acc = w.chain.acc;
    w.run(3);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
}

TEST(proposer, a_reverted_claim_is_made_again) {
    World w;
    w.chain.head = 7;
    w.contracts_.refuse_claims = true;
    w.run(3);
    EXPECT_TRUE(w.says("did not land"));
    EXPECT_EQ(w.contracts_.games.size(), 0u);
    w.contracts_.refuse_claims = false;
    w.run(10);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
    EXPECT_EQ(w.status().games_created, 1u);
}

TEST(proposer, a_claim_that_does_not_land_is_sent_again_for_more) {
    World w;
    w.chain.head = 7;
    for (int i = 0; i < 15; ++i) w.proposer.step(w.clock.ms += 1'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    EXPECT_EQ(w.parent.sent[0].txn.nonce, w.parent.sent[1].txn.nonce);
    EXPECT_GT(w.parent.sent[1].txn.max_fee_per_gas, w.parent.sent[0].txn.max_fee_per_gas);
    w.run(2);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
}

TEST(proposer, an_empty_account_is_waited_for) {
    World w;
    w.chain.head = 7;
    for (int i = 0; i < 4; ++i)
        w.parent.refusals.push_back(answered("insufficient funds for gas * price + value"));
    w.run(2);
    EXPECT_TRUE(w.says("has 5 wei: send it more"));
    EXPECT_EQ(w.contracts_.games.size(), 0u);
    w.run(6);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
    EXPECT_EQ(w.status().last_error, "");
}

TEST(proposer, a_nonce_that_is_too_low_is_read_again) {
    World w;
    w.chain.head = 7;
    w.parent.refusals.push_back(answered("nonce too low"));
    w.proposer.step(w.clock.ms += 1'000);
    w.parent.mined_nonce = 2;
    w.run(3);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
    EXPECT_EQ(w.parent.sent.back().txn.nonce, 2u);
}

TEST(proposer, a_lost_game_is_named) {
    World w;
    w.chain.head = 7;
    w.run(2);
    w.contracts_.games[0].status = 1;
    w.run(3);
    EXPECT_TRUE(w.says("was challenged and lost"));
    EXPECT_EQ(w.status().open_games, 0u);
    EXPECT_EQ(w.contracts_.anchor, 0u);
}

TEST(proposer, a_missing_block_is_waited_for) {
    World w;
    w.chain.head = 7;
    w.chain.header_missing = true;
    w.run(2);
    EXPECT_TRUE(w.says("claiming block 7"));
    w.chain.header_missing = false;
    w.run(3);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
}

TEST(proposer, a_parent_that_is_away_is_waited_for) {
    World w;
    w.chain.head = 7;
    w.parent.down = true;
    w.run(3);
    EXPECT_TRUE(w.says("refused"));
    w.parent.down = false;
    w.run(4);
    EXPECT_EQ(w.contracts_.games.size(), 1u);
}

}  // namespace
}  // namespace mezz::node
