// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/derive/driver.hpp"

#include <algorithm>
#include <map>

#include "core/codec/byte_reader.hpp"

namespace mezz::node {
namespace {

std::string_view describe(derive::BatchError e) {
    using enum derive::BatchError;
    switch (e) {
        case empty_data:
            return "no bytes";
        case unknown_format:
            return "unknown format byte";
        case bad_compression:
            return "not a complete zstd frame";
        case too_large:
            return "expands beyond the limit";
        case malformed:
            return "malformed";
        case bad_transaction_type:
            return "a transaction type that batches cannot hold";
        case too_many_blocks:
            return "too many blocks";
        case wrong_chain:
            return "made for another chain";
        case wrong_parent:
            return "does not follow the last derived block";
        case bad_timestamp:
            return "a timestamp goes back or too far ahead";
        case bad_origin:
            return "an origin goes back or is newer than the entry's";
        case queue_overrun:
            return "consumes more of the queue than its entry";
        case blob_mismatch:
            return "the blobs do not hold the declared bytes";
        case too_much_work:
            return "a block with more deposits or transactions than its gas is for";
    }
    return "unknown";
}

/// Row of a derived entry: what a restart or a reorg goes back to.
Bytes encode_row(const derive::Position& p, const BlockRef& parent_block) {
    Bytes out;
    append_varint(out, p.inbox_count);
    append(out, p.inbox_acc);
    append_varint(out, p.queue_count);
    append(out, p.queue_acc);
    append_varint(out, p.head_number);
    append_varint(out, p.head_timestamp);
    append_varint(out, p.origin.number);
    append_varint(out, p.origin.timestamp);
    append(out, p.origin.hash);
    append_short(out, p.origin.base_fee);
    append_short(out, p.origin.blob_base_fee);
    append_varint(out, p.sequence_number);
    append_varint(out, parent_block.number);
    append(out, parent_block.hash);
    return out;
}

std::optional<std::pair<derive::Position, BlockRef>> decode_row(ByteView bytes) {
    ByteReader in(bytes);
    derive::Position p;
    BlockRef parent;
    p.inbox_count = in.varint();
    p.inbox_acc = in.fixed<32>();
    p.queue_count = in.varint();
    p.queue_acc = in.fixed<32>();
    p.head_number = in.varint();
    p.head_timestamp = in.varint();
    p.origin.number = in.varint();
    p.origin.timestamp = in.varint();
    p.origin.hash = in.fixed<32>();
    p.origin.base_fee = in.short_u256();
    p.origin.blob_base_fee = in.short_u256();
    p.sequence_number = in.varint();
    parent.number = in.varint();
    parent.hash = in.fixed<32>();
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return std::pair{p, parent};
}

constexpr std::string_view meta_inbox_count = "derived";
/// units: entries, with the one being derived. Their transactions are in memory twice.
constexpr std::uint64_t entries_ahead = 3;

}  // namespace

DerivationDriver::DerivationDriver(derive::RollupSpec spec, ChainWriter& chain, ParentView& parent,
                                   TxnSource* pool)
    : spec_(std::move(spec)), chain_(chain), parent_(parent), pool_(pool) {
    genesis_.head_timestamp = spec_.genesis_timestamp;
}

Result<std::optional<DerivationDriver::Stored>> DerivationDriver::stored(
    std::uint64_t inbox_count) {
    if (inbox_count == 0) return std::optional(Stored{genesis_, {}});
    const auto row = chain_.entry(inbox_count);
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::optional<Stored>{};
    const auto decoded = decode_row(**row);
    if (!decoded)
        return fatal("database: the row of inbox entry " + std::to_string(inbox_count - 1) +
                     " is damaged");
    return std::optional(Stored{decoded->first, decoded->second});
}

Result<void> DerivationDriver::open() {
    const auto row = chain_.meta(meta_inbox_count);
    if (!row) return std::unexpected(row.error());
    std::uint64_t count = *row && (*row)->size() == 8 ? load_be64((*row)->data()) : 0;
    for (;; --count) {
        const auto found = stored(count);
        if (!found) return std::unexpected(found.error());
        if (!*found) continue;
        derivation_.emplace(spec_, (*found)->position);
        break;
    }
    const auto& p = derivation_->position();
    const auto record = chain_.record(p.head_number);
    if (!record) return std::unexpected(record.error());
    if (!*record)
        return fatal("database: derived block " + std::to_string(p.head_number) + " is missing");
    {
        const std::scoped_lock lock(mutex_);
        status_.derived = {p.inbox_count, p.inbox_acc, {p.head_number, (*record)->hash}};
    }
    parent_.derived_to(p.inbox_count);
    if (auto done = restore_finalized(); !done) return done;
    return update_finalized();
}

/// What was final stays so while the parent has not been asked yet.
Result<void> DerivationDriver::restore_finalized() {
    const BlockRef block = chain_.head(Head::finalized);
    DerivedPosition best;
    for (std::uint64_t count = status().derived.inbox_count; count > 0; --count) {
        const auto row = stored(count);
        if (!row) return std::unexpected(row.error());
        if (!*row) return fatal("database: a row of a derived inbox entry is missing");
        // Of entries without blocks, the first: more may not be final.
        if ((*row)->position.head_number < block.number) break;
        if ((*row)->position.head_number == block.number)
            best = {count, (*row)->position.inbox_acc, block};
    }
    const std::scoped_lock lock(mutex_);
    status_.finalized = best;
    return {};
}

Result<bool> DerivationDriver::step(unsigned max_blocks) {
    if (auto done = check_parent(); !done) return std::unexpected(done.error());
    if (auto done = check_origins(); !done) return std::unexpected(done.error());
    for (unsigned blocks = 0; blocks < max_blocks;) {
        const std::uint64_t index = derivation_->position().inbox_count;
        look_ahead();
        auto next = derivation_->step();
        std::expected<void, derive::Refusal> taken;
        if (const auto* need = std::get_if<derive::NeedEntry>(&next);
            need != nullptr && need->index != index) {
            // The entry gave no block: the machine is at the next one already.
            if (auto done = record_entry(); !done) return std::unexpected(done.error());
            continue;
        }
        if (std::holds_alternative<derive::NeedEntry>(next)) {
            // An entry that derived to no block is over only now.
            if (derivation_->position().inbox_count != index) {
                if (auto done = finish_entry(); !done) return std::unexpected(done.error());
                continue;
            }
            auto entry = parent_.entry(index);
            if (!entry) {
                if (auto done = update_finalized(); !done) return std::unexpected(done.error());
                return false;
            }
            entry_block_ = entry->parent_block;
            entry_acc_ = entry->acc;
            taken = derivation_->provide_entry(entry->entry, entry->openings);
        } else if (std::holds_alternative<derive::NeedData>(next)) {
            const auto entry = parent_.entry(index);
            if (!entry)
                return reset("derivation: inbox entry " + std::to_string(index) +
                             " was reorganised away");
            taken = entry->data ? derivation_->provide_data(*entry->data)
                                : derivation_->provide_mismatch();
        } else if (const auto* queue = std::get_if<derive::NeedQueue>(&next)) {
            auto items = parent_.queue(queue->from, queue->to);
            if (!items) return false;
            taken = derivation_->provide_queue(std::move(*items));
        } else {
            if (auto done = import(std::get<derive::NextBlock>(next).attributes); !done) {
                // The machine has moved on; go back to what is stored and derive it again.
                const auto reopened = open();
                return std::unexpected(reopened ? done.error() : reopened.error());
            }
            ++blocks;
        }
        if (!taken) {
            const auto reopened = open();
            if (!reopened) return std::unexpected(reopened.error());
            return retry("derivation: the parent's answers about inbox entry " +
                         std::to_string(index) + " do not hash to what the inbox says");
        }
        if (derivation_->position().inbox_count != index) {
            if (auto done = record_entry(); !done) return std::unexpected(done.error());
        }
    }
    return true;
}

/// Announces entries whose blocks will have to be made here.
void DerivationDriver::look_ahead() {
    const derive::Position& p = derivation_->position();
    if (chain_.head(Head::unsafe).number > p.head_number) return;
    for (std::uint64_t index = std::max(expected_to_, p.inbox_count);
         index < p.inbox_count + entries_ahead; ++index) {
        const auto entry = parent_.entry(index);
        if (!entry) return;
        // The transactions of a forced entry's bytes do not count.
        if (entry->data && entry->entry.source != derive::Source::forced)
            recovery_->expect(index, *entry->data);
        expected_to_ = index + 1;
    }
}

Result<void> DerivationDriver::record_entry() {
    const auto done = finish_entry();
    if (done) return done;
    // Not recorded, so not derived: what is stored decides, as after a crash.
    const auto reopened = open();
    return reopened ? done : reopened;
}

Result<void> DerivationDriver::finish_entry() {
    const derive::Position& p = derivation_->position();
    if (p.inbox_acc != entry_acc_)
        return fatal("derivation: the accumulator after inbox entry " +
                     std::to_string(p.inbox_count - 1) +
                     " is not the inbox's; the parent endpoint lies or the contracts are not ours");
    if (auto done = chain_.put_entry(p.inbox_count, encode_row(p, entry_block_)); !done)
        return done;
    std::uint8_t count[8];
    store_be64(count, p.inbox_count);
    if (auto done = chain_.put_meta(meta_inbox_count, count); !done) return done;
    const auto record = chain_.record(p.head_number);
    if (!record) return std::unexpected(record.error());
    if (!*record) return fatal("bug: a derived block is not stored");
    {
        const std::scoped_lock lock(mutex_);
        status_.derived = {p.inbox_count, p.inbox_acc, {p.head_number, (*record)->hash}};
        if (const auto e = derivation_->last_error()) {
            ++status_.empty_entries;
            status_.last_batch_error = describe(*e);
        }
    }
    parent_.derived_to(p.inbox_count);
    return update_finalized();
}

Result<void> DerivationDriver::update_finalized() {
    DriverStatus now = status();
    const std::uint64_t final_parent = parent_.finalized_number();
    DerivedPosition best = now.finalized;
    for (std::uint64_t count = best.inbox_count + 1; count <= now.derived.inbox_count; ++count) {
        const auto row = stored(count);
        if (!row) return std::unexpected(row.error());
        if (!*row || (*row)->parent_block.number > final_parent) break;
        // The view may have moved to another fork since this step began.
        const BlockRef& block = (*row)->parent_block;
        if (!parent_.is_canonical(block.number, block.hash).value_or(true)) break;
        const auto record = chain_.record((*row)->position.head_number);
        if (!record) return std::unexpected(record.error());
        if (!*record) break;
        best = {count, (*row)->position.inbox_acc, {(*row)->position.head_number, (*record)->hash}};
    }
    {
        const std::scoped_lock lock(mutex_);
        status_.finalized = best;
    }
    return chain_.set_heads(now.derived.head.number, best.head.number);
}

/// Did the parent undo the block that holds the last derived entry?
Result<void> DerivationDriver::check_parent() {
    std::uint64_t count = derivation_->between_entries() ? derivation_->position().inbox_count
                                                         : status().derived.inbox_count;
    const std::uint64_t before = count;
    while (count > 0) {
        const auto row = stored(count);
        if (!row) return std::unexpected(row.error());
        if (!*row) return fatal("database: a row of a derived inbox entry is missing");
        const auto canonical =
            parent_.is_canonical((*row)->parent_block.number, (*row)->parent_block.hash);
        // Too old to tell: deeper than any reorg that is followed here.
        const bool too_new = !canonical && (*row)->parent_block.number > parent_.latest_number();
        if (parent_.latest_number() == 0 || canonical.value_or(!too_new)) break;
        --count;
    }
    if (count == before) return {};
    return reset_to(count);
}

Result<void> DerivationDriver::reset_to(std::uint64_t inbox_count) {
    const auto row = stored(inbox_count);
    if (!row) return std::unexpected(row.error());
    if (!*row) return fatal("database: a row of a derived inbox entry is missing");
    // The count first: whoever stops in between still has every row the count names.
    std::uint8_t count[8];
    store_be64(count, inbox_count);
    if (auto done = chain_.put_meta(meta_inbox_count, count); !done) return done;
    if (auto done = chain_.erase_entries_from(inbox_count + 1); !done) return done;
    derivation_.emplace(spec_, (*row)->position);
    parent_.derived_to(inbox_count);
    expected_to_ = 0;  // other entries may come
    const std::uint64_t head = (*row)->position.head_number;
    const auto record = chain_.record(head);
    if (!record) return std::unexpected(record.error());
    if (!*record) return fatal("database: derived block " + std::to_string(head) + " is missing");
    {
        const std::scoped_lock lock(mutex_);
        ++status_.reorgs;
        status_.derived = {inbox_count, (*row)->position.inbox_acc, {head, (*record)->hash}};
        if (status_.finalized.inbox_count > inbox_count) status_.finalized = status_.derived;
    }
    // A verifier has nothing but derived blocks; a sequencer keeps its own, which are checked
    // against the inbox again.
    if (pool_ == nullptr)
        if (auto done = take_back(head); !done) return done;
    return chain_.set_heads(head, status().finalized.head.number);
}

/// Unsafe blocks whose origin the parent undid cannot be published any more.
Result<void> DerivationDriver::check_origins() {
    const std::uint64_t safe = derivation_->position().head_number;
    std::uint64_t number = chain_.head(Head::unsafe).number;
    const std::uint64_t head = number;
    while (number > safe) {
        const auto record = chain_.record(number);
        if (!record) return std::unexpected(record.error());
        const auto note = *record ? decode_rollup_note((*record)->note) : std::nullopt;
        if (!note)
            return fatal("database: the note of block " + std::to_string(number) + " is damaged");
        const auto canonical = parent_.is_canonical(note->origin.number, note->origin.hash);
        const bool too_new = !canonical && note->origin.number > parent_.latest_number();
        if (parent_.latest_number() == 0 || canonical.value_or(!too_new)) break;
        // All blocks of one origin share its fate.
        number -= std::min(number - safe, note->sequence_number + 1);
    }
    if (number == head) return {};
    return take_back(number);
}

Result<void> DerivationDriver::take_back(std::uint64_t number) {
    if (chain_.head(Head::unsafe).number <= number) return {};
    if (before_rollback_) before_rollback_();
    const std::uint64_t depth = chain_.head(Head::unsafe).number - number;
    auto dropped = chain_.rollback(number);
    if (!dropped) return std::unexpected(dropped.error());
    {
        const std::scoped_lock lock(mutex_);
        ++status_.reorgs;
        status_.last_reorg_depth = depth;
    }
    if (pool_ == nullptr) return {};
    std::vector<Transaction> txns;
    for (auto& item : *dropped) txns.push_back(std::move(item.txn));
    pool_->reinject(txns);
    return {};
}

Result<bool> DerivationDriver::matches(const derive::BlockAttributes& block) {
    const auto record = chain_.record(block.number);
    if (!record) return std::unexpected(record.error());
    if (!*record || (*record)->header.timestamp != block.timestamp) return false;
    const auto body = chain_.body(block.number);
    if (!body) return std::unexpected(body.error());
    if (!*body) return false;
    const auto leading = derive::leading_transactions(spec_, block);
    const std::size_t expected = leading.size() + block.transactions.size();
    if ((*body)->size() != expected) return false;
    for (std::size_t i = 0; i < expected; ++i) {
        const Transaction& t =
            i < leading.size() ? leading[i] : block.transactions[i - leading.size()];
        if (!((**body)[i].txn == t)) return false;
    }
    return true;
}

Result<void> DerivationDriver::import(const derive::BlockAttributes& block) {
    const auto same = matches(block);
    if (!same) return std::unexpected(same.error());
    if (*same) return {};
    if (auto done = take_back(block.number - 1); !done) return done;
    const auto parent = chain_.record(block.number - 1);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent)
        return fatal("derivation: block " + std::to_string(block.number - 1) + " is missing");
    if (before_rollback_) before_rollback_();
    const auto before = decode_rollup_note((*parent)->note);
    if (!before)
        return fatal("database: the note of block " + std::to_string(block.number - 1) +
                     " is damaged");
    BlockPlan plan;
    plan.context = derive::block_context(spec_, (*parent)->header, (*parent)->hash, block);
    plan.leading = derive::leading_transactions(spec_, block);
    auto builder = chain_.begin(plan);
    if (!builder) return std::unexpected(builder.error());
    std::map<Address, std::uint64_t> next_nonces;
    const auto recovered = recovery_->recover_block(block.number, block.transactions);
    if (chain_.reads_ahead()) {
        std::vector<BodyItem> items;
        for (std::size_t i = 0; i < recovered.size(); ++i)
            if (recovered[i].sender)
                items.push_back({block.transactions[i], *recovered[i].sender, recovered[i].hash});
        chain_.expect(block.number, items);
        chain_.expect(block.number + 1, recovery_->guess_block(block.number + 1));
    }
    for (std::size_t i = 0; i < recovered.size(); ++i) {
        const Transaction& t = block.transactions[i];
        const auto& [sender, hash] = recovered[i];
        // What is invalid at its place derives to nothing.
        if (sender && (*builder)->apply(t, *sender, hash)) next_nonces[*sender] = t.nonce + 1;
    }
    RollupNote note;
    note.origin = block.origin;
    note.sequence_number = block.sequence_number;
    note.queue_count = before->queue_count + block.queue_items.size();
    for (const auto& label : block.labels)
        note.labels.push_back(label.value_or(derive::DepositLabel{}));
    // A pool is told what is durable; without one, the next block need not wait for this.
    const auto sealed = pool_ != nullptr ? chain_.seal(std::move(*builder), encode(note))
                                         : chain_.seal_ahead(std::move(*builder), encode(note));
    if (!sealed) return std::unexpected(sealed.error());
    if (pool_ != nullptr) pool_->settle({next_nonces.begin(), next_nonces.end()});
    return {};
}

Result<std::optional<DerivedPosition>> DerivationDriver::derived_at(std::uint64_t inbox_count) {
    if (inbox_count > status().derived.inbox_count) return std::optional<DerivedPosition>{};
    const auto row = stored(inbox_count);
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::optional<DerivedPosition>{};
    const auto& p = (*row)->position;
    const auto record = chain_.record(p.head_number);
    if (!record) return std::unexpected(record.error());
    if (!*record) return std::optional<DerivedPosition>{};
    return std::optional(
        DerivedPosition{inbox_count, p.inbox_acc, {p.head_number, (*record)->hash}});
}

Result<std::optional<std::uint64_t>> DerivationDriver::entries_for(std::uint64_t number) {
    std::uint64_t low = 0, high = status().derived.inbox_count;
    while (low <= high) {
        const std::uint64_t middle = low + (high - low) / 2;
        const auto row = stored(middle);
        if (!row) return std::unexpected(row.error());
        if (!*row) return std::optional<std::uint64_t>{};  // undone meanwhile
        if ((*row)->position.head_number < number) {
            low = middle + 1;
        } else if (low == middle) {
            return std::optional(middle);
        } else {
            high = middle;
        }
    }
    return std::optional<std::uint64_t>{};
}

Result<std::optional<BlockPlace>> DerivationDriver::place_of(std::uint64_t number) {
    const auto entries = entries_for(number);
    if (!entries) return std::unexpected(entries.error());
    if (!*entries) return std::optional<BlockPlace>{};
    auto row = stored(**entries);
    if (!row) return std::unexpected(row.error());
    // A block in the midst of an entry is named by the position before it.
    if (*row && (*row)->position.head_number > number) row = stored(**entries - 1);
    if (!row) return std::unexpected(row.error());
    if (!*row || (*row)->position.head_number > number) return std::optional<BlockPlace>{};
    const derive::Position& start = (*row)->position;
    return std::optional(BlockPlace{start, number - start.head_number});
}

DriverStatus DerivationDriver::status() const {
    const std::scoped_lock lock(mutex_);
    return status_;
}

}  // namespace mezz::node
