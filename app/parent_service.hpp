// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The embedded parent as a running service: chain, pool, thread, JSON-RPC and blob endpoint.

#include <filesystem>
#include <optional>

#include "app/dev_methods.hpp"
#include "app/dev_wallet.hpp"
#include "app/gated_pool.hpp"
#include "app/listener.hpp"
#include "app/worker.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/host/http/server.hpp"
#include "node/ingest/pool/pool.hpp"
#include "node/ingest/rpc/rpc_handler.hpp"
#include "node/parent/embedded_parent.hpp"

namespace mezz::app {

struct ParentServiceOptions {
    std::uint16_t port = 8545;
    std::uint64_t chain_id = 31337;
    std::uint64_t block_time_ms = 2000;
    bool instant = false;
    /// Where the database is; none: in memory.
    std::optional<std::filesystem::path> directory;
    std::vector<Address> funded;
    Balances balances;                 ///< of these, whoever is funded
    std::vector<DevAccount> accounts;  ///< to sign for
    /// Keep the index of appearances, for explorers.
    bool index_appearances = false;
    /// Whose time blocks have.
    std::shared_ptr<DevClock> clock = std::make_shared<DevClock>();
    ListenerOptions listener;
    /// For state and blocks in memory.
    std::size_t cache_bytes = std::size_t{64} << 20;
};

class ParentService {
public:
    static node::Result<std::unique_ptr<ParentService>> start(const ParentServiceOptions& options);
    ~ParentService();

    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    /// While on, every transaction gets a block at once.
    void set_instant(bool instant);
    /// The head is what anvil_reset goes back to.
    node::Result<void> keep_as_beginning() { return dev_methods_->keep_as_beginning(); }
    node::Chain& chain() { return *chain_; }
    rpc::RpcServer& rpc() { return *rpc_; }
    void stop();

private:
    ParentService() = default;
    node::Result<void> open(const ParentServiceOptions& options);
    void add_methods();

    std::shared_ptr<DevClock> clock_;  ///< shared with the rollup of the process
    std::unique_ptr<node::KvStore> store_;
    std::unique_ptr<node::Chain> chain_;
    std::unique_ptr<node::Pool> pool_;
    std::unique_ptr<GatedPool> gated_pool_;  ///< what the RPC submits to
    std::mutex mutex_;
    std::string trouble_;  ///< why no block can be made; guarded by mutex_
    std::unique_ptr<node::EmbeddedParent> parent_;
    std::unique_ptr<Worker> worker_;
    std::unique_ptr<ParentDevMethods> dev_methods_;
    std::unique_ptr<rpc::RpcServer> rpc_;
    host::http::Router router_;
    std::unique_ptr<host::http::Server> server_;
    ChainSpec spec_;
    std::string host_;  ///< it listens on
};

}  // namespace mezz::app
