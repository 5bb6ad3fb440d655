// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/parent/embedded_parent.hpp"

#include <algorithm>
#include <map>

#include "core/types/blob_sidecar.hpp"
#include "node/parent/next_block.hpp"

namespace mezz::node {

ChainSpec embedded_parent_spec(std::uint64_t chain_id) {
    ChainSpec spec;
    spec.chain_id = chain_id;
    spec.genesis_gas_limit = 60'000'000;
    return spec;
}

EmbeddedParent::EmbeddedParent(ChainSpec spec, ChainWriter& chain, TxnSource& pool, KvStore& store,
                               EmbeddedParentOptions options)
    : spec_(std::move(spec)),
      chain_(chain),
      pool_(pool),
      store_(store),
      options_(options),
      block_time_ms_(options.block_time_ms),
      instant_(options.instant) {}

void EmbeddedParent::set_block_time(std::uint64_t block_time_ms) noexcept {
    block_time_ms_ = block_time_ms;
    due_ms_ = 0;
}

void EmbeddedParent::post(std::function<void(std::uint64_t)> work) {
    const std::scoped_lock lock(mutex_);
    posted_.push_back(std::move(work));
}

Result<std::uint64_t> EmbeddedParent::step(std::uint64_t now_ms) {
    std::uint64_t blocks = 0, depth = 0;
    bool keep = false, instant = false;
    std::vector<std::function<void(std::uint64_t)>> posted;
    {
        const std::scoped_lock lock(mutex_);
        posted.swap(posted_);
        std::swap(blocks, wanted_blocks_);
        std::swap(depth, wanted_reorg_);
        std::swap(instant, instant_due_);
        keep = reorg_keeps_;
    }
    for (const auto& work : posted) work(now_ms);
    Result<void> done;
    if (depth > 0) done = reorg(depth, keep, now_ms);
    for (; done && blocks > 0; --blocks) done = make_block(now_ms, false);
    const std::uint64_t block_time = block_time_ms_;
    // A new rhythm begins with a pause, the first of all with a block.
    if (due_ms_ == 0) due_ms_ = began_ ? now_ms + block_time : now_ms;
    began_ = true;
    const bool due = block_time != 0 && now_ms >= due_ms_;
    if (done && (due || (instant && instant_))) {
        done = make_block(now_ms, false);
        due_ms_ = std::max<std::uint64_t>(due_ms_ + block_time, now_ms + block_time / 2);
    }
    {
        const std::scoped_lock lock(mutex_);
        busy_ = wanted_blocks_ > 0 || wanted_reorg_ > 0;
    }
    if (!done) return std::unexpected(done.error());
    constexpr std::uint64_t idle_ms = 1000;
    return block_time == 0 ? now_ms + idle_ms : due_ms_.load();
}

Result<BlockContext> EmbeddedParent::next_block(std::uint64_t number, std::uint64_t now_ms) {
    const auto parent = chain_.record(number);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent) return retry("header not found: block " + std::to_string(number));
    const bool waits = !instant_ && block_time_ms_ != 0;
    const std::uint64_t at_ms = waits ? std::max<std::uint64_t>(now_ms, due_ms_) : now_ms;
    return next_context(**parent, at_ms);
}

BlockContext EmbeddedParent::next_context(const BlockRecord& parent, std::uint64_t at_ms) const {
    const std::uint64_t wanted = next_timestamp_;
    const bool named = wanted > parent.header.timestamp;
    return next_block_context(spec_, parent.header, parent.hash, named ? wanted * 1000 : at_ms,
                              salt_);
}

Result<void> EmbeddedParent::make_block(std::uint64_t now_ms) {
    return make_block(now_ms, false);
}

Result<void> EmbeddedParent::make_edit_block(std::vector<StateEdit> edits, std::uint64_t now_ms) {
    return make_block(now_ms, true, std::move(edits));
}

Result<void> EmbeddedParent::revert_to(std::uint64_t number) {
    if (number >= chain_.head(Head::unsafe).number) return {};
    auto dropped = chain_.rollback(number);
    if (!dropped) return std::unexpected(dropped.error());
    // Those that follow must not be those that were.
    ++salt_;
    pool_.reinject({});
    return {};
}

Result<void> EmbeddedParent::make_block(std::uint64_t now_ms, bool empty,
                                        std::vector<StateEdit> edits) {
    const BlockRef head = chain_.head(Head::unsafe);
    const auto parent = chain_.record(head.number);
    if (!parent) return std::unexpected(parent.error());
    if (!*parent) return fatal("parent: its head is not stored");
    BlockPlan plan;
    plan.context = next_context(**parent, now_ms);
    plan.edits = std::move(edits);
    const BlockContext& c = plan.context;
    const uint256 blob_fee =
        blob_base_fee(c.excess_blob_gas, spec_.blobs_at(c.timestamp).update_fraction);
    auto builder = chain_.begin(plan);
    if (!builder) return std::unexpected(builder.error());

    std::vector<PooledRef> included, postponed;
    std::size_t bytes = 0;
    const auto give_back = [&] {
        for (const auto& txn : postponed) pool_.give_back(txn);
    };
    while (!empty && bytes < options_.max_block_bytes) {
        const PooledRef txn = pool_.pop_best(c.base_fee, blob_fee);
        if (!txn) break;
        const auto applied = (*builder)->apply(txn->txn, txn->sender, txn->hash);
        if (applied) {
            bytes += txn->raw.size();
            included.push_back(txn);
        } else if (applied.error() == exec::TxError::GAS_ALLOWANCE_EXCEEDED ||
                   applied.error() == exec::TxError::TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED) {
            // No room in this block; others of the same sender must wait behind it.
            postponed.push_back(txn);
            if (postponed.size() >= 64) break;
        } else {
            pool_.drop(txn);
        }
    }
    // Blobs are durable before the block that names them.
    for (const auto& txn : included)
        if (!txn->sidecar.empty())
            if (auto kept = keep_blobs(*txn); !kept) {
                postponed.insert(postponed.end(), included.begin(), included.end());
                give_back();
                return kept;
            }
    const auto sealed = chain_.seal(std::move(*builder), {});
    if (!sealed) {
        postponed.insert(postponed.end(), included.begin(), included.end());
        give_back();
        return std::unexpected(sealed.error());
    }
    next_timestamp_ = 0;
    std::map<Address, std::uint64_t> next;
    for (const auto& txn : included) {
        auto& nonce = next[txn->sender];
        nonce = std::max(nonce, txn->txn.nonce + 1);
    }
    pool_.settle({next.begin(), next.end()});
    give_back();
    const std::uint64_t n = sealed->number, lag = options_.slots_in_an_epoch;
    const std::uint64_t safe = n > lag ? n - lag : 0, finalized = n > 2 * lag ? n - 2 * lag : 0;
    return chain_.set_heads(safe, finalized);
}

Result<void> EmbeddedParent::keep_blobs(const PooledTxn& txn) {
    const auto decoded = decode_network(txn.sidecar);
    if (!decoded || !decoded->sidecar)
        return fatal("bug: a pooled blob transaction has no sidecar");
    auto rows = store_.write();
    if (!rows) return std::unexpected(rows.error());
    for (std::size_t i = 0; i < decoded->sidecar->blobs.size(); ++i)
        if (auto done =
                (*rows)->put(Table::blobs, txn.txn.blob_hashes[i], decoded->sidecar->blobs[i]);
            !done)
            return done;
    return (*rows)->commit();
}

Result<void> EmbeddedParent::reorg(std::uint64_t depth, bool keep, std::uint64_t now_ms) {
    const std::uint64_t head = chain_.head(Head::unsafe).number;
    depth = std::min(depth, head);
    auto dropped = chain_.rollback(head - depth);
    if (!dropped) return std::unexpected(dropped.error());
    std::vector<Transaction> txns;
    if (keep)
        for (auto& item : *dropped)
            if (item.txn.type != TxType::blob) txns.push_back(std::move(item.txn));
    pool_.reinject(txns);
    ++salt_;
    for (std::uint64_t i = 0; i <= depth; ++i)
        if (auto done = make_block(now_ms, i < depth); !done) return done;
    return {};
}

Result<std::vector<Bytes>> EmbeddedParent::blobs(std::uint64_t number,
                                                 const std::vector<Bytes32>& versioned_hashes) {
    const auto body = chain_.body(number);
    if (!body) return std::unexpected(body.error());
    if (!*body) return retry("block " + std::to_string(number) + " not found");
    auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    std::vector<Bytes> out;
    for (const auto& item : **body)
        for (const auto& hash : item.txn.blob_hashes) {
            if (!versioned_hashes.empty() &&
                std::find(versioned_hashes.begin(), versioned_hashes.end(), hash) ==
                    versioned_hashes.end())
                continue;
            const auto row = (*rows)->get(Table::blobs, hash);
            if (!row) return std::unexpected(row.error());
            if (*row) out.push_back(to_bytes(**row));
        }
    return out;
}

void EmbeddedParent::request_reorg(std::uint64_t depth, bool keep_transactions) {
    const std::scoped_lock lock(mutex_);
    wanted_reorg_ = depth;
    reorg_keeps_ = keep_transactions;
    busy_ = true;
}

void EmbeddedParent::request_blocks(std::uint64_t count) {
    const std::scoped_lock lock(mutex_);
    wanted_blocks_ += count;
    busy_ = true;
}

void EmbeddedParent::request_instant() {
    const std::scoped_lock lock(mutex_);
    instant_due_ = true;
}

}  // namespace mezz::node
