// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Many connections to one JSON-RPC endpoint, HTTP or WebSocket, driven by one thread: what a load
/// generator needs.
///
///     auto swarm = RpcSwarm::make(*parse_rpc_endpoint("ws://127.0.0.1:9545"), events);
///     (*swarm)->open(100, 5'000);
///     (*swarm)->send(7, R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId"})");
///     for (;;) (*swarm)->poll(1'000);            // answers come to `events`
///
/// Connections stay open. One that ended is opened again by the next `send`. Owned by one thread.

#include <memory>
#include <string>
#include <string_view>

#include "node/host/client/http_client.hpp"

namespace mezz::node {

struct RpcEndpoint {
    HttpUrl url;
    bool websocket = false;
    [[nodiscard]] std::string text() const;
};

/// "http://…" or "ws://…". errors: fatal, saying what is wrong with it.
Result<RpcEndpoint> parse_rpc_endpoint(std::string_view url);

class RpcSwarm {
public:
    class Events {
    public:
        virtual ~Events() = default;
        /// What came on a connection; valid during the call.
        virtual void on_message(std::size_t connection, std::string_view body) = 0;
        /// A connection ended or could not be made: what was asked on it stays without an answer.
        /// Not called where an HTTP server closes one that owes nothing.
        virtual void on_lost(std::size_t connection, const std::string& why) = 0;
    };

    /// Resolves the name. Keeps a reference to `events`. errors: retry.
    static Result<std::unique_ptr<RpcSwarm>> make(const RpcEndpoint& endpoint, Events& events);
    virtual ~RpcSwarm() = default;

    /// Opens that many more, with the handshakes of WebSockets. errors: retry, when one cannot be
    /// opened in time; fatal, when the process may not have so many.
    virtual Result<void> open(std::size_t count, std::uint64_t timeout_ms) = 0;
    [[nodiscard]] virtual std::size_t size() const = 0;
    /// Sends, or queues while the connection takes no more. HTTP: requires: what was sent before on
    /// this connection has its answer.
    virtual void send(std::size_t connection, std::string_view body) = 0;
    /// Waits until something came, at most that long, and gives it to the events.
    virtual void poll(std::uint64_t timeout_us) = 0;
};

}  // namespace mezz::node
