// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What developers do to a chain of their own: anvil_, evm_ and hardhat_. The embedded parent takes
/// them all; the rollup those that derivation permits, and names the parent for the others.
/// Registered by `mezz dev` alone. spec: anvil's and hardhat's documentation.

#include <functional>
#include <mutex>
#include <set>

#include "app/dev_clock.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/ingest/pool/pool.hpp"
#include "node/ingest/rpc/rpc_server.hpp"
#include "node/parent/embedded_parent.hpp"
#include "node/sequence/single/sequencer.hpp"

namespace mezz::app {

/// Thread-safe.
class ParentDevMethods {
public:
    /// Keeps the references. `wake` makes the chain's thread take its next step at once.
    ParentDevMethods(node::EmbeddedParent& parent, node::Chain& chain, node::Pool& pool,
                     DevClock& clock, std::function<void()> wake);

    void add_to(rpc::RpcServer& server);
    /// The head is what anvil_reset goes back to, also after a restart.
    node::Result<void> keep_as_beginning();
    [[nodiscard]] bool impersonates(const Address& address);

private:
    using Work = std::function<rpc::RawResult(std::uint64_t now_ms)>;
    /// Runs on the chain's thread.
    rpc::RawResult on_chain(Work work);
    rpc::RawResult mine(std::uint64_t count, std::uint64_t interval_seconds);
    rpc::RawResult edit(node::StateEdit edit);
    rpc::RawResult set_next_timestamp(std::string_view params);
    rpc::RawResult snapshot();
    rpc::RawResult revert(std::uint64_t id);
    rpc::RawResult reset(std::string_view params);
    rpc::RawResult reorg(std::string_view params, bool keep);

    void add_time(rpc::RpcServer& server);
    void add_mining(rpc::RpcServer& server);
    void add_state(rpc::RpcServer& server);
    void add_accounts(rpc::RpcServer& server);
    void add_snapshots(rpc::RpcServer& server);

    node::EmbeddedParent& parent_;
    node::Chain& chain_;
    node::Pool& pool_;
    DevClock& clock_;
    std::function<void()> wake_;

    std::mutex mutex_;  ///< guards what follows
    std::set<Address> impersonated_;
    bool impersonates_all_ = false;
    /// By id: the block, and how far ahead time was asked to be.
    std::map<std::uint64_t, node::BlockRef> snapshots_;
    std::uint64_t next_snapshot_ = 0;
};

struct RollupDevOptions {
    std::string parent_url;
    /// Shared with the parent; nullptr where the parent is not ours, whose time nobody here moves.
    DevClock* clock = nullptr;
    /// Makes the chain's thread take its next step at once.
    std::function<void()> wake;
    /// Why no block can be made; empty when all is well.
    std::function<std::string()> trouble;
};

/// Keeps the references. requires: the sequencer outlives the server.
void add_rollup_dev_methods(rpc::RpcServer& server, node::Sequencer& sequencer, node::Chain& chain,
                            node::Pool& pool, RollupDevOptions options);

/// Dropping what waits: the same on both.
void add_pool_dev_methods(rpc::RpcServer& server, node::Pool& pool);

}  // namespace mezz::app
