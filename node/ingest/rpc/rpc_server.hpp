// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// JSON-RPC over a chain and its pool: single and batch requests, filters, subscriptions.
///
///     RpcServer rpc(chain, pool, {.dev_accounts = …});
///     rpc.add("mezz_status", {"-> any", "How the node does."},
///             [](std::string_view params) -> RawResult { return "{}"; });
///     std::string answer = rpc.handle(body);
///
/// Thread-safe once every `add` is done. spec: JSON-RPC 2.0; EIP-1474; ethereum/execution-apis.

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/crypto/secp256k1.hpp"
#include "node/ingest/rpc/access.hpp"
#include "node/ingest/rpc/error.hpp"
#include "node/ingest/rpc/method_doc.hpp"
#include "node/ingest/rpc/method_stats.hpp"
#include "node/ports/chain_reader.hpp"
#include "node/ports/txn_pool.hpp"

namespace mezz::rpc {

struct RpcOptions {
    std::string client_version = "mezzanine/0.1.0";
    std::size_t max_batch = 1000;                   ///< requests in one batch
    std::size_t max_batch_answer_bytes = 32 << 20;  ///< later requests of a batch get an error
    std::size_t max_answer_bytes = 64 << 20;        ///< of one request, traces aside
    std::uint64_t max_request_ms = 30'000;          ///< later requests of a batch get an error
    std::size_t max_depth = 64;                     ///< nesting of JSON
    std::uint64_t call_gas_cap = 50'000'000;        ///< gas of eth_call and eth_estimateGas
    std::uint64_t call_timeout_ms = 5'000;          ///< of eth_call, estimates, simulations
    std::uint64_t max_log_blocks = 10'000;          ///< block range of one eth_getLogs
    std::size_t max_logs = 20'000;                  ///< answers of one eth_getLogs
    std::uint64_t trace_timeout_ms = 5'000;         ///< of a traced transaction that names none
    std::uint64_t max_trace_timeout_ms = 60'000;    ///< the most one can name
    std::size_t max_trace_bytes = 256 << 20;        ///< of one debug_trace*, about
    std::size_t max_traces = 2;                     ///< traces and simulations at once
    std::size_t max_traces_waiting = 1;             ///< more are turned away
    std::uint64_t trace_wait_ms = 5'000;            ///< how long one waits
    /// Of eth_sendRawTransactionSync: how long it waits where the client does not say, and the most
    /// a client can say.
    std::uint64_t sync_send_timeout_ms = 2'000;
    std::uint64_t max_sync_send_timeout_ms = 60'000;
    std::size_t max_sync_sends = 4;            ///< of them at once
    std::size_t max_filters = 1024;            ///< polled filters kept
    std::uint64_t filter_life_ms = 300'000;    ///< unpolled filters are forgotten
    uint256 default_tip_wei{1'000'000};        ///< suggested while blocks tell nothing
    std::size_t block_cache_bytes = 64 << 20;  ///< recent decoded blocks
    /// Accounts this node signs for (development only); `dev_sign` must be set with them.
    std::vector<Address> dev_accounts;
    std::function<std::optional<crypto::Signature>(const Address&, const Bytes32& hash)> dev_sign;
    /// Of a chain that can be told to act for any account (development): whether it was told so,
    /// and taking what such an account sends. Set both or none.
    std::function<bool(const Address&)> impersonates;
    std::function<std::expected<Bytes32, node::PoolRejection>(Transaction, const Address&)>
        submit_impersonated;
    /// The block to be made on block `number`: what estimates and calls on "pending" see. Unset:
    /// one like block `number`, a second later.
    std::function<node::Result<BlockContext>(std::uint64_t number)> next_block;
    /// Whether the chain takes blob transactions; eth_config shows a schedule of zeros where not.
    bool takes_blobs = true;
    /// Answer of eth_syncing as raw JSON; unset: "false".
    std::function<std::string()> syncing;
};

/// Result of a raw method: JSON text, or the error to answer.
using RawResult = std::expected<std::string, RpcError>;
/// `params` is a JSON array, "[]" when the request had none.
using RawMethod = std::function<RawResult(std::string_view params)>;

class Connection;
struct Context;
struct MethodTable;

class RpcServer {
public:
    /// Keeps references to chain and pool; both must outlive the server.
    RpcServer(node::ChainReader& chain, node::TxnPool& pool, RpcOptions options = {});
    ~RpcServer();
    RpcServer(const RpcServer&) = delete;
    RpcServer& operator=(const RpcServer&) = delete;

    /// Adds or replaces a method. Not while requests run.
    void add(std::string_view name, const MethodDoc& doc, RawMethod method);
    /// Types that signatures of added methods name.
    void add_types(std::span<const TypeDoc> types);

    /// Answers one request or batch; "" when it held only notifications. Total: any bytes get an
    /// answer. Parses in place when `body` has 64 bytes of capacity after its end.
    /// `caller`: what may be called; none: everything.
    std::string handle(std::string& body, const std::optional<Caller>& caller = {});
    std::string handle(std::string_view body);

    /// A client with subscriptions: `push` gets notifications, from any thread.
    std::unique_ptr<Connection> connect(std::function<void(std::string)> push,
                                        std::optional<Caller> caller = {});

    /// Ends calls that take long with an error, now and from now on: the node stops.
    void interrupt();
    /// To be told when `RpcOptions::syncing` begins or ends to answer "false". Any thread.
    void note_syncing();
    [[nodiscard]] MethodStats& stats();

    [[nodiscard]] Context& context() noexcept { return *context_; }

private:
    friend class Connection;
    std::string dispatch(std::string& body, Connection* connection,
                         const std::optional<Caller>& caller);

    std::unique_ptr<Context> context_;
    std::unique_ptr<MethodTable> methods_;
};

/// One WebSocket client: requests like any other, plus eth_subscribe and eth_unsubscribe.
/// Its subscriptions end with it. One thread at a time.
class Connection {
public:
    ~Connection();
    /// Answers through `push`, before any notification of a subscription made by it.
    void receive(std::string& body);

    struct State;
    [[nodiscard]] const std::shared_ptr<State>& state() const noexcept { return state_; }

private:
    friend class RpcServer;
    Connection(RpcServer& server, std::shared_ptr<State> state, std::optional<Caller> caller);
    RpcServer& server_;
    std::optional<Caller> caller_;
    std::shared_ptr<State> state_;  ///< shared with the notifier
};

}  // namespace mezz::rpc
