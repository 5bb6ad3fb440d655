// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// An HTTP/1.1 and WebSocket server on one port.
///
///     auto server = http::Server::start({.port = 8545}, handler);
///     server->port();                       // the bound one when 0 was asked for
///
/// The server reads, limits and times; a Handler answers. Handlers run on the server's threads, one
/// request of a connection at a time; several connections at once when `threads` > 1. Everything a
/// client can do wrong ends in an answer or a closed connection, never in an exception here.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/ports/result.hpp"

namespace mezz::host::http {

struct ServerOptions {
    std::string host = "127.0.0.1";  ///< address to listen on
    std::uint16_t port = 0;          ///< 0: any free one
    std::string port_flag;           ///< how the user chooses the port, for errors
    unsigned threads = 1;
    std::size_t max_body_bytes = 5 << 20;
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_connections = 1024;
    /// A request's headers and body must arrive, and its answer be taken, within this time.
    unsigned read_timeout_ms = 30'000;
    /// A connection without a request is closed after this time.
    unsigned idle_timeout_ms = 120'000;
    /// A WebSocket client that leaves more than this unread is closed.
    std::size_t max_queued_bytes = 16 << 20;
    /// Origins browsers may call from; "*" allows every page, "self" those that this server serves
    /// under a name of this machine (127.0.0.1, localhost, [::1]) and no other.
    std::vector<std::string> allowed_origins{"*"};
    /// Least time `stop` gives requests under way.
    unsigned stop_timeout_ms = 2'000;
};

struct HttpRequest {
    std::string_view method;
    std::string_view target;  ///< path and query, as sent
    /// May be changed in place. Has at least `body_padding` bytes of capacity after its end.
    std::string& body;
    /// The value of a header, "" without it; names in any case. Valid while the request is handled.
    std::function<std::string_view(std::string_view name)> header{};
};
inline constexpr std::size_t body_padding = 64;

struct HttpResponse {
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/json";
    std::string allow;      ///< with 405: the methods that exist
    std::string headers{};  ///< more of them, each line with its CRLF
};

/// Whether the Host header of a request names this machine itself: 127.0.0.1, localhost or [::1],
/// with any port. A page under another name that resolves to this machine (DNS rebinding) sends
/// that name.
[[nodiscard]] bool is_local_host(std::string_view host);

/// The way to one WebSocket client. Thread-safe; outlives the connection harmlessly.
class WsSender {
public:
    virtual ~WsSender() = default;
    /// Queues a text message. A client that does not read is closed, not waited for.
    virtual void send(std::string message) = 0;
    virtual void close() = 0;
};

/// One WebSocket client's side of the application. Destroyed when the connection ends.
class WsSession {
public:
    virtual ~WsSession() = default;
    /// Has `body_padding` bytes of capacity after its end.
    virtual void on_message(std::string& message) = 0;
};

class Handler {
public:
    virtual ~Handler() = default;
    virtual HttpResponse handle(const HttpRequest& request) = 0;
    /// returns: nullptr to refuse WebSockets at this target. `sender` is shared: notifications come
    /// from other threads than messages.
    virtual std::unique_ptr<WsSession> open(std::string_view target,
                                            std::shared_ptr<WsSender> sender) = 0;
};

/// Thread-safe. Stops when destroyed.
class Server {
public:
    /// Keeps a reference to `handler`. errors: fatal when it cannot listen.
    static node::Result<std::unique_ptr<Server>> start(ServerOptions options, Handler& handler);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Accepts no more, finishes requests under way, closes everything, joins the threads.
    virtual void stop() = 0;
};

}  // namespace mezz::host::http
