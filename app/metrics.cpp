// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/metrics.hpp"

#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace mezz::app {
namespace {

/// A registry made of one moment's status: nothing is counted twice.
std::string text_of(const RollupStatus& s, std::uint64_t database_bytes) {
    prometheus::Registry registry;
    const auto gauge = [&](const char* name, const char* help, double value,
                           const prometheus::Labels& labels = {}) {
        prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
    };
    const char* heads = "Number of the last block of each head.";
    gauge("mezz_head_number", heads, static_cast<double>(s.unsafe.number), {{"head", "unsafe"}});
    gauge("mezz_head_number", heads, static_cast<double>(s.safe.number), {{"head", "safe"}});
    gauge("mezz_head_number", heads, static_cast<double>(s.finalized.number),
          {{"head", "finalized"}});
    gauge("mezz_head_number", heads, static_cast<double>(s.proposed), {{"head", "claimed"}});
    gauge("mezz_parent_head_number", "Last parent block seen.",
          static_cast<double>(s.parent_latest));
    gauge("mezz_inbox_entries_derived", "Inbox entries derived.",
          static_cast<double>(s.driver.derived.inbox_count));
    gauge("mezz_inbox_entries_empty", "Inbox entries that derived to nothing.",
          static_cast<double>(s.driver.empty_entries));
    gauge("mezz_chain_reorgs", "Times unsafe blocks were replaced.",
          static_cast<double>(s.driver.reorgs));
    gauge("mezz_batcher_entries_landed", "Inbox entries the batcher landed.",
          static_cast<double>(s.batcher.entries_landed));
    gauge("mezz_batcher_published_bytes", "Bytes of batch data published.",
          static_cast<double>(s.batcher.published_bytes));
    gauge("mezz_batcher_payload_bytes", "Bytes of batches before compression.",
          static_cast<double>(s.batcher.payload_bytes));
    gauge("mezz_proposer_games_created", "Claims made.",
          static_cast<double>(s.proposer.games_created));
    gauge("mezz_dispute_games", "Disputes.", static_cast<double>(s.challenger.disputes_open),
          {{"status", "open"}});
    gauge("mezz_dispute_games", "Disputes.", static_cast<double>(s.challenger.disputes_decided),
          {{"status", "decided"}});
    gauge("mezz_challenger_wrong_proposals", "Proposals found to be wrong.",
          static_cast<double>(s.challenger.proposals_wrong));
    gauge("mezz_challenger_alerts", "Things a person should know; mezz_status names them.",
          static_cast<double>(s.challenger.alerts.size()));
    gauge("mezz_database_bytes", "Size of the chain's database.",
          static_cast<double>(database_bytes));
    return prometheus::TextSerializer().Serialize(registry.Collect());
}

}  // namespace

node::Result<std::uint16_t> Metrics::serve(std::uint16_t port) {
    router_.add("GET", "/metrics", [this](const host::http::HttpRequest&) {
        host::http::HttpResponse r;
        r.content_type = "text/plain; version=0.0.4";
        r.body = text_of(service_.status(), service_.chain().size_bytes());
        return r;
    });
    host::http::ServerOptions options;
    options.port = port;
    options.port_flag = "--metrics-port";
    auto started = host::http::Server::start(options, router_);
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    return server_->port();
}

void Metrics::stop() {
    if (server_) server_->stop();
}

}  // namespace mezz::app
