// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/derive/parent_watcher.hpp"

#include <algorithm>

#include "core/derive/channel.hpp"
#include "node/derive/inbox_events.hpp"

namespace mezz::node {

ParentWatcher::ParentWatcher(Parent& parent, ParentContracts contracts, ChainSpec parent_spec,
                             WatcherOptions options)
    : parent_(parent),
      contracts_(contracts),
      parent_spec_(std::move(parent_spec)),
      options_(options),
      logs_read_to_(contracts.deployed_at == 0 ? 0 : contracts.deployed_at - 1) {}

Result<bool> ParentWatcher::step() {
    // Asked for first and believed last: the blocks read in between descend from it, while those
    // known before may be of a fork that it ruled out.
    const auto finalized = parent_.block(BlockTag::finalized);
    const auto head = parent_.block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    bool known = false;
    {
        const std::scoped_lock lock(mutex_);
        known = !blocks_.empty() && blocks_.rbegin()->second.hash == head->hash;
    }
    if (!known) {
        const auto fork = find_fork(*head);
        if (!fork) return std::unexpected(fork.error());
        undo_after(*fork);
        std::vector<ParentBlock> fresh;
        const std::uint64_t oldest = head->number > options_.remembered_blocks
                                         ? head->number - options_.remembered_blocks
                                         : 0;
        for (std::uint64_t n = std::max(*fork + 1, oldest); n < head->number; ++n) {
            const auto block = parent_.block(n);
            if (!block) return std::unexpected(block.error());
            if (!*block)
                return retry("parent: block " + std::to_string(n) + " below its head is missing");
            fresh.push_back(**block);
        }
        fresh.push_back(*head);
        for (std::size_t i = 1; i < fresh.size(); ++i)
            if (fresh[i].parent_hash != fresh[i - 1].hash)
                return retry("parent: reorganised while it was read: block " +
                             std::to_string(fresh[i].number) +
                             "'s parentHash is not the hash of the one before; if this stays, use "
                             "another --parent");
        const std::scoped_lock lock(mutex_);
        for (const auto& block : fresh) blocks_[block.number] = block;
        while (blocks_.size() > options_.remembered_blocks) blocks_.erase(blocks_.begin());
    }
    {
        const std::scoped_lock lock(mutex_);
        // A chain younger than its finality delay has no finalised block.
        if (finalized && finalized->number <= head->number) finalized_ = finalized->number;
    }
    while (true) {
        std::uint64_t from = 0;
        {
            const std::scoped_lock lock(mutex_);
            from = logs_read_to_ + 1;
        }
        if (from > head->number) break;
        const std::uint64_t to = std::min(head->number, from + options_.log_range - 1);
        std::vector<QueuedDeposit> deposits;
        std::vector<PendingEntry> entries;
        if (auto done = read_logs(from, to, deposits, entries); !done)
            return std::unexpected(done.error());
        const std::scoped_lock lock(mutex_);
        deposits_.insert(deposits_.end(), deposits.begin(), deposits.end());
        for (auto& e : entries) {
            const std::uint64_t index = e.entry.index;
            entries_[index] = std::move(e);
        }
        logs_read_to_ = to;
    }
    if (auto done = fetch_data(); !done) return std::unexpected(done.error());
    return !known;
}

/// The last block of ours that the parent still has.
Result<std::uint64_t> ParentWatcher::find_fork(const ParentBlock& head) {
    std::map<std::uint64_t, ParentBlock> blocks;
    {
        const std::scoped_lock lock(mutex_);
        blocks = blocks_;
    }
    if (blocks.empty()) {
        const std::uint64_t n = head.number;
        return n > options_.remembered_blocks ? n - options_.remembered_blocks : 0;
    }
    for (auto it = blocks.rbegin(); it != blocks.rend(); ++it) {
        if (it->first > head.number) continue;
        if (it->first + 1 == head.number && it->second.hash == head.parent_hash) return it->first;
        const auto theirs = parent_.block(it->first);
        if (!theirs) return std::unexpected(theirs.error());
        if (*theirs && (*theirs)->hash == it->second.hash) return it->first;
    }
    return fatal("parent: reorganised deeper than the " +
                 std::to_string(options_.remembered_blocks) +
                 " blocks remembered here; start again with an empty state directory");
}

void ParentWatcher::undo_after(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    const auto first = blocks_.upper_bound(number);
    if (first != blocks_.end()) ++reorgs_;
    blocks_.erase(first, blocks_.end());
    if (logs_read_to_ <= number) return;
    logs_read_to_ = number;
    while (!deposits_.empty() && deposits_.back().parent_number > number) deposits_.pop_back();
    while (!entries_.empty() && entries_.rbegin()->second.entry.parent_block.number > number) {
        const auto last = std::prev(entries_.end());
        drop_data(last->second);
        fetched_to_ = std::min(fetched_to_, last->first);
        entries_.erase(last);
    }
}

Result<void> ParentWatcher::read_logs(std::uint64_t from, std::uint64_t to,
                                      std::vector<QueuedDeposit>& deposits,
                                      std::vector<PendingEntry>& entries) {
    const auto inbox =
        parent_.logs({from, to, contracts_.inbox, {ENQUEUED_TOPIC, ENTRY_APPENDED_TOPIC}});
    if (!inbox) return std::unexpected(inbox.error());
    std::vector<ParentLog> portal;
    const bool any_deposit = std::any_of(inbox->begin(), inbox->end(), [](const ParentLog& l) {
        return !l.log.topics.empty() && l.log.topics[0] == ENQUEUED_TOPIC;
    });
    if (any_deposit) {
        auto found = parent_.logs({from, to, contracts_.portal, {TRANSACTION_DEPOSITED_TOPIC}});
        if (!found) return std::unexpected(found.error());
        portal = std::move(*found);
    }
    std::uint64_t next_index = 0, next_entry = 0;
    Bytes32 acc, entry_acc;
    {
        const std::scoped_lock lock(mutex_);
        if (!entries_.empty()) {
            next_entry = entries_.rbegin()->first + 1;
            entry_acc = entries_.rbegin()->second.entry.acc;
        }
        next_index = deposits_.size();
        for (const auto& d : deposits_) acc = derive::accumulate(acc, derive::item_hash(d.item));
        for (const auto& l : *inbox)
            if (const auto it = blocks_.find(l.block_number);
                it != blocks_.end() && it->second.hash != l.block_hash)
                return retry("parent: logs of another fork");
    }
    for (const auto& l : *inbox) {
        if (!l.log.topics.empty() && l.log.topics[0] == ENTRY_APPENDED_TOPIC) {
            auto decoded = decode_entry_appended(l);
            if (!decoded)
                return retry("parent: the event of inbox entry " + std::to_string(next_entry) +
                             " is malformed; use another --parent, or a newer program");
            // An event that was altered on its way is noticed before anything is derived from it.
            const InboxEntry& e = decoded->entry;
            if (e.index != next_entry ||
                e.acc != derive::accumulate(entry_acc, derive::entry_hash(e.entry)))
                return retry("parent: the event of inbox entry " + std::to_string(next_entry) +
                             " is missing or does not hash to the inbox's accumulator; use another "
                             "--parent");
            ++next_entry;
            entry_acc = e.acc;
            entries.push_back(
                {std::move(decoded->entry), std::move(decoded->versioned_hashes), false, {}});
            continue;
        }
        const auto enqueued = decode_enqueued(l);
        if (!enqueued) continue;
        if (enqueued->index != next_index)
            return retry("parent: queue item " + std::to_string(next_index) +
                         " is missing from its logs");
        // The portal's event stands right before the inbox's, in the same transaction.
        const auto event = std::find_if(portal.begin(), portal.end(), [&](const ParentLog& p) {
            return p.block_hash == l.block_hash && p.log_index + 1 == l.log_index;
        });
        const auto opaque = event == portal.end() ? std::nullopt : decode_deposited(*event);
        if (!opaque)
            return retry("parent: the deposit event of queue item " + std::to_string(next_index) +
                         " is missing from its logs");
        QueuedDeposit d;
        d.item.index = next_index++;
        d.item.from = to_address(to_uint256(event->log.topics[1]));
        d.item.to = to_address(to_uint256(event->log.topics[2]));
        d.item.parent_number = l.block_number;
        d.item.parent_timestamp = enqueued->parent_timestamp;
        d.item.opaque_data = *opaque;
        d.label = {event->block_hash, event->log_index};
        d.parent_number = l.block_number;
        acc = derive::accumulate(acc, derive::item_hash(d.item));
        if (acc != enqueued->queue_acc)
            return retry("parent: queue item " + std::to_string(d.item.index) +
                         " does not hash to the inbox's accumulator; use another --parent");
        deposits.push_back(std::move(d));
    }
    return {};
}

/// Fills in what the entry's blobs hold.
Result<void> ParentWatcher::fetch_blobs(PendingEntry& pending) {
    InboxEntry& e = pending.entry;
    ParentBlock block;
    block.number = e.parent_block.number;
    block.hash = e.parent_block.hash;
    block.timestamp = e.entry.parent_timestamp;
    // Declared hash and openings bind the bytes; only where they do not fit do the commitments
    // decide whether the endpoint or the batcher is wrong.
    if (const auto blobs = parent_.unchecked_blobs(block, pending.versioned_hashes)) {
        e.data = derive::published_data(*blobs, e.entry.data_hash);
        if (e.data && derive::openings_match(*e.data, e.entry.data_hash, e.openings)) return {};
    }
    auto blobs = parent_.blobs(block, pending.versioned_hashes);
    if (!blobs) return std::unexpected(blobs.error());
    e.data = derive::published_data(*blobs, e.entry.data_hash);
    if (!e.data) e.blobs = std::move(*blobs);
    return {};
}

/// Fills in what was published for the entry.
Result<void> ParentWatcher::fetch(PendingEntry& pending) {
    InboxEntry& e = pending.entry;
    if (e.entry.source == derive::Source::blobs) return fetch_blobs(pending);
    const auto txn = parent_.transaction(e.transaction_hash);
    if (!txn) return std::unexpected(txn.error());
    if (!*txn)
        return retry("parent: the transaction of entry " + std::to_string(e.index) + " is missing");
    auto data = decode_append_data((*txn)->data);
    if (!data || derive::chunk_hash(*data) != e.entry.data_hash)
        return retry("parent: the calldata of entry " + std::to_string(e.index) +
                     " does not hash to what the inbox recorded; use another --parent");
    e.data = std::move(*data);
    return {};
}

namespace {

std::size_t bytes_of(const InboxEntry& e) {
    std::size_t size = e.data ? e.data->size() : 0;
    for (const auto& blob : e.blobs) size += blob.size();
    return size;
}

}  // namespace

std::optional<ParentWatcher::PendingEntry> ParentWatcher::next_wanted() {
    fetched_to_ = std::max(fetched_to_, derived_to_);
    auto it = entries_.lower_bound(fetched_to_);
    while (it != entries_.end() && it->second.has_data) fetched_to_ = (it++)->first + 1;
    if (it == entries_.end()) return std::nullopt;
    // Derivation is slower than the parent: it is waited for, not gathered for.
    if (ahead_bytes_ >= options_.max_ahead_bytes && fetched_to_ > derived_to_) return std::nullopt;
    return it->second;
}

Result<void> ParentWatcher::fetch_data() {
    for (;;) {
        std::optional<PendingEntry> wanted;
        {
            const std::scoped_lock lock(mutex_);
            wanted = next_wanted();
        }
        if (!wanted) return {};
        if (auto done = fetch(*wanted); !done) return done;
        {
            const std::scoped_lock lock(mutex_);
            // Only if no reorg replaced it meanwhile.
            const auto it = entries_.find(wanted->entry.index);
            if (it != entries_.end() && !it->second.has_data &&
                it->second.entry.parent_block == wanted->entry.parent_block) {
                const std::size_t size = bytes_of(wanted->entry);
                (it->first >= derived_to_ ? ahead_bytes_ : kept_bytes_) += size;
                if (it->first < derived_to_) dropped_to_ = std::min(dropped_to_, it->first);
                it->second.entry = std::move(wanted->entry);
                it->second.has_data = true;
                it->second.published_bytes = it->second.entry.data ? size : 0;
            }
        }
        if (on_entry_) on_entry_();
    }
}

void ParentWatcher::drop_data(PendingEntry& held) {
    if (!held.has_data) return;
    (held.entry.index >= derived_to_ ? ahead_bytes_ : kept_bytes_) -= bytes_of(held.entry);
    held.entry.data.reset();
    held.entry.blobs.clear();
    held.entry.blobs.shrink_to_fit();
    held.has_data = false;
}

void ParentWatcher::derived_to(std::uint64_t index) {
    const std::scoped_lock lock(mutex_);
    if (index < derived_to_) {
        fetched_to_ = index;
        dropped_to_ = std::min(dropped_to_, index);
        for (auto it = entries_.lower_bound(index); it != entries_.end() && it->first < derived_to_;
             ++it)
            if (it->second.has_data) {
                kept_bytes_ -= bytes_of(it->second.entry);
                ahead_bytes_ += bytes_of(it->second.entry);
            }
    } else {
        for (auto it = entries_.lower_bound(derived_to_); it != entries_.end() && it->first < index;
             ++it)
            if (it->second.has_data) {
                ahead_bytes_ -= bytes_of(it->second.entry);
                kept_bytes_ += bytes_of(it->second.entry);
            }
    }
    derived_to_ = index;
    for (auto it = entries_.lower_bound(dropped_to_);
         it != entries_.end() && it->first < derived_to_ && kept_bytes_ > options_.max_kept_bytes;
         ++it) {
        drop_data(it->second);
        dropped_to_ = it->first + 1;
    }
}

Result<std::optional<InboxEntry>> ParentWatcher::load(std::uint64_t index) {
    PendingEntry found;
    {
        const std::scoped_lock lock(mutex_);
        const auto it = entries_.find(index);
        if (it == entries_.end()) return std::optional<InboxEntry>{};
        found = it->second;
    }
    if (!found.has_data)
        if (auto done = fetch(found); !done) return std::unexpected(done.error());
    return std::optional(std::move(found.entry));
}

std::optional<std::size_t> ParentWatcher::published_bytes(std::uint64_t index) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(index);
    return it == entries_.end() ? std::nullopt : it->second.published_bytes;
}

ParentWatcher::Size ParentWatcher::size() {
    const std::scoped_lock lock(mutex_);
    return {entries_.size(), deposits_.size(), ahead_bytes_ + kept_bytes_,
            blocks_.empty() ? 0 : blocks_.rbegin()->second.timestamp,
            !blocks_.empty() && logs_read_to_ >= blocks_.rbegin()->first};
}

std::optional<OriginUpdate> ParentWatcher::origin_after(std::uint64_t queue_count) {
    const std::scoped_lock lock(mutex_);
    if (blocks_.empty()) return std::nullopt;
    const std::uint64_t head = blocks_.rbegin()->first;
    const std::uint64_t wanted =
        std::min(head > options_.origin_depth ? head - options_.origin_depth : 0, logs_read_to_);
    const auto it = blocks_.find(wanted);
    if (it == blocks_.end()) return std::nullopt;
    const ParentBlock& b = it->second;
    OriginUpdate out;
    out.origin = {
        b.number, b.timestamp, b.hash, b.base_fee,
        blob_base_fee(b.excess_blob_gas, parent_spec_.blobs_at(b.timestamp).update_fraction)};
    for (std::size_t i = queue_count; i < deposits_.size(); ++i) {
        if (deposits_[i].parent_number > b.number) break;
        out.deposits.push_back(deposits_[i]);
    }
    return out;
}

std::optional<bool> ParentWatcher::is_canonical(std::uint64_t number, const Bytes32& hash) {
    const std::scoped_lock lock(mutex_);
    const auto it = blocks_.find(number);
    if (it == blocks_.end()) return std::nullopt;
    return it->second.hash == hash;
}

std::optional<InboxEntry> ParentWatcher::entry(std::uint64_t index, bool with_data) {
    const std::scoped_lock lock(mutex_);
    const auto it = entries_.find(index);
    if (it == entries_.end() || (with_data && !it->second.has_data)) return std::nullopt;
    const InboxEntry& e = it->second.entry;
    if (with_data) return e;
    return InboxEntry{e.index, e.entry, e.acc,          e.openings,
                      {},      {},      e.parent_block, e.transaction_hash};
}

std::uint64_t ParentWatcher::queue_length() {
    const std::scoped_lock lock(mutex_);
    return deposits_.size();
}

std::optional<std::vector<derive::QueueItem>> ParentWatcher::queue(std::uint64_t from,
                                                                   std::uint64_t to) {
    const std::scoped_lock lock(mutex_);
    if (to > deposits_.size() || from > to) return std::nullopt;
    std::vector<derive::QueueItem> out;
    for (std::uint64_t i = from; i < to; ++i) out.push_back(deposits_[i].item);
    return out;
}

std::uint64_t ParentWatcher::finalized_number() {
    const std::scoped_lock lock(mutex_);
    return finalized_;
}

std::uint64_t ParentWatcher::latest_number() {
    const std::scoped_lock lock(mutex_);
    return blocks_.empty() ? 0 : blocks_.rbegin()->first;
}

std::uint64_t ParentWatcher::reorgs() {
    const std::scoped_lock lock(mutex_);
    return reorgs_;
}

}  // namespace mezz::node
