// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/publish/batcher/batcher.hpp"

#include <zstd.h>

#include <algorithm>

#include "core/derive/channel.hpp"
#include "node/host/signing/abi.hpp"
#include "node/publish/batcher/inbox_errors.hpp"

namespace mezz::node {
namespace {

/// An origin older than this is replaced: the inbox takes the last 256 parent blocks.
constexpr std::uint64_t max_origin_age = 250;
/// How long transactions of an earlier process may hold up a start.
constexpr std::uint64_t strangers_patience_ms = 15'000;
constexpr std::uint64_t count_check_ms = 1'000;
/// A batch filled less than this waits for more blocks.
constexpr double full_enough = 0.85;
constexpr std::size_t payload_margin = 64u << 10;

std::size_t estimated_bytes(const derive::BatchBlock& block) {
    std::size_t size = 16 + 40 * block.deposits.size();
    for (const auto& txn : block.transactions) size += 128 + txn.data.size();
    return size;
}

/// Format byte and body; plain when compression does not help.
Bytes pack(ByteView payload, int level) {
    Bytes out(1 + ZSTD_compressBound(payload.size()));
    ZSTD_CCtx* context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0);
    const std::size_t size =
        ZSTD_compress2(context, out.data() + 1, out.size() - 1, payload.data(), payload.size());
    ZSTD_freeCCtx(context);
    if (ZSTD_isError(size) || size >= payload.size()) {
        out.assign(1, derive::format_plain);
        append(out, payload);
        return out;
    }
    out[0] = derive::format_zstd;
    out.resize(1 + size);
    return out;
}

const Bytes32& entry_appended() {
    static const Bytes32 topic = abi::topic(
        "EntryAppended(uint64,bytes32,(uint8,bytes32,bytes32,uint64,uint64,uint64,bytes32,uint64,"
        "bytes32),bytes32[],uint256[])");
    return topic;
}

bool appended(const ParentReceipt& receipt, const Address& inbox, std::uint64_t index) {
    return std::any_of(receipt.logs.begin(), receipt.logs.end(), [&](const ParentLog& log) {
        return log.log.address == inbox && log.log.topics.size() == 2 &&
               log.log.topics[0] == entry_appended() &&
               to_uint256(log.log.topics[1]) == uint256{index};
    });
}

}  // namespace

Batcher::Batcher(RollupChain& chain, Parent& parent, TxManager& txs, DataLayer& layer,
                 BatcherOptions options)
    : chain_(chain), parent_(parent), txs_(txs), layer_(layer), options_(std::move(options)) {}

BatcherStatus Batcher::status() const {
    BatcherStatus out = status_;
    out.last_taken_block = last_taken().number;
    out.pending_blocks = open_.size();
    out.pending_bytes = open_bytes_;
    out.entries_in_flight = pending_.size();
    if (out.last_error.empty()) out.last_error = txs_.last_error();
    return out;
}

BlockRef Batcher::last_taken() const {
    return open_.empty() ? base_ : open_.back().block.ref;
}

void Batcher::step(std::uint64_t now_ms) {
    txs_.step(now_ms);
    if (now_ms < wait_until_ms_) return;
    Result<void> r;
    if (started_) r = settle_pending(now_ms);
    if (r && !started_) r = start(now_ms);
    if (r && started_) r = take_blocks(now_ms);
    if (r && started_) r = publish(now_ms);
    if (r) return;
    status_.last_error = r.error().message;
    wait_until_ms_ = now_ms + options_.retry_after_ms;
    if (r.error().handling == Handling::reset) restart(r.error().message);
}

void Batcher::restart(std::string why) {
    status_.last_error = std::move(why);
    ++status_.restarts;
    overdue_since_ms_.reset();
    started_ = false;
    open_.clear();
    open_bytes_ = 0;
    work_at_ms_.reset();
    std::erase_if(pending_, [&](const Pending& p) { return txs_.cancel(p.id); });
}

Result<std::uint64_t> Batcher::inbox_number(std::string_view getter) {
    const auto answer = parent_.call(options_.inbox, abi::Call(getter).finish());
    if (!answer) return std::unexpected(answer.error());
    const auto word = abi::word_at(*answer, 0);
    if (!word || !word->fits_u64())
        return retry("inbox " + std::string(getter) +
                     ": no such contract on the parent; check inbox address and parent URL");
    return word->limb[0];
}

Result<void> Batcher::start(std::uint64_t now_ms) {
    // What is under way may still land and move the inbox: let it settle.
    for (const auto& p : pending_)
        if (const auto s = txs_.status(p.id); s && !s->done()) return {};
    for (const auto& p : pending_) txs_.forget(p.id);
    pending_.clear();

    const auto mined = parent_.nonce(txs_.address(), false);
    if (!mined) return std::unexpected(mined.error());
    const auto waiting = parent_.nonce(txs_.address(), true);
    if (!waiting) return std::unexpected(waiting.error());
    if (*waiting > *mined && txs_.unfinished() == 0) {
        if (strangers_since_ms_ == 0) strangers_since_ms_ = now_ms;
        if (now_ms - strangers_since_ms_ < strangers_patience_ms)
            return retry("transactions of an earlier run are still under way; waiting for them");
    }
    strangers_since_ms_ = 0;

    const auto count = inbox_number("count()");
    if (!count) return std::unexpected(count.error());
    const auto origin = inbox_number("lastOriginNumber()");
    if (!origin) return std::unexpected(origin.error());
    const DerivedPosition derived = chain_.derived();
    if (derived.inbox_count != *count)
        return retry("the chain is derived from " + std::to_string(derived.inbox_count) + " of " +
                     std::to_string(*count) + " inbox entries; publishing waits for the rest");
    const auto base = chain_.publishable(derived.head.number);
    if (!base) return std::unexpected(base.error());
    if (*base && (*base)->ref.hash != derived.head.hash)
        return retry("block " + std::to_string(derived.head.number) +
                     " differs from the derived one; waiting for the sequencer to follow");
    if (!*base && derived.head.number != 0)
        return retry("block " + std::to_string(derived.head.number) +
                     " is not there yet; waiting for the chain to catch up");
    base_ = derived.head;
    base_origin_ =
        *base && (*base)->content.origin ? *(*base)->content.origin : options_.genesis_origin;
    base_queue_ = *base ? (*base)->queue_count : 0;
    next_index_ = *count;
    last_origin_ = *origin;
    seen_head_ = {};
    started_ = true;
    return {};
}

Result<void> Batcher::settle_pending(std::uint64_t now_ms) {
    const DerivedPosition derived = chain_.derived();
    for (auto& p : pending_) {
        if (p.landed) continue;
        const auto s = txs_.status(p.id);
        if (!s || !s->done()) break;
        if (s->state != TxState::confirmed || !appended(*s->receipt, options_.inbox, p.index)) {
            std::string why = "entry " + std::to_string(p.index) + " did not land";
            if (!s->error.empty()) why += ": " + s->error;
            return reset(why + "; starting again from the derived chain");
        }
        p.landed = true;
        ++status_.entries_landed;
        status_.blocks_landed += p.blocks;
        status_.payload_bytes += p.payload_bytes;
        status_.published_bytes += p.data_bytes;
        status_.last_error.clear();
    }
    while (!pending_.empty() && pending_.front().landed &&
           derived.inbox_count > pending_.front().index) {
        const Pending p = pending_.front();
        txs_.forget(p.id);
        pending_.pop_front();
        if (p.takes_queue)
            return reset("entry " + std::to_string(p.index) +
                         " took what was overdue in the queue; starting again after it");
        if (derived.inbox_count == p.index + 1 && derived.head != p.last)
            return reset("entry " + std::to_string(p.index) +
                         " derives to other blocks than it was made of; starting again");
    }
    if (derived.inbox_count > next_index_)
        return reset("somebody else appended to the inbox; starting again from entry " +
                     std::to_string(derived.inbox_count));
    if (derived.inbox_count + pending_.size() < next_index_)
        return reset("the parent reorganised entries away; starting again from entry " +
                     std::to_string(derived.inbox_count));
    if (!pending_.empty() && pending_.front().landed && now_ms >= next_count_check_ms_) {
        next_count_check_ms_ = now_ms + count_check_ms;
        const auto count = inbox_number("count()");
        if (!count) return std::unexpected(count.error());
        if (*count <= pending_.front().index)
            return reset("the parent reorganised entry " + std::to_string(pending_.front().index) +
                         " away; starting again from the derived chain");
    }
    return {};
}

namespace {

bool has_work(const derive::BatchBlock& block) {
    return !block.transactions.empty() || !block.deposits.empty();
}

}  // namespace

Result<void> Batcher::take_blocks(std::uint64_t now_ms) {
    const BlockRef head = chain_.unsafe_head();
    if (head == seen_head_ && last_taken().number >= head.number) return {};
    const BlockRef last = last_taken();
    if (last.number != 0) {
        const auto now = chain_.publishable(last.number);
        if (!now) return std::unexpected(now.error());
        if (!*now || (*now)->ref.hash != last.hash)
            return reset("the chain replaced its unsafe block " + std::to_string(last.number) +
                         "; starting again from the derived chain");
    }
    seen_head_ = head;
    const double target = static_cast<double>(layer_.target());
    for (std::uint64_t number = last.number + 1; number <= head.number; ++number) {
        if (open_.size() >= derive::max_batch_blocks ||
            open_bytes_ + payload_margin >= derive::max_payload_bytes ||
            static_cast<double>(open_bytes_) * ratio_ >= target)
            break;
        auto block = chain_.publishable(number);
        if (!block) return std::unexpected(block.error());
        if (!*block) break;
        if (!(*block)->content.origin)
            return retry("block " + std::to_string(number) + " has no origin; report this");
        // An entry takes only so many items: the next one begins here.
        if (!open_.empty() &&
            (*block)->queue_count > base_queue_ + derive::MAX_QUEUE_ITEMS_PER_ENTRY) {
            flush_ = true;
            break;
        }
        if (open_.empty()) opened_at_ms_ = now_ms;
        const std::size_t bytes = estimated_bytes((*block)->content);
        if (!work_at_ms_ && has_work((*block)->content)) work_at_ms_ = now_ms;
        open_.push_back({std::move(**block), bytes});
        open_bytes_ += bytes;
    }
    return {};
}

bool Batcher::ripe(std::uint64_t now_ms) const {
    if (open_.empty()) return false;
    const std::uint64_t idle_age =
        options_.max_idle_age_ms == 0 ? options_.max_age_ms : options_.max_idle_age_ms;
    return flush_ || now_ms - opened_at_ms_ >= idle_age ||
           (work_at_ms_ && now_ms - *work_at_ms_ >= options_.max_age_ms) ||
           open_.size() >= derive::max_batch_blocks ||
           open_bytes_ + payload_margin >= derive::max_payload_bytes ||
           static_cast<double>(open_bytes_) * ratio_ >= static_cast<double>(layer_.target());
}

Batcher::Encoded Batcher::encode_first(std::size_t blocks) const {
    derive::Batch batch;
    batch.chain_id = options_.chain_id;
    batch.parent_number = base_.number;
    derive::Origin previous = base_origin_;
    for (std::size_t i = 0; i < blocks; ++i) {
        derive::BatchBlock block = open_[i].block.content;
        const derive::Origin origin = *block.origin;
        if (origin.number == previous.number) block.origin.reset();
        previous = origin;
        batch.blocks.push_back(std::move(block));
    }
    const Bytes payload = encode_batch(batch);
    return {blocks, payload.size(), pack(payload, options_.compression_level)};
}

Result<std::optional<Batcher::Encoded>> Batcher::encode_open(std::uint64_t now_ms) {
    std::size_t blocks = open_.size();
    for (;;) {
        Encoded out = encode_first(blocks);
        const double size = static_cast<double>(out.data.size());
        std::size_t estimate = 0;
        for (std::size_t i = 0; i < blocks; ++i) estimate += open_[i].bytes;
        ratio_ = std::max(size / static_cast<double>(std::max<std::size_t>(estimate, 1)), 0.001);
        if (out.data.size() <= layer_.capacity() &&
            out.payload_bytes <= derive::max_payload_bytes) {
            const bool sparse = size < full_enough * static_cast<double>(layer_.target());
            if (blocks == open_.size() && sparse && !ripe(now_ms)) return std::nullopt;
            return out;
        }
        if (blocks == 1)
            return fatal("block " + std::to_string(open_.front().block.ref.number) + " needs " +
                         std::to_string(out.data.size()) + " bytes, more than an entry's " +
                         std::to_string(layer_.capacity()) +
                         "; lower the chain's gas limit or use blobs");
        const double fits = static_cast<double>(layer_.capacity()) / size * 0.97;
        const auto fewer = static_cast<std::size_t>(static_cast<double>(blocks) * fits);
        blocks = std::clamp<std::size_t>(fewer, 1, blocks - 1);
    }
}

Result<EntryParameters> Batcher::parameters_for(const PublishableBlock& last,
                                                std::uint64_t now_ms) {
    const auto head = parent_.block(BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    const derive::Origin& origin = *last.content.origin;
    if (origin.number > head->number)
        return retry("block " + std::to_string(last.ref.number) + " builds on parent block " +
                     std::to_string(origin.number) + ", which the parent does not have yet");
    const auto known = parent_.block(origin.number);
    if (!known) return std::unexpected(known.error());
    if (!*known || (*known)->hash != origin.hash)
        return reset("block " + std::to_string(last.ref.number) +
                     " builds on a parent block that was reorganised away; waiting for the "
                     "sequencer to replace it");
    EntryParameters out{next_index_, last.queue_count, {origin.number, origin.hash}};
    if (origin.number + max_origin_age < head->number || origin.number < last_origin_) {
        const bool one_back = head->number > 0 && head->number - 1 >= last_origin_;
        out.origin = one_back ? BlockRef{head->number - 1, head->parent_hash}
                              : BlockRef{head->number, head->hash};
    }
    const auto leaves_overdue = check_entry(out, *head);
    if (!leaves_overdue) return std::unexpected(leaves_overdue.error());
    if (!*leaves_overdue) {
        overdue_since_ms_.reset();
        return out;
    }
    if (!overdue_since_ms_) overdue_since_ms_ = now_ms;
    const bool leaves = options_.leaves_overdue && options_.leaves_overdue();
    if (leaves || now_ms - *overdue_since_ms_ < options_.overdue_patience_ms)
        return retry("the inbox refuses the next entry with OverdueForcedTransaction: " +
                     std::string(inbox_error_remedy("OverdueForcedTransaction")));
    const auto length = inbox_number("queueLength()");
    if (!length) return std::unexpected(length.error());
    out.queue_cursor = std::min(*length, base_queue_ + derive::MAX_QUEUE_ITEMS_PER_ENTRY);
    return out;
}

/// Asks the inbox about everything but the bytes, before paying for them.
///
/// returns: whether it refuses because an overdue item is left out.
Result<bool> Batcher::check_entry(const EntryParameters& parameters, const ParentBlock& head) {
    const auto count = inbox_number("count()");
    if (!count) return std::unexpected(count.error());
    // An estimate runs in the latest block, where that block cannot be named as origin yet.
    const Bytes input = abi::Call("appendCalldata(uint64,uint64,uint64,bytes32,bytes)")
                            .word(*count)
                            .word(parameters.queue_cursor)
                            .word(head.number == 0 ? 0 : head.number - 1)
                            .word(head.parent_hash)
                            .bytes({})
                            .finish();
    const auto gas = parent_.estimate_gas(txs_.address(), options_.inbox, {}, input);
    if (gas || gas.error().handling != Handling::reset) return false;
    const std::string_view name = inbox_error_name(gas.error().message);
    if (name == "WrongIndex" || name == "OriginMismatch" || name == "OriginBackwards") return false;
    if (name == "OverdueForcedTransaction") return true;
    return retry("the inbox refuses the next entry with " +
                 (name.empty() ? gas.error().message : std::string(name)) + ": " +
                 std::string(inbox_error_remedy(name)));
}

Result<void> Batcher::publish(std::uint64_t now_ms) {
    while (ripe(now_ms) && pending_.size() < options_.max_entries_in_flight) {
        // What follows an entry that takes the queue is known once it is derived.
        if (!pending_.empty() && pending_.back().takes_queue) return {};
        auto encoded = encode_open(now_ms);
        if (!encoded) return std::unexpected(encoded.error());
        if (!*encoded) return {};
        const std::size_t blocks = (*encoded)->blocks;
        const PublishableBlock last = open_[blocks - 1].block;
        const auto parameters = parameters_for(last, now_ms);
        if (!parameters) return std::unexpected(parameters.error());
        const auto fees = parent_.fees();
        if (!fees) return std::unexpected(fees.error());
        auto candidate = layer_.entry(*parameters, (*encoded)->data, *fees);
        if (!candidate) return std::unexpected(candidate.error());
        const TxId id = txs_.send(std::move(*candidate));
        const bool takes_queue = parameters->queue_cursor > last.queue_count;
        pending_.push_back({id, next_index_++, last.ref, blocks, (*encoded)->payload_bytes,
                            (*encoded)->data.size(), takes_queue, false});
        ++status_.entries_sent;
        if (takes_queue) ++status_.queue_takings;
        last_origin_ = parameters->origin.number;
        base_ = last.ref;
        base_origin_ = *last.content.origin;
        base_queue_ = parameters->queue_cursor;
        for (std::size_t i = 0; i < blocks; ++i) {
            open_bytes_ -= open_.front().bytes;
            open_.pop_front();
        }
        opened_at_ms_ = now_ms;
        work_at_ms_.reset();
        for (const auto& taken : open_)
            if (has_work(taken.block.content)) work_at_ms_ = now_ms;
        if (open_.empty()) flush_ = false;
        txs_.step(now_ms);
        if (const auto r = take_blocks(now_ms); !r) return r;
    }
    return {};
}

}  // namespace mezz::node
