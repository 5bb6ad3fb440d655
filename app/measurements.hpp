// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One moment of a node, as far as its metrics tell it.

#include "app/node_stats.hpp"
#include "node/derive/driver.hpp"
#include "node/host/http/server.hpp"
#include "node/ingest/rpc/method_stats.hpp"
#include "node/ports/txn_pool.hpp"
#include "node/publish/batcher/batcher.hpp"
#include "node/settle/challenger/challenger.hpp"
#include "node/settle/proposer/proposer.hpp"

namespace mezz::app {

struct Measurements {
    std::string version, da, proof, role;
    struct HeadAt {
        std::uint64_t number = 0;
        std::uint64_t timestamp_s = 0;
    };
    std::map<std::string, HeadAt> heads;  ///< of the chain, by kind
    HeadAt parent_head, parent_finalized;
    node::DriverStatus driver;
    std::optional<node::BatcherStatus> batcher;
    std::optional<node::ProposerStatus> proposer;
    std::optional<node::ChallengerStatus> challenger;
    NodeStats::Snapshot stats;
    std::uint64_t inbox_entries = 0;  ///< on the parent
    std::uint64_t queue_waiting = 0;  ///< items that no block has consumed
    std::size_t batch_data_bytes = 0;
    std::uint64_t parent_reorgs = 0;
    std::optional<node::PoolStatus> pool;
    std::map<std::string, std::uint64_t> rejections;
    std::map<std::string, rpc::MethodCount, std::less<>> methods;
    host::http::ServerStatus http;
    std::uint64_t database_bytes = 0;
    std::optional<std::uint64_t> free_bytes;
    std::vector<std::string> findings;  ///< names of what is wrong around
};

/// Prometheus text format. Nothing in it is labelled by what clients choose.
[[nodiscard]] std::string metrics_text(const Measurements& m);

}  // namespace mezz::app
