// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
/// The batcher against a parent that is not ours: what it posts derives back to the same blocks.

#include <gtest/gtest.h>

#include "node/host/client/anvil_support.hpp"
#include "node/publish/batcher/batcher.hpp"
#include "node/publish/batcher/mini_chain_support.hpp"
#include "node/publish/da/data_layers.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::node {
namespace {

using testing::Anvil;
using testing::MiniChain;

struct World {
    Anvil anvil;
    testing::SystemClock clock;
    Signer signer = *Signer::make(testing::anvil_key_0);
    TxManager txs{anvil.parent(), signer, clock};
    ParentContracts contracts;
    std::unique_ptr<MiniChain> chain;

    World() {
        DeployOptions o;
        auto& s = o.settings;
        s.owner = s.batcher = s.proposer = s.challenger = s.guardian = signer.address();
        s.chain_id = 901;
        auto deployed = deploy(anvil.parent(), txs, o);
        EXPECT_TRUE(deployed) << deployed.error().message;
        if (deployed) contracts = *deployed;
        chain = std::make_unique<MiniChain>(anvil.parent(), contracts);
    }
    [[nodiscard]] BatcherOptions options() const {
        return {.chain_id = 901, .inbox = contracts.inbox, .max_age_ms = 1'000};
    }
    /// Steps until block `number` is derived.
    void run(Batcher& batcher, std::uint64_t number, std::uint64_t timeout_ms) {
        const auto end = clock.now_ms() + timeout_ms;
        while (clock.now_ms() < end && chain->derived().head.number < number) {
            chain->follow();
            batcher.step(clock.now_ms());
            testing::sleep_ms(20);
        }
        EXPECT_GE(chain->derived().head.number, number) << batcher.status().last_error;
        EXPECT_EQ(chain->mismatches, 0u);
        const auto s = batcher.status();
        std::printf(
            "  %lu entries, %lu blocks, %lu payload bytes, %lu published, %lu restarts, "
            "last error: %s\n",
            s.entries_landed, s.blocks_landed, s.payload_bytes, s.published_bytes, s.restarts,
            s.last_error.c_str());
    }
};

TEST(batcher_on_anvil, calldata_derives_back) {
    MEZZ_NEEDS_ANVIL();
    World w;
    CalldataLayer layer(w.contracts.inbox);
    Batcher batcher(*w.chain, w.anvil.parent(), w.txs, layer, w.options());
    for (int i = 0; i < 40; ++i) w.chain->make_block(20'000);
    w.run(batcher, 40, 120'000);
    EXPECT_GE(batcher.status().entries_landed, 7u);
}

TEST(batcher_on_anvil, blobs_derive_back) {
    MEZZ_NEEDS_ANVIL();
    World w;
    BlobLayer layer(w.contracts.inbox);
    Batcher batcher(*w.chain, w.anvil.parent(), w.txs, layer, w.options());
    for (int i = 0; i < 20; ++i) w.chain->make_block(100'000);
    const auto start = w.clock.now_ms();
    w.run(batcher, 20, 240'000);
    std::printf("  %lu bytes in %lu blobs, %lu ms\n", w.chain->data_read_bytes, w.chain->blobs_read,
                w.clock.now_ms() - start);
    EXPECT_GE(w.chain->blobs_read, 16u);
}

TEST(batcher_on_anvil, a_new_batcher_goes_on_where_the_old_one_was_killed) {
    MEZZ_NEEDS_ANVIL();
    World w;
    CheaperLayer layer(CalldataLayer{w.contracts.inbox}, BlobLayer{w.contracts.inbox});
    for (int i = 0; i < 10; ++i) w.chain->make_block(1'000);
    {
        Batcher batcher(*w.chain, w.anvil.parent(), w.txs, layer, w.options());
        batcher.flush();
        batcher.step(w.clock.now_ms());  // sent, not landed
        EXPECT_EQ(batcher.status().entries_in_flight, 1u);
    }
    TxManager txs(w.anvil.parent(), w.signer, w.clock);
    for (int i = 0; i < 5; ++i) w.chain->make_block(1'000);
    Batcher batcher(*w.chain, w.anvil.parent(), txs, layer, w.options());
    w.run(batcher, 15, 120'000);
    EXPECT_EQ(batcher.status().blocks_landed, 5u);
}

TEST(batcher_on_anvil, entries_that_a_reorganisation_removes_are_published_again) {
    MEZZ_NEEDS_ANVIL();
    World w;
    CalldataLayer layer(w.contracts.inbox);
    Batcher batcher(*w.chain, w.anvil.parent(), w.txs, layer, w.options());
    for (int i = 0; i < 4; ++i) w.chain->make_block(1'000);
    w.run(batcher, 4, 120'000);
    testing::sleep_ms(1'500);
    for (int i = 0; i < 4; ++i) w.chain->make_block(1'000);
    w.run(batcher, 8, 120'000);
    const auto reorg = w.anvil.parent().request("anvil_reorg", "[2,[]]");
    ASSERT_TRUE(reorg) << reorg.error().message;
    w.chain->follow();
    EXPECT_LT(w.chain->derived().head.number, 8u);
    w.chain->drop_from(w.chain->derived().head.number + 1);
    for (int i = 0; i < 5; ++i) w.chain->make_block(1'000);
    w.run(batcher, w.chain->unsafe_head().number, 120'000);
    EXPECT_GE(batcher.status().restarts, 1u);
}

}  // namespace
}  // namespace mezz::node
