// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_service.hpp"
#include "node/ingest/rpc/json_writer.hpp"

/// What a RollupService says of itself: mezz_status.

namespace mezz::app {
namespace {

using node::Head;

std::string ref_json(const node::BlockRef& ref) {
    return "{\"number\":" + std::to_string(ref.number) + ",\"hash\":\"" + hex_text(ref.hash) +
           "\"}";
}

}  // namespace

const char* name_of(DataSource source) {
    switch (source) {
        case DataSource::blobs:
            return "blobs";
        case DataSource::calldata:
            return "calldata";
        case DataSource::cheaper:
            return "cheaper";
    }
    return "unknown";
}

RollupStatus RollupService::status() {
    RollupStatus s;
    s.unsafe = chain_->head(Head::unsafe);
    s.safe = chain_->head(Head::safe);
    s.finalized = chain_->head(Head::finalized);
    s.driver = driver_->status();
    s.parent_latest = watcher_->latest_number();
    const auto pool = pool_->status();
    s.pool_pending = pool.pending;
    s.pool_queued = pool.queued;
    s.sync = sync_.range();
    const std::scoped_lock lock(mutex_);
    s.batcher = batcher_status_;
    s.proposer = proposer_status_;
    s.challenger = challenger_status_;
    s.proposed = proposer_status_.last_proposed_block;
    for (const auto& [stage, text] : troubles_)
        if (!text.empty()) s.error = stage + ": " + text;
    if (s.error.empty() && !s.batcher.last_error.empty())
        s.error = "batcher: " + s.batcher.last_error;
    if (s.error.empty() && !s.proposer.last_error.empty())
        s.error = "proposer: " + s.proposer.last_error;
    if (s.error.empty() && !s.challenger.last_error.empty())
        s.error = "challenger: " + s.challenger.last_error;
    return s;
}

namespace {

std::string alerts_json(const std::vector<node::ChallengerAlert>& alerts) {
    std::string out = "[";
    for (const auto& alert : alerts) {
        if (out.size() > 1) out += ',';
        out += "{\"name\":" + rpc::quote(alert.name) +
               ",\"proposal\":" + std::to_string(alert.proposal) +
               ",\"text\":" + rpc::quote(alert.text) + "}";
    }
    return out + "]";
}

}  // namespace

std::string RollupService::status_json() {
    const RollupStatus s = status();
    std::string out = "{\"role\":";
    out += options_.role == Role::sequencer ? "\"sequencer\"" : "\"verifier\"";
    out += ",\"unsafe\":" + ref_json(s.unsafe) + ",\"safe\":" + ref_json(s.safe) +
           ",\"finalized\":" + ref_json(s.finalized) +
           ",\"proposed\":" + std::to_string(s.proposed) +
           ",\"parentLatest\":" + std::to_string(s.parent_latest) +
           ",\"inboxCount\":" + std::to_string(s.driver.derived.inbox_count) +
           ",\"emptyEntries\":" + std::to_string(s.driver.empty_entries) +
           ",\"lastBatchError\":" + rpc::quote(s.driver.last_batch_error) +
           ",\"reorgs\":" + std::to_string(s.driver.reorgs) +
           ",\"batcher\":{\"entriesLanded\":" + std::to_string(s.batcher.entries_landed) +
           ",\"blocksLanded\":" + std::to_string(s.batcher.blocks_landed) +
           ",\"payloadBytes\":" + std::to_string(s.batcher.payload_bytes) +
           ",\"publishedBytes\":" + std::to_string(s.batcher.published_bytes) +
           ",\"inFlight\":" + std::to_string(s.batcher.entries_in_flight) +
           ",\"lastError\":" + rpc::quote(s.batcher.last_error) + "}" +
           ",\"proposer\":{\"games\":" + std::to_string(s.proposer.games_created) +
           ",\"anchorBlock\":" + std::to_string(s.proposer.anchor_block) +
           ",\"lastError\":" + rpc::quote(s.proposer.last_error) + "}" +
           ",\"challenger\":{\"proposals\":" + std::to_string(s.challenger.proposals_checked) +
           ",\"wrong\":" + std::to_string(s.challenger.proposals_wrong) +
           ",\"disputesOpened\":" + std::to_string(s.challenger.disputes_opened) +
           ",\"disputesOpen\":" + std::to_string(s.challenger.disputes_open) +
           ",\"disputesDecided\":" + std::to_string(s.challenger.disputes_decided) +
           ",\"moves\":" + std::to_string(s.challenger.moves) +
           ",\"alerts\":" + alerts_json(s.challenger.alerts) +
           ",\"lastError\":" + rpc::quote(s.challenger.last_error) + "}" +
           ",\"error\":" + rpc::quote(s.error) + "}";
    return out;
}

}  // namespace mezz::app
