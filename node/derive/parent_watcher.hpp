// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Follows the parent chain: its blocks, the queue and the inbox, with their data.
///
/// `step` asks the parent and is driven by one thread; everything else is answered from memory
/// under a lock. A reorg of the parent drops what it undid. Nothing learned here is trusted by
/// derivation, which checks every hash again; here they are checked so that a parent that lies is
/// named as such.

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
    /// `with_data`: false leaves out the entry's bytes.
    std::optional<InboxEntry> entry(std::uint64_t index, bool with_data);
    std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t from,
                                                        std::uint64_t to) override;
    /// Items of the queue that were seen.
    [[nodiscard]] std::uint64_t queue_length();
    std::uint64_t finalized_number() override;
    std::uint64_t latest_number() override;
    /// How often blocks of the parent were undone.
    [[nodiscard]] std::uint64_t reorgs();

private:
    struct PendingEntry {
        InboxEntry entry;
        std::vector<Bytes32> versioned_hashes;
    };
    Result<std::uint64_t> find_fork(const ParentBlock& head);
    void undo_after(std::uint64_t number);
    Result<void> read_logs(std::uint64_t from, std::uint64_t to,
                           std::vector<QueuedDeposit>& deposits,
                           std::vector<PendingEntry>& entries);
    Result<void> fetch_data();
    Result<void> fetch_blobs(PendingEntry& pending);

    Parent& parent_;
    ParentContracts contracts_;
    ChainSpec parent_spec_;
    WatcherOptions options_;
    std::function<void()> on_entry_;

    std::mutex mutex_;
    std::map<std::uint64_t, ParentBlock> blocks_;
    std::vector<QueuedDeposit> deposits_;  ///< by queue index
    std::map<std::uint64_t, InboxEntry> entries_;
    std::map<std::uint64_t, PendingEntry> waiting_;
    std::uint64_t logs_read_to_ = 0;
    std::uint64_t finalized_ = 0;
    std::uint64_t reorgs_ = 0;
};

}  // namespace mezz::node
