// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/listener.hpp"

#include <boost/asio/ip/address.hpp>
#include <fstream>

#include "app/config/flags.hpp"
#include "app/program.hpp"
#include "app/worker.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// What strangers may hold at most, each.
constexpr std::size_t connections_of_a_stranger = 256;
/// For what is quick.
constexpr unsigned light_threads = 2;

const CLI::Validator is_pattern(
    [](std::string& text) -> std::string {
        return rpc::is_method_pattern(text) ? ""
                                            : "'" + text +
                                                  "' is no method, nor the beginning of one and *, "
                                                  "as eth_*";
    },
    "METHOD");

const CLI::Validator is_address(
    [](std::string& text) -> std::string {
        boost::system::error_code e;
        (void)boost::asio::ip::make_address(text, e);
        return e ? "'" + text + "' is no IP address; 0.0.0.0 is every one of this machine" : "";
    },
    "ADDRESS");

const CLI::Validator is_origin(
    [](std::string& text) -> std::string {
        const bool good = text == "*" || text.starts_with("http://") ||
                          text.starts_with("https://") || text.ends_with("-extension://*");
        const auto host = text.find("//");
        if (!good || (host != std::string::npos && text.find('/', host + 2) != std::string::npos))
            return "'" + text + "' is no origin as https://example.org, nor *";
        return "";
    },
    "ORIGIN");

bool is_loopback(const std::string& host) {
    boost::system::error_code e;
    const auto address = boost::asio::ip::make_address(host, e);
    return !e && address.is_loopback();
}

}  // namespace

void add_listener_flags(CLI::App& command, ListenerOptions& o) {
    const auto add = [&](const char* flag, auto& value, const char* group) {
        return add_flag_of_key(command, flag, value)->group(group);
    };
    const auto* listening = "Listening";
    add("--host", o.host, listening)->check(is_address);
    add("--cors", o.origins, listening)->check(is_origin);
    add("--allow-host", o.host_names, listening);
    add("--methods", o.methods, listening)->check(is_pattern);
    add("--jwt-secret", o.jwt_secret_file, listening);
    add("--admin-port", o.admin_port, listening);
    const auto* limits = "Limits";
    add("--max-body", o.max_body_bytes, limits);
    add("--max-answer", o.max_answer_bytes, limits);
    add("--max-batch", o.max_batch, limits);
    add("--max-connections", o.max_connections, limits);
    add("--max-connections-per-address", o.max_connections_per_address, limits);
    add("--max-log-blocks", o.max_log_blocks, limits);
    add("--max-logs", o.max_logs, limits);
    add("--call-gas-cap", o.call_gas_cap, limits);
    add("--call-timeout", o.call_timeout_ms, limits);
    add("--sync-send-timeout", o.sync_send_timeout_ms, limits);
    add("--max-sync-sends", o.max_sync_sends, limits);
    add("--trace-timeout", o.trace_timeout_ms, limits);
    add("--max-traces", o.max_traces, limits);
    add("--rpc-threads", o.threads, limits);
}

node::Result<void> check(const ListenerOptions& o) {
    if (o.admin_port && o.jwt_secret_file.empty())
        return node::fatal("--admin-port: needs --jwt-secret FILE, since it takes a token always");
    if (o.max_traces >= o.threads && o.threads > 1)
        return node::fatal("--max-traces " + std::to_string(o.max_traces) + ": --rpc-threads is " +
                           std::to_string(o.threads) +
                           ", which would leave no thread for anything but traces; raise it or "
                           "take fewer traces");
    if (auto rules = access_rules(o); !rules) return std::unexpected(rules.error());
    return {};
}

host::http::ServerOptions server_options(const ListenerOptions& o) {
    host::http::ServerOptions s;
    s.host = o.host;
    // Those that wait for a block take a thread, but no processor time.
    s.long_threads = o.threads + static_cast<unsigned>(o.max_sync_sends);
    s.most_brief = o.threads;
    s.max_body_bytes = o.max_body_bytes;
    s.max_connections = o.max_connections;
    s.max_connections_per_address = o.max_connections_per_address.value_or(
        is_loopback(o.host) ? o.max_connections : connections_of_a_stranger);
    s.allowed_origins = o.origins;
    s.allowed_hosts = o.host_names;
    s.threads = light_threads;
    // Blocks are made and derived at 0: under any load of requests they come first.
    s.niceness = polite_niceness;
    return s;
}

void limit(rpc::RpcOptions& rpc, const ListenerOptions& o) {
    rpc.client_version = std::string("mezzanine/") + version;
    rpc.max_batch = o.max_batch;
    rpc.max_answer_bytes = o.max_answer_bytes;
    rpc.max_log_blocks = o.max_log_blocks;
    rpc.max_logs = o.max_logs;
    rpc.call_gas_cap = o.call_gas_cap;
    rpc.call_timeout_ms = o.call_timeout_ms;
    rpc.sync_send_timeout_ms = o.sync_send_timeout_ms;
    rpc.max_sync_sends = o.max_sync_sends;
    rpc.trace_timeout_ms = o.trace_timeout_ms;
    rpc.max_traces = o.max_traces;
    // One thread stays for what is quick.
    rpc.max_traces_waiting = o.threads > o.max_traces + 1 ? o.threads - o.max_traces - 1 : 0;
}

node::Result<Bytes32> read_secret(const std::string& path) {
    std::ifstream file(path);
    std::string text;
    // A word, so that a newline at the end does not matter; longer ones are wrong anyway.
    if (!file || !(file >> text))
        return node::fatal("--jwt-secret " + path + ": cannot be read, or is empty");
    if (std::string more; file >> more) text.clear();
    if (!text.starts_with("0x")) text.insert(0, "0x");
    const auto secret = fixed_from_hex<Bytes32>(text);
    if (!secret)
        return node::fatal("--jwt-secret " + path +
                           ": expected 32 bytes as 64 hex digits; `openssl rand -hex 32` makes "
                           "some");
    return *secret;
}

node::Result<ListenerRules> access_rules(const ListenerOptions& o) {
    ListenerRules rules;
    rules.main.methods = o.methods;
    if (o.jwt_secret_file.empty()) return rules;
    const auto secret = read_secret(o.jwt_secret_file);
    if (!secret) return std::unexpected(secret.error());
    rules.main.secret = rules.admin.secret = *secret;
    rules.admin.token_for_all = true;
    if (o.admin_port) rules.main.hidden_methods = rpc::default_admin_methods();
    return rules;
}

}  // namespace mezz::app
