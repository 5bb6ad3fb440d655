// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/derivation.hpp"

#include <algorithm>

#include "core/codec/byte_reader.hpp"

namespace mezz::derive {
namespace {

/// spec: EIP-2028 and the Yellow Paper, "intrinsic gas".
constexpr std::uint64_t least_transaction_gas = 21'000;

}  // namespace

std::vector<Transaction> leading_transactions(const RollupSpec& spec,
                                              const BlockAttributes& block) {
    std::vector<Transaction> out;
    out.reserve(1 + block.queue_items.size());
    out.push_back(attributes_transaction(block.origin, block.sequence_number, spec.fee_scalars,
                                         spec.batcher));
    for (std::size_t i = 0; i < block.queue_items.size(); ++i)
        out.push_back(deposit_transaction(block.queue_items[i], block.labels[i]));
    return out;
}

Step Derivation::step() {
    for (;;) {
        switch (stage_) {
            case Stage::entry:
                return NeedEntry{position_.inbox_count};
            case Stage::data:
                return NeedData{entry_.data_hash, entry_.source};
            case Stage::queue:
                return NeedQueue{position_.queue_count, entry_.queue_cursor};
            case Stage::blocks:
                if (next_planned_ == planned_.size()) {
                    finish_entry();
                    continue;
                }
                BlockAttributes block = std::move(planned_[next_planned_++]);
                position_.head_number = block.number;
                position_.head_timestamp = block.timestamp;
                position_.origin = block.origin;
                position_.sequence_number = block.sequence_number;
                if (next_planned_ == planned_.size()) finish_entry();
                return NextBlock{std::move(block)};
        }
    }
}

void Derivation::finish_entry() {
    position_.inbox_acc = accumulate(position_.inbox_acc, entry_hash(entry_));
    ++position_.inbox_count;
    position_.queue_count = entry_.queue_cursor;
    position_.queue_acc = entry_.queue_acc;
    planned_.clear();
    next_planned_ = 0;
    items_.clear();
    batch_.reset();
    stage_ = Stage::entry;
}

std::expected<void, Refusal> Derivation::provide_entry(const Entry& entry,
                                                       std::span<const BlobOpening> openings) {
    if (stage_ != Stage::entry) return std::unexpected(Refusal::not_asked);
    if (entry.source == Source::blobs ? blobs_hash(openings) != entry.blobs_hash
                                      : !openings.empty())
        return std::unexpected(Refusal::wrong_openings);
    entry_ = entry;
    last_error_.reset();
    forced_labels_.clear();
    stage_ = Stage::data;
    return {};
}

std::expected<void, Refusal> Derivation::provide_data(ByteView data) {
    if (stage_ != Stage::data) return std::unexpected(Refusal::not_asked);
    if (chunk_hash(data) != entry_.data_hash) return std::unexpected(Refusal::wrong_data);
    take_batch(decode_data(data));
    return {};
}

std::expected<void, Refusal> Derivation::provide_mismatch() {
    if (stage_ != Stage::data) return std::unexpected(Refusal::not_asked);
    if (entry_.source != Source::blobs) return std::unexpected(Refusal::not_blobs);
    take_batch(std::unexpected(BatchError::blob_mismatch));
    return {};
}

void Derivation::take_batch(std::expected<Batch, BatchError> batch) {
    batch_.reset();
    if (!batch) {
        last_error_ = batch.error();
    } else if (entry_.source == Source::forced) {
        // Anybody may force an entry: of its bytes only the labels of deposits count.
        for (const auto& block : batch->blocks)
            forced_labels_.insert(forced_labels_.end(), block.deposits.begin(),
                                  block.deposits.end());
    } else if ((last_error_ = check(*batch)); !last_error_) {
        batch_ = std::move(*batch);
    }
    if (entry_.queue_cursor > position_.queue_count)
        stage_ = Stage::queue;
    else
        plan_blocks();
}

std::optional<BatchError> Derivation::check(const Batch& batch) const {
    if (batch.chain_id != spec_.chain_id) return BatchError::wrong_chain;
    if (batch.parent_number != position_.head_number) return BatchError::wrong_parent;
    std::uint64_t timestamp = position_.head_timestamp;
    Origin origin = position_.origin;
    std::uint64_t consumed = 0;
    for (const auto& block : batch.blocks) {
        if (block.timestamp < timestamp) return BatchError::bad_timestamp;
        timestamp = block.timestamp;
        if (block.origin) {
            const Origin& next = *block.origin;
            if (next.number <= origin.number || next.timestamp < origin.timestamp)
                return BatchError::bad_origin;
            origin = next;
        }
        consumed += block.deposits.size();
        // Even one that cannot be included costs the recovery of its sender.
        if (block.transactions.size() > spec_.gas_limit / least_transaction_gas)
            return BatchError::too_much_work;
    }
    const std::uint64_t latest = entry_.parent_timestamp + spec_.max_drift_seconds;
    if (timestamp > latest && latest >= entry_.parent_timestamp) return BatchError::bad_timestamp;
    if (!batch.blocks.empty()) {
        if (origin.number > entry_.origin_number) return BatchError::bad_origin;
        if (origin.number == entry_.origin_number && origin.hash != entry_.origin_hash)
            return BatchError::bad_origin;
    }
    if (consumed > entry_.queue_cursor - position_.queue_count) return BatchError::queue_overrun;
    return std::nullopt;
}

std::expected<void, Refusal> Derivation::provide_queue(std::vector<QueueItem> items) {
    if (stage_ != Stage::queue) return std::unexpected(Refusal::not_asked);
    if (items.size() != entry_.queue_cursor - position_.queue_count)
        return std::unexpected(Refusal::wrong_queue);
    Bytes32 acc = position_.queue_acc;
    for (const auto& item : items) acc = accumulate(acc, item_hash(item));
    if (acc != entry_.queue_acc) return std::unexpected(Refusal::wrong_queue);
    items_ = std::move(items);
    plan_blocks();
    return {};
}

/// Deposits pay with gas bought on the parent, so no rule of execution bounds those of one block. A
/// proof of one block must end, so the batch may not heap them up. One always fits.
bool Derivation::deposits_fit(const Batch& batch) const {
    std::size_t next = 0;
    for (const auto& block : batch.blocks) {
        std::uint64_t left = spec_.gas_limit;
        for (std::size_t i = 0; i < block.deposits.size(); ++i) {
            const std::uint64_t wanted = deposit_gas(items_[next++]);
            if (i > 0 && wanted > left) return false;
            left -= std::min(wanted, left);
        }
    }
    return true;
}

BlockAttributes& Derivation::plan_block(std::uint64_t timestamp, const Origin& origin) {
    BlockAttributes block;
    block.number = ++plan_.head_number;
    block.timestamp = plan_.head_timestamp = timestamp;
    block.sequence_number = origin.number == plan_.origin.number ? plan_.sequence_number + 1 : 0;
    block.origin = plan_.origin = origin;
    plan_.sequence_number = block.sequence_number;
    planned_.push_back(std::move(block));
    return planned_.back();
}

void Derivation::plan_blocks() {
    stage_ = Stage::blocks;
    plan_ = position_;
    next_item_ = 0;
    if (batch_ && !deposits_fit(*batch_)) {
        last_error_ = BatchError::too_much_work;
        batch_.reset();
    }
    if (batch_) {
        for (auto& source : batch_->blocks) {
            BlockAttributes& block =
                plan_block(source.timestamp, source.origin ? *source.origin : plan_.origin);
            for (const auto& label : source.deposits) {
                block.queue_items.push_back(std::move(items_[next_item_++]));
                block.labels.push_back(label);
            }
            block.transactions = std::move(source.transactions);
        }
    }
    plan_queue_blocks();
}

/// Items the batch left over: blocks of deposits only, split where their gas fills a block.
void Derivation::plan_queue_blocks() {
    if (next_item_ == items_.size()) return;
    Origin origin = plan_.origin;
    if (entry_.origin_number > origin.number) {
        origin.number = entry_.origin_number;
        origin.hash = entry_.origin_hash;
        origin.timestamp = std::max(origin.timestamp, entry_.parent_timestamp);
    }
    const bool labelled = entry_.source == Source::forced && forced_labels_.size() == items_.size();
    BlockAttributes* block = nullptr;
    std::uint64_t gas = 0;
    for (; next_item_ < items_.size(); ++next_item_) {
        const std::size_t at = next_item_;
        const auto label = labelled ? std::optional(forced_labels_[at]) : std::nullopt;
        const std::uint64_t wanted = deposit_gas(items_[at]);
        if (block == nullptr || wanted > spec_.gas_limit - std::min(gas, spec_.gas_limit)) {
            block = &plan_block(std::max(plan_.head_timestamp, entry_.parent_timestamp), origin);
            gas = 0;
        }
        gas += std::min(wanted, spec_.gas_limit);
        block->queue_items.push_back(std::move(items_[at]));
        block->labels.push_back(label);
    }
}

}  // namespace mezz::derive
