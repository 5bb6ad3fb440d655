// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One chain: its store, its head state, and the one way a block is added to it.
///
/// The sequencer, the derivation and the embedded parent all make blocks here:
///
///     auto builder = chain.begin(plan);            // system calls, leading transactions
///     builder->apply(txn, sender, hash) ...        // any number
///     chain.seal(std::move(builder), note);        // root, header, one crash-safe commit
///
/// Blocks are made by one thread; the ChainReader side is thread-safe. A block exists once it is
/// durable: after a crash the chain is at the last such block, and readers never see another.

#include <atomic>
#include <mutex>

#include "core/derive/block.hpp"
#include "node/execute/interpreter/engine.hpp"
#include "node/execute/serial/genesis.hpp"
#include "node/execute/store/block_rows.hpp"
#include "node/execute/store/state_sweep.hpp"
#include "node/ports/chain_reader.hpp"
#include "node/ports/chain_writer.hpp"
#include "node/ports/helper.hpp"
#include "node/ports/kv.hpp"

namespace mezz::node {

struct ChainOptions {
    ChainSpec spec;
    /// The header of block 0; its state root must be that of `accounts`.
    Header genesis;
    std::vector<GenesisAccount> accounts;
    Bytes genesis_note;
    /// units: nodes. Trie nodes kept in memory between blocks.
    std::size_t max_cached_nodes = 400'000;
    /// units: entries. Accounts kept in memory between blocks, and as many slots.
    std::size_t max_cached_values = 1 << 19;
    /// Keep an index of the blocks in which addresses appear, from the next block on.
    bool index_appearances = false;
    /// Of final blocks, how many keep body, receipts and the places of their transactions. Headers
    /// and states stay. 0: all.
    std::uint64_t keep_blocks = 0;
    /// Of final blocks, how many keep their state; the others after them do. 0: all.
    std::uint64_t keep_states = 0;
    /// Hashes and encodes beside the block-making thread, which waits for it. Must outlive the
    /// chain; null: that thread does it all.
    Helper* helper = nullptr;
    /// Read ahead, each one read at a time. Must outlive the chain; none: nothing is read ahead.
    std::vector<Helper*> readers = {};
    /// Writes blocks that are sealed ahead. Must outlive the chain; null: `seal_ahead` is `seal`.
    Helper* writer = nullptr;
};

class Builder;
class HeadState;
class ReadAhead;

/// What blocks made here have changed, and what their tries cost.
struct SealedTotals {
    std::uint64_t accounts = 0, slots = 0;    ///< changed
    std::uint64_t nodes = 0, node_bytes = 0;  ///< new trie nodes and their records
    std::uint64_t blocks = 0, gas = 0;
    std::uint64_t txns_succeeded = 0, txns_failed = 0;  ///< deposits included
};

class Chain final : public ChainReader, public ChainWriter {
public:
    /// Opens a chain, or makes block 0 in an empty store. Keeps a reference to `store`.
    /// errors: fatal when the store belongs to another chain or another version.
    static Result<std::unique_ptr<Chain>> open(KvStore& store, ChainOptions options);
    ~Chain() override;

    // ChainWriter
    Result<std::optional<BlockRecord>> record(std::uint64_t number) override;
    Result<std::optional<std::vector<BodyItem>>> body(std::uint64_t number) override;
    Result<std::unique_ptr<BlockBuilder>> begin(const BlockPlan& plan) override;
    Result<BlockRef> seal(std::unique_ptr<BlockBuilder> builder, ByteView note) override;
    Result<BlockRef> seal_ahead(std::unique_ptr<BlockBuilder> builder, ByteView note) override;
    [[nodiscard]] bool reads_ahead() const override;
    void expect(std::uint64_t number, std::span<const BodyItem> items) override;
    Result<std::vector<BodyItem>> rollback(std::uint64_t number) override;
    Result<void> set_heads(std::uint64_t safe, std::uint64_t finalized) override;
    Result<void> put_entry(std::uint64_t index, ByteView value) override;
    Result<std::optional<Bytes>> entry(std::uint64_t index) override;
    Result<void> erase_entries_from(std::uint64_t index) override;
    Result<void> put_meta(std::string_view name, ByteView value) override;
    Result<std::optional<Bytes>> meta(std::string_view name) override;

    // ChainReader
    [[nodiscard]] const ChainSpec& spec() const override { return options_.spec; }
    [[nodiscard]] BlockRef head(Head head) const override;
    Result<std::optional<Header>> header(std::uint64_t number) override;
    Result<std::optional<std::uint64_t>> number_of(const Bytes32& block_hash) override;
    Result<std::optional<StoredBlock>> block(std::uint64_t number) override;
    Result<std::optional<BlockReceipts>> receipts(std::uint64_t number) override;
    Result<std::optional<TxnPlace>> find_transaction(const Bytes32& hash) override;
    Result<std::unique_ptr<StateReader>> state(std::uint64_t number) override;
    Result<BlockContext> context_of(std::uint64_t number) override;
    Bytes32 hash_of(std::uint64_t number) override;
    void on_new_head(Listener listener) override;
    std::unique_ptr<evm::Runner> make_runner() override;
    Result<std::optional<std::uint64_t>> appearances_since() override;
    Result<std::vector<std::uint64_t>> appearances(const Address& address, std::uint64_t from,
                                                   bool back, std::size_t limit) override;

    /// Drops a little of what `keep_blocks` does not keep. returns: whether there is more. For the
    /// block-making thread.
    Result<bool> prune();
    /// First block after block 0 whose body and receipts are here.
    [[nodiscard]] std::uint64_t history_start() const noexcept { return history_; }

    /// The same of `keep_states`: a little of the states before the oldest to keep.
    Result<bool> prune_states();
    [[nodiscard]] Kept kept() const override;

    /// The account at the unsafe head, for the pool: from memory where possible. Thread-safe.
    Result<Account> head_account(const Address& address);
    [[nodiscard]] std::uint64_t size_bytes() { return store_.size_bytes(); }
    /// Since the chain was opened. For the block-making thread.
    [[nodiscard]] const SealedTotals& totals() const noexcept { return totals_; }

private:
    Chain(KvStore& store, ChainOptions options);
    Result<void> load();
    Result<void> create();
    Result<void> reload_head_state();
    /// Begins the index where it is wanted and not there; ends it where it is not wanted.
    Result<void> open_appearances();
    /// Gives the block its hash and makes it the one to build on; its rows wait in `unwritten_`.
    Result<BlockRef> make(Builder& builder, ByteView note);
    /// Waits for the block under way to the disk, if there is one, and publishes it.
    /// errors: the write's; the chain is then at the block before.
    Result<void> settle();
    void publish(const HeaderRecord& head);
    Result<std::optional<HeaderRecord>> stored_header(std::uint64_t number);
    /// errors: fatal for a block whose body and receipts were dropped.
    Result<void> check_kept(std::uint64_t number) const;

    KvStore& store_;
    ChainOptions options_;
    interpreter::CodeCache code_cache_;
    // Owned by the block-making thread, which lends `unwritten_` and `written_` to the writer
    // between `seal_ahead` and the wait in `settle`.
    InlineHelper inline_helper_;
    HeaderRecord head_;    ///< of the last block made
    HeaderRecord before_;  ///< of the one before, while `head_` is not durable
    std::uint64_t next_locator_ = 1;
    std::atomic<std::uint64_t> history_ = 1;  ///< read by any thread
    std::atomic<std::uint64_t> states_ = 0;   ///< first block whose state is kept; the same
    std::optional<StateSweep> sweep_;         ///< under way
    std::uint64_t sweep_to_ = 0;              ///< the block whose root it keeps
    SealedTotals totals_;
    std::unique_ptr<BlockRows> unwritten_;  ///< of `head_`, while it is not durable
    Result<void> written_;
    /// Shared with builders. The pointer is changed under the mutex, for `head_account`.
    std::shared_ptr<HeadState> head_state_;

    mutable std::mutex mutex_;  ///< guards what follows
    BlockRef unsafe_, safe_, finalized_;
    std::optional<BlockRecord> ahead_;  ///< of the block that was sealed ahead
    std::vector<Listener> listeners_;

    std::unique_ptr<ReadAhead> read_ahead_;  ///< last: it asks this chain until it is gone
};

}  // namespace mezz::node
