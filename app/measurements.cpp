// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/measurements.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>

#include "app/process.hpp"

namespace mezz::app {
namespace {

using prometheus::Labels;

/// A registry made of one moment: what was counted elsewhere is not counted again.
class Text {
public:
    void gauge(const char* name, const char* help, double value, const Labels& labels = {}) {
        prometheus::BuildGauge().Name(name).Help(help).Register(registry_).Add(labels).Set(value);
    }
    template <class Integer>
        requires std::is_integral_v<Integer>
    void gauge(const char* name, const char* help, Integer value, const Labels& labels = {}) {
        gauge(name, help, static_cast<double>(value), labels);
    }
    void counter(const char* name, const char* help, double value, const Labels& labels = {}) {
        prometheus::BuildCounter().Name(name).Help(help).Register(registry_).Add(labels).Increment(
            value);
    }
    template <class Integer>
        requires std::is_integral_v<Integer>
    void counter(const char* name, const char* help, Integer value, const Labels& labels = {}) {
        counter(name, help, static_cast<double>(value), labels);
    }
    template <class Counts>
    void histogram(const char* name, const char* help, const std::vector<double>& bounds,
                   const Counts& counts, double sum, const Labels& labels = {}) {
        auto& h = prometheus::BuildHistogram().Name(name).Help(help).Register(registry_).Add(
            labels, prometheus::Histogram::BucketBoundaries(bounds));
        h.ObserveMultiple(std::vector<double>(counts.begin(), counts.end()), sum);
    }
    [[nodiscard]] std::string text() const {
        return prometheus::TextSerializer().Serialize(registry_.Collect());
    }

private:
    prometheus::Registry registry_;
};

void add_heads(Text& out, const Measurements& m) {
    const char* number = "Number of the last block of each head.";
    const char* time = "Timestamp of the last block of each head.";
    const auto head = [&](const char* layer, const std::string& kind,
                          const Measurements::HeadAt& h) {
        const Labels labels{{"layer", layer}, {"kind", kind}};
        out.gauge("mezz_head_block", number, h.number, labels);
        if (h.timestamp_s != 0)
            out.gauge("mezz_head_timestamp_seconds", time, h.timestamp_s, labels);
    };
    for (const auto& [kind, h] : m.heads) head("chain", kind, h);
    head("parent", "unsafe", m.parent_head);
    head("parent", "finalized", m.parent_finalized);
}

void add_chain(Text& out, const Measurements& m) {
    const auto& s = m.stats;
    out.counter("mezz_blocks_total", "Blocks made here, sequenced or derived.", s.sealed.blocks);
    out.counter("mezz_gas_used_total", "Gas of those blocks.", s.sealed.gas);
    out.gauge("mezz_block_gas_used", "Gas of the last block made.", s.last_block_gas);
    const char* txs = "Transactions of those blocks, deposits included.";
    out.counter("mezz_txs_total", txs, s.sealed.txns_succeeded, {{"result", "success"}});
    out.counter("mezz_txs_total", txs, s.sealed.txns_failed, {{"result", "failure"}});
    out.histogram("mezz_block_build_duration_seconds", "Time spent on making a block.",
                  s.build_seconds.bounds, s.build_seconds.counts, s.build_seconds.sum);
    for (const auto& [stage, h] : s.stage_seconds)
        out.histogram("mezz_tx_stage_latency_seconds",
                      "From a transaction's block being made to its reaching the stage.", h.bounds,
                      h.counts, h.sum, {{"stage", stage}});
    out.counter("mezz_reorgs_total", "Times blocks were taken back.", m.driver.reorgs,
                {{"layer", "chain"}});
    out.counter("mezz_reorgs_total", "Times blocks were taken back.", m.parent_reorgs,
                {{"layer", "parent"}});
    out.gauge("mezz_reorg_depth", "Blocks that the last reorganisation took back.",
              m.driver.last_reorg_depth);
    out.gauge("mezz_derivation_lag_entries", "Inbox entries on the parent, not derived yet.",
              m.inbox_entries - std::min(m.inbox_entries, m.driver.derived.inbox_count));
    const auto unsafe = m.heads.find("unsafe"), safe = m.heads.find("safe");
    if (unsafe != m.heads.end() && safe != m.heads.end())
        out.gauge("mezz_derivation_lag_blocks", "Blocks that are not derived from the parent yet.",
                  unsafe->second.number - std::min(unsafe->second.number, safe->second.number));
    out.counter("mezz_inbox_entries_derived_total", "Inbox entries derived, since block 0.",
                m.driver.derived.inbox_count);
    out.counter("mezz_inbox_entries_empty_total", "Inbox entries that derived to nothing.",
                m.driver.empty_entries);
    out.gauge("mezz_forced_inclusion_pending", "Deposits and forced transactions in no block yet.",
              m.queue_waiting);
    out.gauge("mezz_batch_data_bytes", "Batch data in memory.", m.batch_data_bytes);
}

void add_actors(Text& out, const Measurements& m) {
    if (m.batcher) {
        out.counter("mezz_batch_total", "Inbox entries the batcher landed.",
                    m.batcher->entries_landed, {{"da", m.da}});
        const char* bytes = "Bytes of landed batches, before and after compression.";
        out.counter("mezz_batch_bytes_total", bytes, m.batcher->payload_bytes, {{"form", "raw"}});
        out.counter("mezz_batch_bytes_total", bytes, m.batcher->published_bytes,
                    {{"form", "compressed"}});
        out.gauge("mezz_batcher_pending_bytes", "Bytes of blocks that wait for their batch.",
                  m.batcher->pending_bytes);
        out.gauge("mezz_batcher_entries_in_flight", "Entries sent and not landed.",
                  m.batcher->entries_in_flight);
        out.counter("mezz_batcher_restarts_total", "Times the batcher began again.",
                    m.batcher->restarts);
    }
    for (const auto& [purpose, t] : m.stats.txs) {
        const Labels label{{"purpose", purpose}};
        const char* txs = "Transactions to the parent by how they ended.";
        out.counter("mezz_l1_txs_total", txs, t.confirmed,
                    {{"purpose", purpose}, {"result", "confirmed"}});
        out.counter("mezz_l1_txs_total", txs, t.reverted,
                    {{"purpose", purpose}, {"result", "reverted"}});
        out.counter("mezz_l1_txs_total", txs, t.failed,
                    {{"purpose", purpose}, {"result", "failed"}});
        out.counter("mezz_l1_fee_raises_total", "Times a transaction was sent for a higher fee.",
                    t.fee_raises, label);
        out.counter("mezz_l1_gas_used_total", "Gas used on the parent.", t.gas_used, label);
        out.counter("mezz_l1_fee_wei_total", "Paid for that gas; blob gas not included.", t.fee_wei,
                    label);
    }
    if (const auto batch = m.stats.txs.find("batch"); batch != m.stats.txs.end()) {
        const auto& t = batch->second;
        out.counter("mezz_da_submit_seconds_total",
                    "From first sending batches to their confirmation, summed up.", t.seconds,
                    {{"da", m.da}});
        const char* failures = "Batch transactions that did not do what they should.";
        out.counter("mezz_da_submit_failures_total", failures, t.reverted,
                    {{"da", m.da}, {"reason", "reverted"}});
        out.counter("mezz_da_submit_failures_total", failures, t.failed,
                    {{"da", m.da}, {"reason", "refused"}});
    }
    for (const auto& [role, balance] : m.stats.balances_ether)
        out.gauge("mezz_signer_balance_ether", "Ether an actor has on the parent.", balance,
                  {{"role", role}});
    if (m.proposer) {
        out.counter("mezz_claims_total", "Claims made.", m.proposer->games_created);
        out.counter("mezz_claims_resolved_total", "Claims resolved.", m.proposer->games_resolved);
        out.gauge("mezz_claims_open", "Claims whose clock runs.", m.proposer->open_games);
    }
    if (m.challenger) {
        out.counter("mezz_proposals_checked_total", "Proposals compared with the own chain.",
                    m.challenger->proposals_checked);
        out.counter("mezz_proposals_wrong_total", "Proposals found wrong.",
                    m.challenger->proposals_wrong);
        out.gauge("mezz_challenger_alerts",
                  "Things a person should know; /health/ready and mezz_status name them.",
                  m.challenger->alerts.size());
        const char* games = "Disputes by status.";
        out.gauge("mezz_dispute_games", games, m.challenger->disputes_open, {{"status", "open"}});
        out.gauge("mezz_dispute_games", games, m.challenger->disputes_decided,
                  {{"status", "decided"}});
    }
}

void add_ingest(Text& out, const Measurements& m) {
    if (m.pool) {
        const char* waiting = "Transactions that wait.";
        out.gauge("mezz_mempool_txs", waiting, m.pool->pending, {{"state", "pending"}});
        out.gauge("mezz_mempool_txs", waiting, m.pool->queued, {{"state", "queued"}});
        out.gauge("mezz_mempool_bytes", "Memory of transactions that wait.", m.pool->bytes);
    }
    for (const auto& [reason, count] : m.rejections)
        out.counter("mezz_mempool_rejected_total", "Transactions refused.", count,
                    {{"reason", reason}});
    const std::vector<double> bounds(rpc::MethodCount::bounds.begin(),
                                     rpc::MethodCount::bounds.end());
    for (const auto& [method, count] : m.methods) {
        for (const auto& [code, times] : count.by_code)
            out.counter("mezz_rpc_requests_total", "Requests by method and how they ended.", times,
                        {{"method", method}, {"code", code == 0 ? "ok" : std::to_string(code)}});
        out.histogram("mezz_rpc_request_duration_seconds", "Time to answer.", bounds, count.buckets,
                      count.seconds, {{"method", method}});
    }
    out.gauge("mezz_http_connections", "Open connections, WebSockets included.",
              m.http.connections);
    out.gauge("mezz_ws_connections", "Open WebSockets.", m.http.websockets);
    out.counter("mezz_http_refused_total", "Connections and requests turned away for a limit.",
                m.http.refused);
}

void add_process(Text& out, const Measurements& m) {
    out.gauge("mezz_db_size_bytes", "Size of the chain's database.", m.database_bytes);
    if (m.free_bytes)
        out.gauge("mezz_disk_free_bytes", "Free on the disk of the database.", *m.free_bytes);
    for (const char* name : {"clock", "disk"})
        out.gauge("mezz_warning", "1 while something around the node is wrong.",
                  std::ranges::count(m.findings, name), {{"name", name}});
    const ProcessUse use = process_use();
    out.counter("process_cpu_seconds_total", "Processor time used.", use.cpu_s);
    out.gauge("process_resident_memory_bytes", "Memory in use, mapped files included.",
              use.resident_bytes);
    out.gauge("mezz_process_anonymous_memory_bytes", "Memory in use, mapped files aside.",
              use.anonymous_bytes);
    out.gauge("process_virtual_memory_bytes", "Address space in use.", use.virtual_bytes);
    out.gauge("process_open_fds", "Open files.", use.open_files);
    out.gauge("process_max_fds", "Files that may be open.", use.max_files);
    out.gauge("process_start_time_seconds", "When the process was started.", use.start_time_s);
}

}  // namespace

std::string metrics_text(const Measurements& m) {
    Text out;
    out.gauge("mezz_build_info", "1; the labels tell what runs.", 1, {{"version", m.version}});
    out.gauge("mezz_design_info", "1; the labels tell the design of the chain.", 1,
              {{"vm", "evm"}, {"proof", m.proof}, {"da", m.da}, {"sequencer", "single"}});
    out.gauge("mezz_role_info", "1; the label tells the node's role.", 1, {{"role", m.role}});
    add_heads(out, m);
    add_chain(out, m);
    add_actors(out, m);
    add_ingest(out, m);
    add_process(out, m);
    return out.text();
}

}  // namespace mezz::app
