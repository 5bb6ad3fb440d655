// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/listener.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>
#include <fstream>

#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// What strangers may hold at most, each.
constexpr std::size_t connections_of_a_stranger = 256;
/// Blocks are made and derived at 0: under any load of requests they come first.
constexpr int niceness = 10;
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
    const std::string group = "Listening";
    const auto add = [&](const char* name, auto& value, const char* text) {
        return command.add_option(name, value, text)->group(group);
    };
    add("--host", o.host, "Address to listen on")->check(is_address);
    add("--cors", o.origins, "Origins whose pages may call, or * for any")
        ->delimiter(',')
        ->check(is_origin);
    add("--allow-host", o.host_names,
        "Names by which requests may address this node, besides IP addresses; * for any")
        ->delimiter(',');
    add("--methods", o.methods, "Methods served, as eth_*,net_version; default: all")
        ->delimiter(',')
        ->check(is_pattern);
    add("--jwt-secret", o.jwt_secret_file,
        "File with 32 bytes in hex: methods that administer take a token (HS256) made with it");
    add("--admin-port", o.admin_port,
        "Port for administrators, every request with a token; the other port then has no such "
        "methods")
        ->check(CLI::Range(0, 65535));
    const std::string limits = "Limits";
    const auto size = [&](const char* name, std::size_t& value, const char* text) {
        command.add_option(name, value, text)
            ->group(limits)
            ->transform(CLI::AsSizeValue(false))
            ->check(CLI::Range(std::size_t{1024}, std::size_t{1} << 32));
    };
    const auto count = [&](const char* name, auto& value, const char* text, std::uint64_t least,
                           std::uint64_t most) {
        command.add_option(name, value, text)->group(limits)->check(CLI::Range(least, most));
    };
    size("--max-body", o.max_body_bytes, "Bytes of a request, as 5MiB");
    size("--max-answer", o.max_answer_bytes, "Bytes of an answer, as 64MiB; traces aside");
    count("--max-batch", o.max_batch, "Requests in a batch", 1, 100'000);
    count("--max-connections", o.max_connections, "Connections in all", 1, 1'000'000);
    count("--max-connections-per-address", o.max_connections_per_address,
          "Connections of one remote address; default: 256, on a loopback address all", 1,
          1'000'000);
    count("--max-log-blocks", o.max_log_blocks, "Blocks of one eth_getLogs", 1, 100'000'000);
    count("--max-logs", o.max_logs, "Logs of one eth_getLogs", 1, 10'000'000);
    count("--call-gas-cap", o.call_gas_cap, "Gas of eth_call, estimates and simulations", 21'000,
          10'000'000'000);
    count("--call-timeout", o.call_timeout_ms,
          "Milliseconds of eth_call, an estimate, an access list or a simulation", 1, 600'000);
    count("--sync-send-timeout", o.sync_send_timeout_ms,
          "Milliseconds eth_sendRawTransactionSync waits where the client does not say", 1, 60'000);
    count("--max-sync-sends", o.max_sync_sends,
          "Calls of eth_sendRawTransactionSync that wait at once", 1, 4096);
    count("--trace-timeout", o.trace_timeout_ms, "Milliseconds of a traced transaction", 1, 60'000);
    count("--max-traces", o.max_traces, "Traces and simulations at once", 1, 256);
    count("--rpc-threads", o.threads,
          "Threads for requests that execute code or read many blocks; others have their own", 1,
          256);
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
    s.heavy_threads = o.threads + static_cast<unsigned>(o.max_sync_sends);
    s.max_body_bytes = o.max_body_bytes;
    s.max_connections = o.max_connections;
    s.max_connections_per_address = o.max_connections_per_address.value_or(
        is_loopback(o.host) ? o.max_connections : connections_of_a_stranger);
    s.allowed_origins = o.origins;
    s.allowed_hosts = o.host_names;
    s.threads = light_threads;
    s.niceness = niceness;
    return s;
}

void limit(rpc::RpcOptions& rpc, const ListenerOptions& o) {
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
