// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A parent chain of our own: Osaka rules, no consensus, blocks on a clock or on demand.
///
/// It is a chain like any other, made by the same executor; only who decides the next block
/// differs. Safe and finalised follow the head at a fixed distance, and it can undo blocks on
/// demand. A plain object driven by `step` on its chain's thread; `request_*`, `post`, `blobs`,
/// `next_block` and what sets how blocks are made are thread-safe.

#include <atomic>
#include <functional>
#include <mutex>

#include "node/ports/chain_writer.hpp"
#include "node/ports/kv.hpp"
#include "node/ports/txn_source.hpp"

namespace mezz::node {

struct EmbeddedParentOptions {
    std::uint64_t block_time_ms = 2000;  ///< 0: none on a clock
    /// Also make a block as soon as there is a transaction.
    bool instant = false;
    /// Safe is this far behind the head, finalised twice as far. units: blocks.
    std::uint64_t slots_in_an_epoch = 2;
    std::size_t max_block_bytes = 4'000'000;
};

/// The rules of the embedded parent.
ChainSpec embedded_parent_spec(std::uint64_t chain_id);

class EmbeddedParent {
public:
    /// Keeps references. `store` is the chain's own: blobs are kept in it.
    EmbeddedParent(ChainSpec spec, ChainWriter& chain, TxnSource& pool, KvStore& store,
                   EmbeddedParentOptions options);

    /// Does what is due. returns: when to call again at the latest (ms).
    Result<std::uint64_t> step(std::uint64_t now_ms);

    /// The block to be made on block `number`, as it will be when nothing else is asked for.
    Result<BlockContext> next_block(std::uint64_t number, std::uint64_t now_ms);

    /// Replaces the last `depth` blocks at the next step by others without their transactions
    /// (which return to the pool when `keep_transactions`), one block longer.
    void request_reorg(std::uint64_t depth, bool keep_transactions);
    /// Makes that many blocks at the next step.
    void request_blocks(std::uint64_t count);
    /// There is a transaction: an instant chain makes a block at the next step.
    void request_instant();
    void set_instant(bool instant) noexcept { instant_ = instant; }
    [[nodiscard]] bool instant() const noexcept { return instant_; }
    /// units: milliseconds between blocks; 0: none on a clock.
    void set_block_time(std::uint64_t block_time_ms) noexcept;
    [[nodiscard]] std::uint64_t block_time_ms() const noexcept { return block_time_ms_; }
    /// Of the next block alone. units: seconds; must be later than the head.
    void set_next_timestamp(std::uint64_t timestamp) noexcept { next_timestamp_ = timestamp; }

    /// Runs `work` on the chain's thread at the next step, before anything else is done there.
    void post(std::function<void(std::uint64_t now_ms)> work);
    // For posted work alone: on the chain's thread.

    /// Makes a block out of the pool, or a block of edits alone.
    Result<void> make_block(std::uint64_t now_ms);
    Result<void> make_edit_block(std::vector<StateEdit> edits, std::uint64_t now_ms);
    /// Forgets the blocks after `number` and their transactions.
    Result<void> revert_to(std::uint64_t number);
    /// Reorgs and blocks asked for and not done yet.
    [[nodiscard]] bool busy() const noexcept { return busy_; }

    /// The blobs of one block, in order of its transactions; only those with these hashes when any
    /// are given. returns: an error when the block does not exist.
    Result<std::vector<Bytes>> blobs(std::uint64_t number,
                                     const std::vector<Bytes32>& versioned_hashes);

private:
    Result<void> make_block(std::uint64_t now_ms, bool empty, std::vector<StateEdit> edits = {});
    /// The block on `parent`, made at `at_ms` unless its time was set.
    [[nodiscard]] BlockContext next_context(const BlockRecord& parent, std::uint64_t at_ms) const;
    Result<void> reorg(std::uint64_t depth, bool keep, std::uint64_t now_ms);
    Result<void> keep_blobs(const PooledTxn& txn);

    ChainSpec spec_;
    ChainWriter& chain_;
    TxnSource& pool_;
    KvStore& store_;
    EmbeddedParentOptions options_;
    std::atomic<std::uint64_t> block_time_ms_;
    std::atomic<std::uint64_t> next_timestamp_ = 0;  ///< 0: the clock decides
    std::atomic<std::uint64_t> due_ms_ = 0;
    bool began_ = false;                   ///< step thread only
    std::atomic<std::uint64_t> salt_ = 0;  ///< makes blocks after a reorg differ from those before

    std::mutex mutex_;
    std::vector<std::function<void(std::uint64_t)>> posted_;
    std::uint64_t wanted_blocks_ = 0;
    std::uint64_t wanted_reorg_ = 0;
    bool reorg_keeps_ = false;
    bool instant_due_ = false;
    std::atomic<bool> busy_ = false;
    std::atomic<bool> instant_ = false;
};

}  // namespace mezz::node
