// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where a node listens, for whom, and how much it takes from them: flags of `mezz dev` and
/// `mezz node`, and what they mean for the HTTP server and the RPC behind it.

#include <optional>

#include "node/host/http/server.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace CLI {
class App;
}

namespace mezz::app {

struct ListenerOptions {
    std::string host = "127.0.0.1";
    std::vector<std::string> origins;                  ///< pages that may call; "*": any
    std::vector<std::string> host_names{"localhost"};  ///< of this machine; "*": any
    std::vector<std::string> methods{"*"};
    std::string jwt_secret_file;
    /// A second listener for administrators alone. None: there is none.
    std::optional<std::uint16_t> admin_port;
    unsigned threads = 4;
    std::size_t max_body_bytes = 5 << 20;
    std::size_t max_answer_bytes = 64 << 20;
    std::size_t max_batch = 1000;
    std::size_t max_connections = 16'384;
    /// None: as many as in all on a loopback address, where proxies and load generators are;
    /// 256 elsewhere.
    std::optional<std::size_t> max_connections_per_address;
    std::uint64_t max_log_blocks = 10'000;
    std::size_t max_logs = 20'000;
    std::uint64_t call_gas_cap = 50'000'000;
    std::uint64_t trace_timeout_ms = 5'000;
    std::size_t max_traces = 2;
    std::uint64_t call_timeout_ms = 5'000;
    std::uint64_t sync_send_timeout_ms = 2'000;
    std::size_t max_sync_sends = 4;
};

/// Adds the flags. Keeps a reference to `options` until the command line is parsed.
void add_listener_flags(CLI::App& command, ListenerOptions& options);

/// errors: fatal, naming the flags that do not fit together.
node::Result<void> check(const ListenerOptions& options);

/// requires: check(options).
[[nodiscard]] host::http::ServerOptions server_options(const ListenerOptions& options);
void limit(rpc::RpcOptions& rpc, const ListenerOptions& options);

/// Rules of the two listeners. errors: fatal, naming the file of the secret.
struct ListenerRules {
    rpc::AccessRules main;
    rpc::AccessRules admin;  ///< of the second one
};
node::Result<ListenerRules> access_rules(const ListenerOptions& options);

/// 32 bytes in hex, with or without 0x. errors: fatal, naming the file.
node::Result<Bytes32> read_secret(const std::string& path);

}  // namespace mezz::app
