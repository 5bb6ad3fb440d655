// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What a rollup node tells of itself: measurements for the metrics, health with reasons.
#include "app/logging.hpp"
#include "app/program.hpp"
#include "app/rollup_service.hpp"

namespace mezz::app {
namespace {

using node::Head;

/// A step of the chain's thread is short; one that never ends needs somebody.
constexpr std::uint64_t dead_after_ms = 60'000;
constexpr std::uint64_t balance_every_ms = 30'000;
constexpr std::uint64_t look_around_every_ms = 5'000;

}  // namespace

Measurements RollupService::measurements() {
    const RollupStatus s = status();
    Measurements m;
    m.version = version;
    m.da = name_of(options_.da);
    m.proof = file_.contracts.has_fraud_proofs() ? "fraud" : "none";
    m.role = options_.role == Role::sequencer ? "sequencer" : "verifier";
    const auto at = [&](std::uint64_t number) {
        const auto header = chain_->header(number);
        return Measurements::HeadAt{number, header && *header ? (*header)->timestamp : 0};
    };
    m.heads = {{"unsafe", at(s.unsafe.number)},
               {"safe", at(s.safe.number)},
               {"finalized", at(s.finalized.number)}};
    if (proposer_) {
        m.heads["claimed"] = at(s.proposed);
        m.heads["proved"] = at(s.proposer.anchor_block);
    }
    const auto known = watcher_->size();
    m.parent_head = {s.parent_latest, known.head_timestamp};
    m.parent_finalized = {watcher_->finalized_number(), 0};
    m.driver = s.driver;
    if (batcher_) m.batcher = s.batcher;
    if (proposer_) m.proposer = s.proposer;
    if (challenger_) m.challenger = s.challenger;
    m.stats = stats_.snapshot();
    m.inbox_entries = known.entries;
    m.batch_data_bytes = known.data_bytes;
    const auto record = chain_->record(s.unsafe.number);
    const auto note = record && *record ? node::decode_rollup_note((*record)->note) : std::nullopt;
    const std::uint64_t consumed = note ? note->queue_count : 0;
    m.queue_waiting = known.queue_items - std::min(known.queue_items, consumed);
    m.parent_reorgs = watcher_->reorgs();
    if (options_.role == Role::sequencer) m.pool = pool_->status();
    m.rejections = gated_pool_->rejections().counts();
    m.methods = rpc_->stats().counts();
    m.http = server_->status();
    m.database_bytes = chain_->size_bytes();
    if (options_.directory) m.free_bytes = free_bytes(*options_.directory);
    for (const auto& f : findings_.findings()) m.findings.push_back(f.name);
    return m;
}

Health RollupService::health() {
    Health h;
    const std::uint64_t now = clock_->now_ms();
    const std::uint64_t stepped = chain_stepped_ms_;
    if (stepped != 0 && now > stepped + dead_after_ms)
        h.dead.push_back({"node", "the chain's thread has been in one step for " +
                                      std::to_string((now - stepped) / 1000) + " s"});
    if (const auto why = fatal()) h.dead.push_back({"node", *why});
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& [stage, text] : troubles_)
            if (!text.empty()) h.unready.push_back({stage, text});
        if (!batcher_status_.last_error.empty())
            h.warnings.push_back({"batcher", batcher_status_.last_error});
        if (!proposer_status_.last_error.empty())
            h.warnings.push_back({"proposer", proposer_status_.last_error});
        if (!challenger_status_.last_error.empty())
            h.warnings.push_back({"challenger", challenger_status_.last_error});
        for (const auto& alert : challenger_status_.alerts)
            h.warnings.push_back({"challenger", alert.name + ": " + alert.text});
    }
    const auto known = watcher_->size();
    if (known.head_timestamp == 0)
        h.unready.push_back({"parent", "the parent's head has not been read yet"});
    const std::uint64_t derived = driver_->status().derived.inbox_count;
    if (known.entries > derived + max_lag_entries)
        h.unready.push_back({"derivation", std::to_string(known.entries - derived) +
                                               " inbox entries are not derived yet"});
    if (sequencer_) {
        const auto head = chain_->header(chain_->head(Head::unsafe).number);
        const std::uint64_t patience_ms = std::max<std::uint64_t>(5'000, 5 * file_.block_time_ms);
        if (head && *head && now > (*head)->timestamp * 1000 + patience_ms)
            h.unready.push_back(
                {"sequencer",
                 "no block for " + std::to_string(now / 1000 - (*head)->timestamp) + " s"});
    }
    for (auto& f : findings_.findings()) h.warnings.push_back(std::move(f));
    return h;
}

void RollupService::look_at_progress() {
    const auto known = watcher_->size();
    SyncView v;
    v.has_read_parent = known.has_read_logs;
    v.known_entries = known.entries;
    v.derived_entries = driver_->status().derived.inbox_count;
    if (v.known_entries > v.derived_entries)
        if (const auto last = watcher_->entry(v.known_entries - 1, false))
            v.last_entry_time = last->entry.parent_timestamp;
    v.head_number = chain_->head(Head::unsafe).number;
    const auto head = chain_->header(v.head_number);
    if (head && *head) v.head_time = (*head)->timestamp;
    v.block_time_ms = file_.block_time_ms;
    if (sync_.update(v)) rpc_->note_syncing();
}

void RollupService::look_around(std::uint64_t now_ms) {
    if (now_ms < looked_around_ms_ + look_around_every_ms) return;
    looked_around_ms_ = now_ms;
    Surroundings s;
    s.now_ms = now_ms;
    s.parent_head_s = watcher_->size().head_timestamp;
    if (options_.directory) {
        s.directory = options_.directory->string();
        s.free_bytes = free_bytes(*options_.directory);
    }
    findings_.update(look_at(s, {.min_free_bytes = options_.min_free_bytes}),
                     [](const Finding& f, bool is_new) {
                         if (is_new)
                             log::warn("health", f.reason, {{"name", f.name}});
                         else
                             log::info("health", "right again", {{"name", f.name}});
                     });
}

void RollupService::look_at_actor(const char* purpose, const char* role, node::Parent& parent,
                                  const node::TxManager& txs, std::uint64_t& asked_ms) {
    stats_.set_txs(purpose, txs.totals());
    const std::uint64_t now = clock_->now_ms();
    if (now < asked_ms + balance_every_ms) return;
    asked_ms = now;
    // A parent that does not answer is told by whoever needs it.
    if (const auto balance = parent.balance(txs.address())) stats_.set_balance(role, *balance);
}

}  // namespace mezz::app
