// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Derivation from stored batches, in process: entries of blobs with their data at hand, driver,
/// execution and database on disk, as on a verifier, without the parent's endpoint.

#include <benchmark/benchmark.h>
#include <unistd.h>
#include <zstd.h>

#include "app/dev_accounts.hpp"
#include "app/genesis.hpp"
#include "app/rollup_file.hpp"
#include "app/sender_pool.hpp"
#include "core/base/assert.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"
#include "core/derive/channel.hpp"
#include "node/derive/driver.hpp"
#include "node/host/kv/lmdb_store.hpp"
#include "node/host/threads/helper_thread.hpp"

namespace mezz {
namespace {

constexpr std::uint64_t chain_id = 42069, entry_count = 4, blocks_an_entry = 2;
constexpr std::uint64_t transfers_a_block = 4000;
constexpr std::uint64_t transfers = entry_count * blocks_an_entry * transfers_a_block;

/// Entries that are all there.
class StoredEntries final : public node::ParentView {
public:
    std::optional<node::OriginUpdate> origin_after(std::uint64_t) override { return std::nullopt; }
    std::optional<bool> is_canonical(std::uint64_t, const Bytes32&) override { return true; }
    std::optional<node::InboxEntry> entry(std::uint64_t index) override {
        if (index >= entries.size()) return std::nullopt;
        return entries[index];
    }
    std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t, std::uint64_t) override {
        return std::vector<derive::QueueItem>{};
    }
    std::uint64_t finalized_number() override { return 0; }
    std::uint64_t latest_number() override { return 1; }

    std::vector<node::InboxEntry> entries;
};

struct Chain {
    app::RollupFile file;
    StoredEntries parent;

    Chain() {
        std::vector<Address> funded;
        for (const auto& a : app::dev_accounts()) funded.push_back(a.address);
        file.genesis = app::rollup_genesis(funded, funded[0]);
        file.spec.chain_id = chain_id;
        file.spec.gas_limit = 400'000'000;
        file.spec.genesis_timestamp = 1'700'000'000;
        file.spec.fee_scalars = {1368, 810'949};
        file.spec.genesis_state_root = node::genesis_state_root(file.genesis);
        Bytes32 acc;
        for (std::uint64_t i = 0; i < entry_count; ++i) {
            parent.entries.push_back(make_entry(i));
            acc = derive::accumulate(acc, derive::entry_hash(parent.entries.back().entry));
            parent.entries.back().acc = acc;
        }
    }

    node::InboxEntry make_entry(std::uint64_t index) {
        derive::Batch batch;
        batch.chain_id = chain_id;
        batch.parent_number = index * blocks_an_entry;
        for (std::uint64_t b = 1; b <= blocks_an_entry; ++b) {
            derive::BatchBlock block;
            block.timestamp = file.spec.genesis_timestamp + batch.parent_number + b;
            for (std::uint64_t i = 0; i < transfers_a_block; ++i)
                block.transactions.push_back(transfer());
            batch.blocks.push_back(std::move(block));
        }
        const Bytes payload = derive::encode_batch(batch);
        Bytes data(1 + ZSTD_compressBound(payload.size()), derive::format_zstd);
        data.resize(
            1 + ZSTD_compress(data.data() + 1, data.size() - 1, payload.data(), payload.size(), 6));
        node::InboxEntry out;
        out.index = index;
        out.parent_block = {index + 1, to_bytes32(index + 1)};
        derive::Entry& e = out.entry;
        e.source = derive::Source::blobs;
        e.data_hash = derive::chunk_hash(data);
        e.parent_number = index + 1;
        e.parent_timestamp = file.spec.genesis_timestamp + 1000;
        e.origin_number = 1;
        for (const auto& blob : derive::encode_blobs(data)) {
            derive::BlobOpening o;
            o.versioned_hash = crypto::keccak256(blob);  // nothing here asks for a commitment
            o.y = derive::evaluate_blob(blob, derive::opening_point(o.versioned_hash, e.data_hash));
            out.openings.push_back(o);
        }
        e.blobs_hash = derive::blobs_hash(out.openings);
        out.data = std::move(data);
        return out;
    }

    Transaction transfer() {
        static std::uint64_t made = 0;
        const auto& account = app::dev_accounts()[made % app::dev_accounts().size()];
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = chain_id;
        t.nonce = made / app::dev_accounts().size();
        t.gas_limit = 21'000;
        t.max_priority_fee_per_gas = uint256{1'000'000};
        t.max_fee_per_gas = uint256{200'000'000'000};
        t.to = Address::from(ByteView(crypto::keccak256(to_bytes32(++made))).first(20));
        t.value = uint256{1'000'000 + made % 1000};
        node::Signer::make(account.private_key)->sign(t);
        return t;
    }
};

void derive_all(benchmark::State& state, bool on_other_threads) {
    static Chain chain;
    const auto root = std::filesystem::temp_directory_path() /
                      ("mezz-derivation-bench-" + std::to_string(::getpid()));
    Bytes32 head;
    for (auto _ : state) {
        state.PauseTiming();
        std::filesystem::remove_all(root);
        {
            auto store = host::open_lmdb(root);
            ASSERT(store);
            host::HelperThread helper, writer;
            node::ChainOptions options = chain.file.chain_options();
            if (on_other_threads) {
                options.helper = &helper;
                options.writer = &writer;
            }
            auto opened = node::Chain::open(**store, std::move(options));
            ASSERT(opened);
            app::SenderPool pool(std::max(2u, std::thread::hardware_concurrency()) - 1);
            node::DerivationDriver driver(chain.file.spec, **opened, chain.parent, nullptr);
            if (on_other_threads) driver.set_recovery(pool);
            ASSERT(driver.open());
            state.ResumeTiming();
            for (;;) {
                const auto more = driver.step();
                ASSERT(more);
                if (!*more) break;
            }
            state.PauseTiming();
            const auto derived = driver.status().derived.head;
            ASSERT(derived.number == entry_count * blocks_an_entry);
            ASSERT(head == Bytes32{} || head == derived.hash);
            head = derived.hash;
            const auto body = (*opened)->body(derived.number);
            ASSERT(body && *body && (*body)->size() == transfers_a_block + 1);
        }
        state.ResumeTiming();
    }
    std::filesystem::remove_all(root);
    state.SetItemsProcessed(static_cast<std::int64_t>(transfers) * state.iterations());
}

void derivation_serial(benchmark::State& state) {
    derive_all(state, false);
}
BENCHMARK(derivation_serial)->Unit(benchmark::kMillisecond)->UseRealTime();

void derivation_with_sender_pool(benchmark::State& state) {
    derive_all(state, true);
}
BENCHMARK(derivation_with_sender_pool)->Unit(benchmark::kMillisecond)->UseRealTime();

void sender_recovery(benchmark::State& state) {
    static Chain chain;
    const Transaction txn = chain.transfer();
    for (auto _ : state) benchmark::DoNotOptimize(node::recover(txn));
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sender_recovery)->Unit(benchmark::kMicrosecond);

void sender_recovery_together(benchmark::State& state) {
    static Chain chain;
    std::vector<Transaction> txns;
    for (int i = 0; i < 32; ++i) txns.push_back(chain.transfer());
    for (auto _ : state) benchmark::DoNotOptimize(node::recover_all(txns));
    state.SetItemsProcessed(32 * state.iterations());
}
BENCHMARK(sender_recovery_together)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace mezz
