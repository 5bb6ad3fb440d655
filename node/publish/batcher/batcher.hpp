// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Publishes the chain's unsafe blocks to the inbox.
///
/// What is published is read from the chain and from RollupChain::derived(), so nothing is kept
/// across restarts. Blocks are collected into a batch until it is large or old enough; entries are
/// pipelined with consecutive indices. When one does not land as planned, the batcher lets what is
/// under way settle, and starts again from what the chain derives to.
///
/// The inbox takes no batch that leaves an overdue queue item behind. When the blocks go on leaving
/// one out, the next entry takes the queue itself: what the batch did not include derives to blocks
/// of deposits after it, and the chain's later unsafe blocks are replaced. Owned by one thread.

#include <deque>
#include <functional>

#include "node/host/signing/tx_manager.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

struct BatcherOptions {
    std::uint64_t chain_id = 0;
    Address inbox;
    /// A batch is closed at this age. units: milliseconds since its first block was seen.
    std::uint64_t max_age_ms = 4'000;
    /// The same for a batch of blocks without transactions or deposits: an idle chain need not pay
    /// for proofs every few seconds. 0: as max_age_ms.
    std::uint64_t max_idle_age_ms = 0;
    int compression_level = 6;
    std::size_t max_entries_in_flight = 8;
    /// Of block 0, for a chain that does not give block 0 as publishable.
    derive::Origin genesis_origin{};
    /// How long blocks may leave out what is overdue before an entry takes the queue. The sequencer
    /// is given this time because taking it replaces blocks. units: milliseconds.
    std::uint64_t overdue_patience_ms = 10'000;
    /// A fault for tests: while it answers yes, what blocks leave out stays out until somebody
    /// forces it. Asked by the thread that steps.
    std::function<bool()> leaves_overdue{};
    /// Pause after a failure. units: milliseconds.
    std::uint64_t retry_after_ms = 1'000;
};

struct BatcherStatus {
    std::uint64_t entries_sent = 0;
    std::uint64_t entries_landed = 0;
    std::uint64_t restarts = 0;       ///< times it started again from derived()
    std::uint64_t queue_takings = 0;  ///< entries sent that take overdue items blocks left out
    std::uint64_t blocks_landed = 0;
    std::uint64_t payload_bytes = 0;    ///< of landed entries, before compression
    std::uint64_t published_bytes = 0;  ///< of landed entries, as data
    std::uint64_t last_taken_block = 0;
    std::size_t pending_blocks = 0;  ///< in the open batch
    std::size_t pending_bytes = 0;   ///< payload in the open batch
    std::size_t entries_in_flight = 0;
    std::string last_error;  ///< empty: none since the last entry landed
};

class Batcher {
public:
    /// Keeps the references.
    Batcher(RollupChain& chain, Parent& parent, TxManager& txs, DataLayer& layer,
            BatcherOptions options);

    /// Does what can be done now; steps the transaction manager too.
    void step(std::uint64_t now_ms);
    /// Closes the open batch at the next step, whatever its size.
    void flush() noexcept { flush_ = true; }
    [[nodiscard]] BatcherStatus status() const;

private:
    struct Pending {
        TxId id = 0;
        std::uint64_t index = 0;
        BlockRef last;
        std::size_t blocks = 0;
        std::size_t payload_bytes = 0;
        std::size_t data_bytes = 0;
        bool takes_queue = false;  ///< derives to blocks after `last`, which nobody has yet
        bool landed = false;
    };
    struct Taken {
        PublishableBlock block;
        std::size_t bytes = 0;
    };
    struct Encoded {
        std::size_t blocks = 0;
        std::size_t payload_bytes = 0;
        Bytes data;
    };

    Result<void> start(std::uint64_t now_ms);
    Result<void> settle_pending(std::uint64_t now_ms);
    Result<void> take_blocks(std::uint64_t now_ms);
    Result<void> publish(std::uint64_t now_ms);
    [[nodiscard]] bool ripe(std::uint64_t now_ms) const;
    Encoded encode_first(std::size_t blocks) const;
    /// none: it compresses so well that more blocks fit.
    Result<std::optional<Encoded>> encode_open(std::uint64_t now_ms);
    Result<EntryParameters> parameters_for(const PublishableBlock& last, std::uint64_t now_ms);
    Result<bool> check_entry(const EntryParameters& parameters, const ParentBlock& head);
    void restart(std::string why);
    Result<std::uint64_t> inbox_number(std::string_view getter);
    [[nodiscard]] BlockRef last_taken() const;

    RollupChain& chain_;
    Parent& parent_;
    TxManager& txs_;
    DataLayer& layer_;
    BatcherOptions options_;

    bool started_ = false;
    bool flush_ = false;
    std::uint64_t next_index_ = 0;   ///< of the next entry to send
    std::uint64_t last_origin_ = 0;  ///< origin number of the entry before it
    BlockRef base_;                  ///< block before the open batch
    derive::Origin base_origin_;
    std::uint64_t base_queue_ = 0;  ///< queue items taken up to the end of the last entry
    std::deque<Taken> open_;
    std::size_t open_bytes_ = 0;
    std::uint64_t opened_at_ms_ = 0;
    std::optional<std::uint64_t> work_at_ms_;  ///< when its first block with content was seen
    double ratio_ = 1.0;                       ///< compressed over plain, of the latest batch
    std::deque<Pending> pending_;
    BlockRef seen_head_;
    std::optional<std::uint64_t> overdue_since_ms_;  ///< since when blocks leave it out
    std::uint64_t wait_until_ms_ = 0;
    std::uint64_t strangers_since_ms_ = 0;
    std::uint64_t next_count_check_ms_ = 0;
    BatcherStatus status_;
};

}  // namespace mezz::node
