// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Follows the parent chain: its blocks, the queue and the inbox, with their data.
///
/// `step` asks the parent and is driven by one thread; everything else is answered from memory
/// under a lock, except `load`. Of every entry the event is kept, of few the bytes: those that
/// derivation needs next, and the last it had. A reorg of the parent drops what it undid. Nothing
/// learned here is trusted by derivation, which checks every hash again; here they are checked so
/// that a parent that lies is named as such.

#include <functional>
#include <map>
#include <mutex>

#include "node/ports/parent.hpp"
#include "node/ports/parent_view.hpp"

namespace mezz::node {

struct WatcherOptions {
    /// Blocks between the parent's head and the origin the sequencer builds on.
    std::uint64_t origin_depth = 1;
    /// Parent blocks whose hashes are remembered: how deep a reorg may go.
    std::uint64_t remembered_blocks = 512;
    /// Parent blocks asked for logs at once.
    std::uint64_t log_range = 2000;
    /// Batch bytes kept ahead of derivation; the next entry's are fetched whatever their size.
    std::size_t max_ahead_bytes = 32 << 20;
    /// Batch bytes kept of derived entries, of which the last may be asked for again.
    std::size_t max_kept_bytes = 16 << 20;
};

class ParentWatcher final : public ParentView {
public:
    /// Keeps a reference to `parent`.
    ParentWatcher(Parent& parent, ParentContracts contracts, ChainSpec parent_spec,
                  WatcherOptions options);

    /// Called by `step` when an entry has its data.
    void on_entry(std::function<void()> callback) { on_entry_ = std::move(callback); }
    /// Asks for news. returns: whether there were any.
    Result<bool> step();

    // ParentView
    std::optional<OriginUpdate> origin_after(std::uint64_t queue_count) override;
    std::optional<bool> is_canonical(std::uint64_t number, const Bytes32& hash) override;
    std::optional<InboxEntry> entry(std::uint64_t index) override { return entry(index, true); }
    /// `with_data`: false leaves out the entry's bytes, and does not ask for them to be here.
    std::optional<InboxEntry> entry(std::uint64_t index, bool with_data);
    /// The entry with its bytes, from the parent where they are not here. Any thread; may take as
    /// long as the parent does. returns: none when there is no such entry yet.
    Result<std::optional<InboxEntry>> load(std::uint64_t index);
    void derived_to(std::uint64_t index) override;
    /// Size of the entry's data. returns: none when they have not been here.
    std::optional<std::size_t> published_bytes(std::uint64_t index);
    std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t from,
                                                        std::uint64_t to) override;
    /// Items of the queue that were seen.
    [[nodiscard]] std::uint64_t queue_length();
    std::uint64_t finalized_number() override;
    std::uint64_t latest_number() override;
    /// How often blocks of the parent were undone.
    [[nodiscard]] std::uint64_t reorgs();
    /// What is known of the inbox and the queue, and what it takes of memory.
    struct Size {
        std::uint64_t entries = 0;
        std::uint64_t queue_items = 0;
        std::size_t data_bytes = 0;
        std::uint64_t head_timestamp = 0;  ///< of the parent's last block; units: seconds
        bool has_read_logs = false;        ///< of all blocks up to that one
    };
    [[nodiscard]] Size size();

private:
    struct PendingEntry {
        InboxEntry entry;
        std::vector<Bytes32> versioned_hashes;
        bool has_data = false;
        std::optional<std::size_t> published_bytes;  ///< once they were here
    };
    Result<std::uint64_t> find_fork(const ParentBlock& head);
    void undo_after(std::uint64_t number);
    Result<void> read_logs(std::uint64_t from, std::uint64_t to,
                           std::vector<QueuedDeposit>& deposits,
                           std::vector<PendingEntry>& entries);
    Result<void> fetch_data();
    Result<void> fetch(PendingEntry& pending);
    Result<void> fetch_blobs(PendingEntry& pending);
    /// The next entry whose bytes are wanted here. requires: mutex_ held.
    std::optional<PendingEntry> next_wanted();
    /// requires: mutex_ held.
    void drop_data(PendingEntry& held);

    Parent& parent_;
    ParentContracts contracts_;
    ChainSpec parent_spec_;
    WatcherOptions options_;
    std::function<void()> on_entry_;

    std::mutex mutex_;
    std::map<std::uint64_t, ParentBlock> blocks_;
    std::vector<QueuedDeposit> deposits_;            ///< by queue index
    std::map<std::uint64_t, PendingEntry> entries_;  ///< all there are, by index
    std::uint64_t derived_to_ = 0;
    std::uint64_t fetched_to_ = 0;  ///< entries [derived_to_, fetched_to_) have their bytes
    std::uint64_t dropped_to_ = 0;  ///< entries below have none
    std::size_t ahead_bytes_ = 0, kept_bytes_ = 0;  ///< of entries from derived_to_ on, and below
    std::uint64_t logs_read_to_ = 0;
    std::uint64_t finalized_ = 0;
    std::uint64_t reorgs_ = 0;
};

}  // namespace mezz::node
