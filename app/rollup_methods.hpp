// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What tools of the OP Stack ask a rollup node (`optimism_*`), and the way of a transaction
/// through the rollup (`mezz_transactionStatus`, `mezz_batches`).
///
/// spec: OP Stack specs, "Rollup Node", "L2 Output RPC method"; op-node's `eth.SyncStatus`.

#include <functional>
#include <mutex>

#include "app/rollup_file.hpp"
#include "node/derive/driver.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::app {

/// How far claims on the parent are, as its proposer sees it.
struct ClaimHeads {
    std::uint64_t proposed = 0;  ///< last block that a claim covers
    std::uint64_t settled = 0;   ///< last block that a final claim covers
};

class RollupMethods {
public:
    /// Keeps the references.
    RollupMethods(const RollupFile& file, node::Chain& chain, node::DerivationDriver& driver,
                  node::ParentWatcher& watcher, node::Parent& parent, node::TxnPool& pool,
                  std::function<std::optional<ClaimHeads>()> claims);

    void add_to(rpc::RpcServer& server);

private:
    rpc::RawResult sync_status();
    rpc::RawResult output_at_block(std::uint64_t number);
    rpc::RawResult rollup_config();
    rpc::RawResult transaction_status(const Bytes32& hash);
    rpc::RawResult batches(std::uint64_t from, std::uint64_t to);

    const RollupFile& file_;
    node::Chain& chain_;
    node::DerivationDriver& driver_;
    node::ParentWatcher& watcher_;
    node::Parent& parent_;
    node::TxnPool& pool_;
    std::function<std::optional<ClaimHeads>()> claims_;

    std::mutex mutex_;
    std::optional<node::ParentBlock> deployed_in_;  ///< read once
};

}  // namespace mezz::app
