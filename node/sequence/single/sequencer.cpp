// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/sequence/single/sequencer.hpp"

#include <algorithm>
#include <map>

#include "node/sequence/single/next_block.hpp"

namespace mezz::node {

Sequencer::Sequencer(derive::RollupSpec spec, ChainWriter& chain, TxnSource& pool,
                     ParentView& parent, SequencerOptions options)
    : spec_(std::move(spec)),
      chain_spec_(spec_.chain_spec()),
      chain_(chain),
      pool_(pool),
      parent_(parent),
      options_(options),
      block_time_ms_(options.block_time_ms) {}

void Sequencer::set_block_time(std::uint64_t block_time_ms) noexcept {
    block_time_ms_ = block_time_ms;
    deadline_ms_ = 0;
}

void Sequencer::set_next_timestamp(std::uint64_t timestamp) noexcept {
    next_timestamp_ = timestamp;
    anew_ = true;
}

Sequencer::~Sequencer() {
    abandon();
}

void Sequencer::abandon() {
    for (const auto& txn : included_) pool_.give_back(txn);
    included_.clear();
    builder_.reset();
    const std::scoped_lock lock(open_mutex_);
    open_.reset();
}

Result<BlockContext> Sequencer::next_block(std::uint64_t number, std::uint64_t now_ms) {
    {
        const std::scoped_lock lock(open_mutex_);
        if (open_ && open_->number == number + 1) return *open_;
    }
    const auto parent = chain_.record(number);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent) return retry("header not found: block " + std::to_string(number));
    return next_block_context(spec_, **parent, std::max<std::uint64_t>(now_ms, deadline_ms_));
}

Result<std::uint64_t> Sequencer::step(std::uint64_t now_ms) {
    constexpr std::uint64_t idle_ms = 250;
    const std::uint64_t block_time = block_time_ms_;
    const bool wanted = wanted_blocks_ > 0;
    // A block under way has the time at which it is due, which one that was asked for is not.
    if (anew_.exchange(false) || wanted != early_) abandon();
    early_ = wanted;
    if (block_time == 0 && !wanted && !instant_) {
        abandon();
        return now_ms + idle_ms;
    }
    if (!builder_) {
        // The first block is due at once; afterwards the rhythm decides.
        if (deadline_ms_ == 0) deadline_ms_ = now_ms;
        if (auto begun = begin(now_ms); !begun) return std::unexpected(begun.error());
        if (!builder_)
            return now_ms + (block_time == 0 ? 50 : std::min<std::uint64_t>(block_time, 50));
    }
    fill();
    const bool filled = full_ || pool_is_dry_;
    if (wanted || block_time == 0) {
        if (!filled) return now_ms;
        // The first of the leading transactions is that of every block.
        if (!wanted && included_.empty() && builder_->count() <= 1) {
            abandon();
            return now_ms + idle_ms;
        }
    } else if (now_ms < deadline_ms_) {
        return filled ? deadline_ms_.load() : now_ms;
    }
    if (auto sealed = seal(); !sealed) {
        abandon();
        return std::unexpected(sealed.error());
    }
    if (wanted) --wanted_blocks_;
    // Unless another was named while this block was under way.
    next_timestamp_.compare_exchange_strong(named_, 0);
    // After a pause the rhythm starts again; it does not catch up with a burst of blocks.
    deadline_ms_ =
        wanted ? now_ms + block_time
               : std::max<std::uint64_t>(deadline_ms_ + block_time, now_ms + block_time / 2);
    return now_ms;
}

Result<void> Sequencer::begin(std::uint64_t now_ms) {
    const BlockRef head = chain_.head(Head::unsafe);
    if (options_.max_unsafe_blocks != 0 &&
        head.number - chain_.head(Head::safe).number >= options_.max_unsafe_blocks)
        return {};
    const auto parent = chain_.record(head.number);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent) return reset("sequencer: the head is gone");
    const auto before = decode_rollup_note((*parent)->note);
    if (!before)
        return fatal("sequencer: the note of block " + std::to_string(head.number) + " is damaged");

    // A block whose origin was undone is about to be taken back. One built on it would hide that,
    // and could never be published.
    if (head.number > chain_.head(Head::safe).number && before->origin.number != 0 &&
        !parent_.is_canonical(before->origin.number, before->origin.hash).value_or(true))
        return {};

    derive::BlockAttributes block;
    note_ = {};
    block.number = head.number + 1;
    block.origin = before->origin;
    note_.queue_count = before->queue_count;
    if (const auto update = parent_.origin_after(before->queue_count)) {
        const derive::Origin& o = update->origin;
        if (o.number > before->origin.number && o.timestamp >= before->origin.timestamp)
            block.origin = o;
        if (block.origin.hash == o.hash &&
            !(options_.censors_deposits && options_.censors_deposits()))
            take_deposits(block, update->deposits);
    } else if (before->origin.number == 0) {
        return {};  // the first block waits until the parent has been seen
    }
    block.sequence_number =
        block.origin.number == before->origin.number ? before->sequence_number + 1 : 0;
    named_ = next_timestamp_;
    const std::uint64_t named_ms = named_ * 1000;
    block.timestamp = block_timestamp((*parent)->header,
                                      named_ms != 0 ? named_ms
                                      : early_      ? now_ms
                                               : std::max<std::uint64_t>(now_ms, deadline_ms_));
    note_.origin = block.origin;
    note_.sequence_number = block.sequence_number;

    BlockPlan plan;
    plan.context = derive::block_context(spec_, (*parent)->header, (*parent)->hash, block);
    plan.leading = derive::leading_transactions(spec_, block);
    auto builder = chain_.begin(plan);
    if (!builder) return std::unexpected(builder.error());
    builder_ = std::move(*builder);
    {
        const std::scoped_lock lock(open_mutex_);
        open_ = plan.context;
    }
    block_bytes_ = 0;
    full_ = false;
    return {};
}

/// As many as the gas of a block is for (derive::BatchError::too_much_work); the others come next.
void Sequencer::take_deposits(derive::BlockAttributes& block,
                              const std::vector<QueuedDeposit>& deposits) {
    std::uint64_t left = spec_.gas_limit;
    for (const auto& deposit : deposits) {
        // More would not fit the entry that holds the block.
        if (block.queue_items.size() == derive::MAX_QUEUE_ITEMS_PER_ENTRY) return;
        const std::uint64_t wanted = derive::deposit_gas(deposit.item);
        if (wanted > left && !block.queue_items.empty()) return;
        left -= std::min(wanted, left);
        block.queue_items.push_back(deposit.item);
        block.labels.emplace_back(deposit.label);
        note_.labels.push_back(deposit.label);
        ++note_.queue_count;
    }
}

void Sequencer::fill() {
    pool_is_dry_ = false;
    if (chain_.reads_ahead()) {
        // What this step takes and what the next one will.
        std::vector<BodyItem> items;
        for (const auto& txn : pool_.peek(2 * std::size_t{options_.transactions_a_step}))
            items.push_back({txn->txn, txn->sender, txn->hash});
        chain_.expect(builder_->context().number, items);
    }
    for (unsigned tried = 0; tried < options_.transactions_a_step && !full_; ++tried) {
        const PooledRef txn = pool_.pop_best(builder_->context().base_fee);
        if (!txn) {
            pool_is_dry_ = true;
            return;
        }
        if (block_bytes_ + txn->raw.size() > options_.max_block_bytes) {
            pool_.give_back(txn);
            full_ = true;
            return;
        }
        const auto done = builder_->apply(txn->txn, txn->sender, txn->hash);
        if (done) {
            block_bytes_ += txn->raw.size();
            included_.push_back(txn);
        } else if (done.error() == exec::TxError::GAS_ALLOWANCE_EXCEEDED) {
            pool_.give_back(txn);
            full_ = true;
        } else {
            pool_.drop(txn);
        }
    }
}

Result<void> Sequencer::seal() {
    const auto sealed = chain_.seal(std::move(builder_), encode(note_));
    {
        const std::scoped_lock lock(open_mutex_);
        open_.reset();
    }
    if (!sealed) return std::unexpected(sealed.error());
    std::map<Address, std::uint64_t> next;
    for (const auto& txn : included_) {
        auto& nonce = next[txn->sender];
        nonce = std::max(nonce, txn->txn.nonce + 1);
    }
    included_.clear();
    pool_.settle({next.begin(), next.end()});
    return {};
}

}  // namespace mezz::node
