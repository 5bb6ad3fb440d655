// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What every method works with, and how a module of methods is registered. Not for other modules.

#include <atomic>
#include <unordered_map>

#include "node/ingest/rpc/block_cache.hpp"
#include "node/ingest/rpc/gate.hpp"
#include "node/ingest/rpc/json_value.hpp"
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/method_doc.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::rpc {

class Filters;
class Notifier;

struct Context {
    Context(node::ChainReader& chain_, node::TxnPool& pool_, RpcOptions options_);
    ~Context();

    node::ChainReader& chain;
    node::TxnPool& pool;
    const RpcOptions options;
    BlockCache blocks;
    std::unique_ptr<Filters> filters;
    std::shared_ptr<Notifier> notifier;
    Gate traces{options.max_traces, options.max_traces_waiting, options.trace_wait_ms};
    Gate sync_sends{options.max_sync_sends, 0, 0};
    MethodStats stats;
    std::atomic<bool> stopping = false;

    /// Throws once the node stops. What loops over blocks or calls asks it each time.
    void check_stopping() const {
        if (stopping) fail(server_error, "the node is stopping");
    }
};

/// One call under way.
struct Call {
    Context& context;
    const Params& params;
    JsonWriter& out;         ///< takes exactly one value
    Connection* connection;  ///< nullptr over HTTP
};

using MethodBody = std::function<void(const Call&)>;

struct Method {
    MethodBody run;
    std::size_t max_params = 0;  ///< as its signature has them
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept {
        return std::hash<std::string_view>{}(s);
    }
};

struct MethodTable {
    std::unordered_map<std::string, Method, TextHash, std::equal_to<>> methods;
    MethodDocs docs;  ///< of the same methods
    TypeDocs types;
    void add(std::string_view name, const MethodDoc& doc, MethodBody run) {
        methods.insert_or_assign(
            std::string(name),
            Method{std::move(run), doc.takes_anything ? SIZE_MAX : parameter_count(doc.signature)});
        docs.insert_or_assign(std::string(name), doc);
    }
    void add_types(std::span<const TypeDoc> more) {
        for (const TypeDoc& t : more) types.insert_or_assign(std::string(t.name), t);
    }
};

void add_net_methods(MethodTable& table);
void add_config_methods(MethodTable& table);
void add_state_methods(MethodTable& table);
void add_block_methods(MethodTable& table);
void add_transaction_methods(MethodTable& table);
void add_call_methods(MethodTable& table);
void add_simulate_methods(MethodTable& table);
void add_fee_methods(MethodTable& table);
void add_log_methods(MethodTable& table);
void add_filter_methods(MethodTable& table);
void add_subscription_methods(MethodTable& table);
void add_dev_methods(MethodTable& table, const RpcOptions& options);
void add_debug_methods(MethodTable& table);
void add_trace_methods(MethodTable& table);
void add_txpool_methods(MethodTable& table);
void add_ots_methods(MethodTable& table);
void add_fill_methods(MethodTable& table);
/// rpc.discover and rpc_modules: they tell of everything in the table, later additions included.
void add_discovery_methods(MethodTable& table);

// --- transactions -----------------------------------------------------------------------------

struct FoundTxn {
    std::shared_ptr<const FullBlock> block;  ///< nullptr: in no block
    std::size_t index = 0;
};
FoundTxn find_mined(Context& context, const Bytes32& hash);

// --- blocks by parameter ----------------------------------------------------------------------

/// The block a tag or number means; none when there is none yet. Throws on malformed text.
std::optional<std::uint64_t> block_number_of(Context& context, const Value& value);
/// Also takes {blockNumber} and {blockHash}, and a bare hash. spec: EIP-1898.
std::optional<std::uint64_t> block_of(Context& context, const Value& value);
/// The same; latest when absent, an error when there is no such block.
std::uint64_t require_block(Context& context, const std::optional<Value>& value);
/// Whether the parameter is the tag "pending".
bool is_pending(const std::optional<Value>& value);

}  // namespace mezz::rpc
