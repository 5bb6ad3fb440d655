// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The single sequencer: one block every block time, first come by tip.
///
/// A plain object driven by `step`; it owns no thread and reads time only as an argument.
/// Owned by the thread that owns the chain; `next_block` and what sets how blocks are made are
/// thread-safe.

#include <atomic>
#include <functional>
#include <mutex>

#include "core/derive/block.hpp"
#include "node/ports/chain_writer.hpp"
#include "node/ports/parent_view.hpp"
#include "node/ports/txn_source.hpp"

namespace mezz::node {

struct SequencerOptions {
    std::uint64_t block_time_ms = 1000;  ///< 100 ms to 10 s; 0: none on a clock
    /// Transactions tried in one step, so that a step stays short.
    unsigned transactions_a_step = 256;
    /// units: bytes of transactions in one block; keeps a block publishable.
    std::size_t max_block_bytes = 680'000;
    /// Blocks ahead of the safe head at which sequencing pauses. 0: never.
    std::uint64_t max_unsafe_blocks = 0;
    /// A fault for tests: while it answers yes, deposits stay in the queue, so that users have to
    /// force them in. Asked by the thread that steps.
    std::function<bool()> censors_deposits{};
};

class Sequencer {
public:
    /// Keeps references.
    Sequencer(derive::RollupSpec spec, ChainWriter& chain, TxnSource& pool, ParentView& parent,
              SequencerOptions options);
    ~Sequencer();

    /// Does what is due. returns: when to call again at the latest (ms); a new transaction is a
    /// reason to call earlier.
    Result<std::uint64_t> step(std::uint64_t now_ms);
    /// Gives back what an unfinished block holds; the next step begins anew.
    void abandon();
    /// The block to be made on block `number`: the one under way where it is that. Thread-safe.
    Result<BlockContext> next_block(std::uint64_t number, std::uint64_t now_ms);

    /// Makes that many blocks in the next steps, without waiting for their time.
    void request_blocks(std::uint64_t count) noexcept { wanted_blocks_ += count; }
    /// Those that are not made yet.
    [[nodiscard]] std::uint64_t wanted_blocks() const noexcept { return wanted_blocks_; }
    /// A block as soon as there is a transaction or a deposit. requires: no clock makes blocks.
    void set_instant(bool instant) noexcept { instant_ = instant; }
    [[nodiscard]] bool instant() const noexcept { return instant_; }
    /// units: milliseconds between blocks; 0: none on a clock.
    void set_block_time(std::uint64_t block_time_ms) noexcept;
    [[nodiscard]] std::uint64_t block_time_ms() const noexcept { return block_time_ms_; }
    /// Of the next block alone. units: seconds.
    void set_next_timestamp(std::uint64_t timestamp) noexcept;
    /// Time has moved: the block under way is begun again.
    void begin_anew() noexcept { anew_ = true; }
    [[nodiscard]] bool building() const noexcept { return builder_ != nullptr; }

private:
    Result<void> begin(std::uint64_t now_ms);
    void take_deposits(derive::BlockAttributes& block, const std::vector<QueuedDeposit>& deposits);
    void fill();
    Result<void> seal();

    derive::RollupSpec spec_;
    ChainSpec chain_spec_;
    ChainWriter& chain_;
    TxnSource& pool_;
    ParentView& parent_;
    SequencerOptions options_;

    std::unique_ptr<BlockBuilder> builder_;
    std::vector<PooledRef> included_;
    RollupNote note_;
    std::size_t block_bytes_ = 0;
    bool full_ = false;
    bool pool_is_dry_ = false;
    bool early_ = false;       ///< the block under way was asked for: its time is now
    std::uint64_t named_ = 0;  ///< time that was set for the block under way; 0: none
    std::atomic<std::uint64_t> deadline_ms_ = 0;
    std::atomic<std::uint64_t> block_time_ms_;
    std::atomic<std::uint64_t> wanted_blocks_ = 0;
    std::atomic<std::uint64_t> next_timestamp_ = 0;  ///< 0: the clock decides
    std::atomic<bool> instant_ = false;
    std::atomic<bool> anew_ = false;

    std::mutex open_mutex_;
    std::optional<BlockContext> open_;  ///< of the block under way
};

}  // namespace mezz::node
