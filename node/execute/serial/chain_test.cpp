// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/chain.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>

#include "core/crypto/secp256k1.hpp"
#include "core/trie/trie.hpp"
#include "node/execute/store/upgrade.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::node {
namespace {

const Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const Address sender = *crypto::address_of(key);
const Address receiver = hex<Address>("0x00000000000000000000000000000000000000aa");

ChainOptions options() {
    ChainOptions o;
    o.spec.chain_id = 1337;
    GenesisAccount account;
    account.address = sender;
    account.balance = uint256{1'000'000'000'000'000'000};
    o.accounts = {account};
    o.genesis.state_root = genesis_state_root(o.accounts);
    o.genesis.gas_limit = 30'000'000;
    o.genesis.base_fee_per_gas = uint256{7};
    o.genesis.withdrawals_root = EMPTY_TRIE_ROOT;
    o.genesis.blob_gas_used = 0;
    o.genesis.excess_blob_gas = 0;
    o.genesis.parent_beacon_block_root = Bytes32{};
    o.genesis.requests_hash = EMPTY_REQUESTS_HASH;
    return o;
}

Transaction transfer(std::uint64_t nonce, std::uint64_t wei) {
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = 1337;
    t.nonce = nonce;
    t.gas_limit = 21'000;
    t.max_fee_per_gas = uint256{1000};
    t.to = receiver;
    t.value = uint256{wei};
    const auto signature = crypto::sign(signing_hash(t), key);
    t.r = signature->r;
    t.s = signature->s;
    t.odd_y = signature->odd_y;
    return t;
}

BlockPlan plan(Chain& chain) {
    const BlockRef head = chain.head(Head::unsafe);
    BlockPlan p;
    p.context.number = head.number + 1;
    p.context.timestamp = 1000 + head.number;
    p.context.gas_limit = 30'000'000;
    p.context.base_fee = uint256{7};
    p.context.parent_hash = head.hash;
    return p;
}

Result<BlockRef> add_block(Chain& chain, std::uint64_t nonce, std::uint64_t wei) {
    auto builder = chain.begin(plan(chain));
    EXPECT_TRUE(builder);
    const Transaction t = transfer(nonce, wei);
    EXPECT_TRUE((*builder)->apply(t, sender, hash(t)));
    return chain.seal(std::move(*builder), Bytes{1, 2, 3});
}

uint256 balance_at(Chain& chain, std::uint64_t number, const Address& address) {
    auto state = chain.state(number);
    EXPECT_TRUE(state);
    return (*state)->account(address).value_or(Account{}).balance;
}

TEST(chain, blocks_survive_reopening_and_old_states_stay_provable) {
    host::MemoryStore store;
    Bytes32 head;
    {
        auto chain = Chain::open(store, options());
        ASSERT_TRUE(chain);
        for (std::uint64_t i = 0; i < 5; ++i) ASSERT_TRUE(add_block(**chain, i, 10));
        head = (*chain)->head(Head::unsafe).hash;
    }
    auto chain = Chain::open(store, options());
    ASSERT_TRUE(chain);
    EXPECT_EQ((*chain)->head(Head::unsafe).number, 5U);
    EXPECT_EQ((*chain)->head(Head::unsafe).hash, head);
    for (std::uint64_t n = 0; n <= 5; ++n) {
        EXPECT_TRUE(balance_at(**chain, n, receiver) == uint256{10 * n});
        auto state = (*chain)->state(n);
        const auto proof = (*state)->prove(receiver, {});
        ASSERT_TRUE(proof);
        KeyHasher hasher;
        const auto header = (*chain)->header(n);
        const auto leaf =
            trie::verify_proof((**header).state_root, hasher.hash(receiver), proof->account_proof);
        ASSERT_TRUE(leaf);
        EXPECT_EQ(leaf->has_value(), n > 0);
    }
    ASSERT_TRUE(add_block(**chain, 5, 10));
}

TEST(chain, rollback_returns_transactions_and_another_branch_grows) {
    host::MemoryStore store;
    auto chain = *Chain::open(store, options());
    for (std::uint64_t i = 0; i < 4; ++i) ASSERT_TRUE(add_block(*chain, i, 10));
    const Bytes32 old = chain->head(Head::unsafe).hash;
    const auto dropped = chain->rollback(2);
    ASSERT_TRUE(dropped);
    ASSERT_EQ(dropped->size(), 2U);
    EXPECT_EQ((*dropped)[0].txn.nonce, 2U);
    EXPECT_FALSE(*chain->find_transaction((*dropped)[0].hash));
    ASSERT_TRUE(add_block(*chain, 2, 77));
    ASSERT_TRUE(add_block(*chain, 3, 77));
    EXPECT_NE(chain->head(Head::unsafe).hash, old);
    EXPECT_TRUE(balance_at(*chain, 4, receiver) == uint256{174});
    EXPECT_FALSE(*chain->number_of(old));
}

TEST(chain, full_disk_loses_nothing_and_the_next_block_works) {
    host::MemoryStore store;
    auto chain = *Chain::open(store, options());
    ASSERT_TRUE(add_block(*chain, 0, 10));
    store.fail_commits(1, 1);
    const auto failed = add_block(*chain, 1, 10);
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().handling, Handling::retry);
    EXPECT_EQ(chain->head(Head::unsafe).number, 1U);
    ASSERT_TRUE(add_block(*chain, 1, 10));
    EXPECT_TRUE(balance_at(*chain, 2, receiver) == uint256{20});
}

TEST(chain, block_begun_on_another_head_is_refused) {
    host::MemoryStore store;
    auto chain = *Chain::open(store, options());
    auto late = chain->begin(plan(*chain));
    ASSERT_TRUE(late);
    ASSERT_TRUE(add_block(*chain, 0, 10));
    const auto sealed = chain->seal(std::move(*late), {});
    ASSERT_FALSE(sealed);
    EXPECT_EQ(sealed.error().handling, Handling::reset);
}

TEST(chain, store_of_another_chain_is_refused) {
    host::MemoryStore store;
    ASSERT_TRUE(Chain::open(store, options()));
    ChainOptions other = options();
    other.genesis.timestamp = 5;
    const auto opened = Chain::open(store, std::move(other));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().handling, Handling::fatal);
    EXPECT_NE(opened.error().message.find("another chain"), std::string::npos);
}

TEST(chain, lmdb_gives_the_same_blocks_and_locks_its_directory) {
    const auto directory =
        std::filesystem::temp_directory_path() / ("mezz-chain-" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    host::MemoryStore memory;
    auto in_memory = *Chain::open(memory, options());
    Bytes32 head;
    {
        auto store = host::open_lmdb(directory);
        ASSERT_TRUE(store) << store.error().message;
        EXPECT_FALSE(host::open_lmdb(directory));
        auto chain = *Chain::open(**store, options());
        for (std::uint64_t i = 0; i < 10; ++i) {
            ASSERT_TRUE(add_block(*chain, i, i + 1));
            ASSERT_TRUE(add_block(*in_memory, i, i + 1));
        }
        head = chain->head(Head::unsafe).hash;
        EXPECT_EQ(head, in_memory->head(Head::unsafe).hash);
    }
    auto store = host::open_lmdb(directory);
    ASSERT_TRUE(store);
    EXPECT_EQ((*Chain::open(**store, options()))->head(Head::unsafe).hash, head);
    store->reset();
    std::filesystem::remove_all(directory);
}

TEST(chain, pruning_keeps_the_last_final_blocks_and_says_what_is_gone) {
    host::MemoryStore store;
    ChainOptions o = options();
    o.keep_blocks = 10;
    auto chain = std::move(*Chain::open(store, o));
    std::vector<Bytes32> txns;
    for (std::uint64_t n = 0; n < 60; ++n) {
        ASSERT_TRUE(add_block(*chain, n, 1));
        txns.push_back(hash(transfer(n, 1)));
    }
    // Nothing is final yet.
    EXPECT_FALSE(*chain->prune());
    EXPECT_EQ(chain->history_start(), 1u);
    ASSERT_TRUE(chain->set_heads(55, 50));
    EXPECT_TRUE(*chain->prune());  // a part at a time
    EXPECT_FALSE(*chain->prune());
    EXPECT_EQ(chain->history_start(), 41u);
    for (int reopened = 0; reopened < 2; ++reopened) {
        for (const std::uint64_t gone : {1u, 40u}) {
            for (const auto& message :
                 {chain->body(gone).error().message, chain->receipts(gone).error().message,
                  chain->block(gone).error().message})
                EXPECT_TRUE(message.starts_with("pruned history unavailable: block " +
                                                std::to_string(gone) + " is before block 41, "))
                    << message;
            EXPECT_FALSE(chain->find_transaction(txns[gone - 1])->has_value());
            // Headers and states stay.
            EXPECT_TRUE(chain->header(gone)->has_value());
            EXPECT_EQ(balance_at(*chain, gone, receiver), uint256{gone});
        }
        for (const std::uint64_t kept : {0u, 41u, 60u}) {
            EXPECT_TRUE(chain->block(kept)->has_value()) << kept;
            EXPECT_TRUE(chain->receipts(kept)->has_value()) << kept;
        }
        EXPECT_TRUE(chain->find_transaction(txns[40])->has_value());
        // Without the option nothing more goes, and what went stays gone.
        chain.reset();
        chain = std::move(*Chain::open(store, options()));
        EXPECT_FALSE(*chain->prune());
        EXPECT_EQ(chain->history_start(), 41u);
    }
}

TEST(chain, older_databases_are_upgraded_and_newer_ones_refused) {
    host::MemoryStore store;
    auto chain = std::move(*Chain::open(store, options()));
    ASSERT_TRUE(add_block(*chain, 0, 5));
    chain.reset();
    const auto set_version = [&](std::uint64_t version, bool has_history) {
        auto rows = std::move(*store.write());
        ASSERT_TRUE(rows->put(Table::meta, name_key(meta_row::version), number_key(version)));
        if (!has_history) ASSERT_TRUE(rows->erase(Table::meta, name_key(meta_row::history)));
        ASSERT_TRUE(rows->commit());
    };
    // As version 1 wrote it.
    set_version(1, false);
    auto opened = Chain::open(store, options());
    ASSERT_TRUE(opened) << opened.error().message;
    EXPECT_EQ((*opened)->history_start(), 1u);
    EXPECT_EQ(balance_at(**opened, 1, receiver), uint256{5});
    opened->reset();
    EXPECT_EQ(**upgrade_database(store), database_version);
    set_version(database_version + 1, true);
    const auto refused = Chain::open(store, options());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().handling, Handling::fatal);
    EXPECT_EQ(refused.error().message,
              "database: version 3, written by a newer program; this one reads versions up to 2: "
              "use the newer program");
}

}  // namespace
}  // namespace mezz::node
