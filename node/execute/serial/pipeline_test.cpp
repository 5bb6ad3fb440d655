// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Threads, sealing ahead and small caches change no root and no row: the same blocks are made by a
/// chain that uses all of them and by one that uses none.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/host/threads/helper_thread.hpp"

namespace mezz::node {
namespace {

constexpr std::uint64_t accounts = 300;
/// Writes its argument's second word into the slot that the first names.
constexpr Address keeper = hex<Address>("0x00000000000000000000000000000000000000c1");
/// Makes a contract that destroys itself in the same transaction, having written a slot.
constexpr Address maker = hex<Address>("0x00000000000000000000000000000000000000c2");

Address account(std::uint64_t n) {
    return Address::from(ByteView(crypto::keccak256(to_bytes32(uint256{n}))).first(20));
}

ChainOptions options() {
    ChainOptions o;
    o.spec.chain_id = 1337;
    for (std::uint64_t i = 0; i < accounts; ++i) {
        GenesisAccount a;
        a.address = account(i);
        a.balance = uint256{1'000'000'000'000'000'000};
        o.accounts.push_back(a);
    }
    GenesisAccount contract;
    contract.address = keeper;
    contract.nonce = 1;
    contract.code = Bytes{0x60, 0x20, 0x35, 0x5f, 0x35, 0x55};  // sstore(arg 0, arg 1)
    for (std::uint64_t i = 0; i < 200; ++i)
        contract.storage.emplace_back(to_bytes32(uint256{i}), uint256{i + 1});
    o.accounts.push_back(contract);
    contract.address = maker;
    contract.storage.clear();
    // create(0, 0, 7) of init code: sstore(1, 1) selfdestruct(caller)
    contract.code = Bytes{0x66, 0x60, 0x01, 0x60, 0x01, 0x55, 0x33, 0xff, 0x5f,
                          0x52, 0x60, 0x07, 0x60, 0x19, 0x5f, 0xf0, 0x00};
    o.accounts.push_back(contract);
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

/// Seeded blocks; the same for every chain that asks.
class Traffic {
public:
    explicit Traffic(std::uint64_t seed) : random_(seed) {}

    std::vector<BodyItem> block() {
        std::vector<BodyItem> out;
        for (std::uint64_t i = random_() % 60; i > 0; --i) {
            const std::uint64_t from = random_() % accounts;
            BodyItem item;
            item.sender = account(from);
            Transaction& t = item.txn;
            t.type = TxType::dynamic_fee;
            t.chain_id = 1337;
            t.nonce = nonces_[from]++;
            t.gas_limit = 200'000;
            t.max_fee_per_gas = uint256{1000};
            t.r = t.s = uint256{1};
            switch (random_() % 8) {
                case 0:
                    t.to = maker;
                    break;
                case 1:  // A contract of its own: one byte of code, now and then the same.
                    t.data = Bytes{0x60, static_cast<std::uint8_t>(random_() % 50),
                                   0x5f, 0x53,
                                   0x60, 0x01,
                                   0x5f, 0xf3};
                    break;
                case 2:
                case 3:
                    t.to = account(random_());
                    t.value = uint256{1 + random_() % 1000};
                    break;
                default:
                    t.to = keeper;
                    t.data = to_bytes(to_bytes32(uint256{random_() % 400}));
                    append(t.data, to_bytes32(uint256{random_() % 3}));
            }
            item.hash = hash(t);
            out.push_back(std::move(item));
        }
        return out;
    }

private:
    std::mt19937_64 random_;
    std::map<std::uint64_t, std::uint64_t> nonces_;
};

enum class Way : std::uint8_t { plain, ahead };

/// Everything at once, counted.
class CountingHelper final : public Helper {
public:
    std::uint64_t started = 0;
    void for_each(std::size_t, const std::function<void(std::size_t)>&) override {}
    void start(std::function<void()> job) override {
        ++started;
        job();
    }
    void wait() override {}
};

Result<BlockRef> add_block(Chain& chain, const BlockRef& parent, Traffic& traffic, Way way) {
    const auto record = chain.record(parent.number);
    EXPECT_TRUE(record && *record);
    BlockPlan plan;
    plan.context.number = parent.number + 1;
    plan.context.timestamp = 1000 + parent.number;
    plan.context.gas_limit = 30'000'000;
    plan.context.base_fee = uint256{7};
    plan.context.parent_hash = (*record)->hash;
    auto builder = chain.begin(plan);
    if (!builder) return std::unexpected(builder.error());
    const auto items = traffic.block();
    chain.expect(plan.context.number, items);
    for (const auto& item : items) EXPECT_TRUE((*builder)->apply(item.txn, item.sender, item.hash));
    return way == Way::ahead ? chain.seal_ahead(std::move(*builder), Bytes{1})
                             : chain.seal(std::move(*builder), Bytes{1});
}

std::map<Bytes, Bytes> rows_of(KvStore& store, Table table) {
    std::map<Bytes, Bytes> out;
    auto rows = store.read();
    EXPECT_TRUE((*rows)->scan(table, {}, [&](ByteView key, ByteView value) {
        out[to_bytes(key)] = to_bytes(value);
        return true;
    }));
    return out;
}

TEST(pipeline, threads_and_small_caches_leave_the_same_rows) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        host::HelperThread helper, writer;
        host::MemoryStore plain_store, fast_store;
        auto plain = *Chain::open(plain_store, options());
        ChainOptions o = options();
        o.helper = &helper;
        o.writer = &writer;
        o.max_cached_nodes = seed % 2 == 0 ? 40 : 400'000;
        o.max_cached_values = 1;
        auto fast = *Chain::open(fast_store, std::move(o));
        Traffic plain_traffic(seed), fast_traffic(seed);
        BlockRef plain_head = plain->head(Head::unsafe), fast_head = plain_head;
        for (int i = 0; i < 25; ++i) {
            const auto a = add_block(*plain, plain_head, plain_traffic, Way::plain);
            const auto b = add_block(*fast, fast_head, fast_traffic, Way::ahead);
            ASSERT_TRUE(a && b);
            ASSERT_EQ(a->hash, b->hash) << "seed " << seed << " block " << i;
            plain_head = *a;
            fast_head = *b;
        }
        ASSERT_TRUE(fast->put_meta("end", {}));
        ASSERT_TRUE(plain->put_meta("end", {}));
        for (std::size_t t = 0; t < table_count; ++t) {
            const auto table = static_cast<Table>(t);
            EXPECT_TRUE(rows_of(plain_store, table) == rows_of(fast_store, table)) << t;
        }
    }
}

TEST(pipeline, reading_ahead_leaves_the_same_rows) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        host::HelperThread writer, readers[3];
        host::MemoryStore plain_store, fast_store;
        fast_store.be_slow(100);
        auto plain = *Chain::open(plain_store, options());
        ChainOptions o = options();
        o.writer = &writer;
        for (auto& reader : readers) o.readers.push_back(&reader);
        o.max_cached_nodes = 40;
        o.max_cached_values = 1;
        auto fast = *Chain::open(fast_store, std::move(o));
        Traffic plain_traffic(seed), fast_traffic(seed), wrong_traffic(seed + 100);
        BlockRef plain_head = plain->head(Head::unsafe), fast_head = plain_head;
        for (int i = 0; i < 25; ++i) {
            const auto a = add_block(*plain, plain_head, plain_traffic, Way::plain);
            // Also transactions that never come, and some whose nonce is far away.
            fast->expect(fast_head.number + 1 + seed % 3, wrong_traffic.block());
            const auto b = add_block(*fast, fast_head, fast_traffic, Way::ahead);
            ASSERT_TRUE(a && b);
            ASSERT_EQ(a->hash, b->hash) << "seed " << seed << " block " << i;
            EXPECT_FALSE(plain->reads_ahead());
            plain_head = *a;
            fast_head = *b;
        }
        EXPECT_TRUE(fast->reads_ahead());
        ASSERT_TRUE(fast->put_meta("end", {}));
        ASSERT_TRUE(plain->put_meta("end", {}));
        for (std::size_t t = 0; t < table_count; ++t) {
            const auto table = static_cast<Table>(t);
            EXPECT_TRUE(rows_of(plain_store, table) == rows_of(fast_store, table)) << t;
        }
    }
}

TEST(pipeline, reads_ahead_only_while_reads_wait) {
    CountingHelper reader;
    host::MemoryStore store;
    ChainOptions o = options();
    o.readers = {&reader};
    auto chain = *Chain::open(store, std::move(o));
    Traffic traffic(1), coming(2);
    const auto add = [&] {
        ASSERT_TRUE(add_block(*chain, chain->head(Head::unsafe), traffic, Way::plain));
    };
    const auto items = coming.block();
    ASSERT_FALSE(items.empty());
    add();
    chain->expect(9, items);
    EXPECT_FALSE(chain->reads_ahead());
    EXPECT_EQ(reader.started, 0U);
    store.be_slow(100);
    add();
    EXPECT_TRUE(chain->reads_ahead());
    const std::uint64_t before = reader.started;
    chain->expect(9, items);
    EXPECT_EQ(reader.started, before + 1);
    chain->expect(9, items);  // nothing new
    EXPECT_EQ(reader.started, before + 1);
    // The chain goes back: what was said of its blocks is forgotten.
    ASSERT_TRUE(chain->rollback(1));
    chain->expect(9, items);
    EXPECT_EQ(reader.started, before + 2);
    store.be_slow(0);
    Traffic again(3);
    ASSERT_TRUE(chain->rollback(0));
    ASSERT_TRUE(add_block(*chain, chain->head(Head::unsafe), again, Way::plain));
    EXPECT_FALSE(chain->reads_ahead());
}

/// A chain that ends with much expected does not wait for all of it.
TEST(pipeline, a_chain_may_end_while_it_reads_ahead) {
    host::HelperThread reader;
    host::MemoryStore store;
    store.be_slow(100);
    ChainOptions o = options();
    o.readers = {&reader};
    auto chain = *Chain::open(store, std::move(o));
    Traffic traffic(1), coming(2);
    ASSERT_TRUE(add_block(*chain, chain->head(Head::unsafe), traffic, Way::plain));
    for (std::uint64_t n = 2; n < 200; ++n) chain->expect(n, coming.block());
    chain.reset();
    reader.wait();
}

TEST(pipeline, block_sealed_ahead_is_announced_when_it_is_durable) {
    host::HelperThread writer;
    host::MemoryStore store;
    ChainOptions o = options();
    o.writer = &writer;
    auto chain = *Chain::open(store, std::move(o));
    int announced = 0;
    chain->on_new_head([&] { ++announced; });
    Traffic traffic(1);
    const auto first = add_block(*chain, chain->head(Head::unsafe), traffic, Way::ahead);
    ASSERT_TRUE(first);
    EXPECT_EQ(chain->head(Head::unsafe).number, 0U);
    EXPECT_EQ(announced, 0);
    const auto second = add_block(*chain, *first, traffic, Way::ahead);
    ASSERT_TRUE(second);
    EXPECT_EQ(chain->head(Head::unsafe).hash, first->hash);
    ASSERT_TRUE(chain->set_heads(0, 0));
    ASSERT_TRUE(chain->put_meta("wait", {}));
    EXPECT_EQ(chain->head(Head::unsafe).hash, second->hash);
    EXPECT_EQ(announced, 2);
    EXPECT_EQ(*chain->number_of(second->hash), std::optional<std::uint64_t>(2));
}

TEST(pipeline, block_that_could_not_be_written_takes_its_child_along) {
    host::HelperThread writer;
    host::MemoryStore store;
    ChainOptions o = options();
    o.writer = &writer;
    auto chain = *Chain::open(store, std::move(o));
    Traffic traffic(1);
    const auto first = add_block(*chain, chain->head(Head::unsafe), traffic, Way::plain);
    ASSERT_TRUE(first);
    store.fail_commits(1, 1);
    const auto lost = add_block(*chain, *first, traffic, Way::ahead);
    ASSERT_TRUE(lost);
    const auto child = add_block(*chain, *lost, traffic, Way::ahead);
    ASSERT_FALSE(child);
    EXPECT_EQ(child.error().handling, Handling::retry);
    EXPECT_EQ(chain->head(Head::unsafe).hash, first->hash);
    EXPECT_FALSE(chain->record(lost->number)->has_value());
    // The chain goes on from the last block that is stored, with the nonces of that state.
    Traffic again(1);
    again.block();
    const auto next = add_block(*chain, *first, again, Way::ahead);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->hash, lost->hash);
    ASSERT_TRUE(chain->put_meta("wait", {}));
    EXPECT_EQ(chain->head(Head::unsafe).hash, lost->hash);
}

TEST(pipeline, genesis_rows_are_those_of_a_state_trie) {
    const auto o = options();
    Diff diff;
    for (const auto& a : o.accounts) {
        Diff::AccountDiff change{a.address, Account{a.nonce, a.balance, EMPTY_CODE_HASH}, false,
                                 a.storage};
        if (!a.code.empty()) change.account->code_hash = crypto::keccak256(a.code);
        diff.accounts.push_back(std::move(change));
    }
    trie::EmptySource source;
    KeyHasher hasher;
    StateTrie state(source, hasher);
    state.apply(diff);
    NodeBatch expected(1), got(1);
    EXPECT_EQ(state.commit(&expected).hash, o.genesis.state_root);
    EXPECT_EQ(build_genesis(o.accounts, &got).hash, o.genesis.state_root);
    host::MemoryStore a, b;
    for (auto [batch, store] : {std::pair{&expected, &a}, std::pair{&got, &b}}) {
        auto rows = store->write();
        ASSERT_TRUE(batch->write(**rows));
        ASSERT_TRUE((*rows)->commit());
    }
    EXPECT_GT(rows_of(a, Table::nodes).size(), accounts);
    EXPECT_TRUE(rows_of(a, Table::nodes) == rows_of(b, Table::nodes));
}

TEST(pipeline, interrupted_genesis_is_passed_over) {
    host::MemoryStore store;
    {
        // What a first attempt leaves: nodes and their number, and no version.
        auto rows = store.write();
        NodeBatch batch(1);
        batch.store({}, Bytes{1, 2, 3}, {});
        ASSERT_TRUE(batch.write(**rows));
        ASSERT_TRUE((*rows)->put(Table::meta, name_key(meta_row::locator),
                                 number_key(batch.next_locator())));
        ASSERT_TRUE((*rows)->commit());
    }
    auto chain = Chain::open(store, options());
    ASSERT_TRUE(chain);
    EXPECT_EQ((*chain)->head_account(account(1))->balance, uint256{1'000'000'000'000'000'000});
}

TEST(pipeline, head_account_is_the_same_from_memory_and_from_disk) {
    host::MemoryStore store;
    auto chain = *Chain::open(store, options());
    for (int look = 0; look < 2; ++look) {
        EXPECT_EQ(chain->head_account(account(3))->balance, uint256{1'000'000'000'000'000'000});
        EXPECT_EQ(chain->head_account(keeper)->nonce, 1U);
        EXPECT_EQ(chain->head_account(Address{})->nonce, 0U);
        Traffic traffic(9);
        if (look == 0)
            ASSERT_TRUE(add_block(*chain, chain->head(Head::unsafe), traffic, Way::plain));
    }
    auto reader = *chain->state(1);
    for (std::uint64_t i = 0; i < accounts; ++i)
        EXPECT_EQ(chain->head_account(account(i)).value(), reader->account(account(i)).value());
}

}  // namespace
}  // namespace mezz::node
