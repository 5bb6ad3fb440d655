// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// An HTTP/1.1 and WebSocket server on one port.
///
///     auto server = http::Server::start({.port = 8545}, handler);
///     server->port();                       // the bound one when 0 was asked for
///
/// The server reads, limits and times; a Handler answers. Handlers run on the server's threads, one
/// request of a connection at a time; connections of different threads at once. Everything a
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
    /// More threads, for requests that the handler does not call light: those do not hold up the
    /// others. 0: all are alike.
    unsigned long_threads = 0;
    /// Brief ones under way at once, each of which may take a thread should it be long; what comes
    /// then waits for a long thread.
    unsigned most_brief = 4;
    std::size_t max_body_bytes = 5 << 20;
    std::size_t max_header_bytes = 16 << 10;
    std::size_t max_connections = 1024;
    /// Of one remote address, which is what a single client can hold.
    std::size_t max_connections_per_address = 1024;
    /// Of all requests being read at once: a request that does not fit is refused with 503.
    std::size_t max_pending_bytes = 256 << 20;
    /// A request's headers and body must arrive, and its answer be taken, within this time.
    unsigned read_timeout_ms = 30'000;
    /// A connection without a request is closed after this time.
    unsigned idle_timeout_ms = 120'000;
    /// A WebSocket client that leaves more than this unread is closed.
    std::size_t max_queued_bytes = 16 << 20;
    /// The same over all WebSocket clients: whoever has something queued then is closed.
    std::size_t max_queued_bytes_in_all = 256 << 20;
    /// Origins browsers may call from; "*" allows every page. A page of the server itself always
    /// may.
    std::vector<std::string> allowed_origins{"*"};
    /// Names a request may address this server by; "*" allows any. IP addresses always may. A page
    /// whose name was made to point here (DNS rebinding) is refused by it.
    std::vector<std::string> allowed_hosts{"localhost"};
    /// Time `stop` gives requests under way; then it calls `on_stop_timeout`, gives as much again
    /// and closes what is left.
    unsigned stop_timeout_ms = 500;
    /// Makes handlers that take long give up. May be empty.
    std::function<void()> on_stop_timeout;
    /// How far the server's threads stand back behind other threads of the process, 0 to 19 (as of
    /// nice(1)). A node's blocks are made at 0.
    int niceness = 0;
};

/// How busy a server is.
struct ServerStatus {
    std::size_t connections = 0;  ///< open, WebSockets included
    std::size_t websockets = 0;
    std::uint64_t refused = 0;  ///< connections and requests turned away for a limit, so far
};

struct HttpRequest {
    std::string_view method;
    std::string_view target;  ///< path and query, as sent
    /// May be changed in place. Has at least `body_padding` bytes of capacity after its end.
    std::string& body;
    std::string_view authorization = {};  ///< the header of that name; empty: none
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
/// What a client said when it asked for a WebSocket.
struct Handshake {
    std::string_view target;
    std::string_view authorization;
};

/// Text that the messages of many clients end with, in memory once. Shared across threads: the last
/// connection that has sent it frees it.
using SharedText = std::shared_ptr<const std::string>;

/// The way to one WebSocket client. Thread-safe; outlives the connection harmlessly.
class WsSender {
public:
    virtual ~WsSender() = default;
    /// Queues a text message: `head`, then what is shared, if anything. A client that does not read
    /// is closed, not waited for.
    virtual void send(std::string head, SharedText tail) = 0;
    void send(std::string message) { send(std::move(message), nullptr); }
    virtual void close() = 0;
};

/// One WebSocket client's side of the application. Destroyed when the connection ends.
class WsSession {
public:
    virtual ~WsSession() = default;
    /// Has `body_padding` bytes of capacity after its end.
    virtual void on_message(std::string& message) = 0;
};

/// What a request, or message of a WebSocket, takes.
enum class Weight : std::uint8_t {
    light,  ///< always little
    brief,  ///< nearly always less than a switch to another thread
    heavy,  ///< perhaps seconds
};

class Handler {
public:
    virtual ~Handler() = default;
    /// Fast: every body is asked about.
    [[nodiscard]] virtual Weight weight(std::string_view /*body*/) const { return Weight::light; }
    virtual HttpResponse handle(const HttpRequest& request) = 0;
    /// returns: nullptr to refuse this client (403). `sender` is shared: notifications come from
    /// other threads than messages.
    virtual std::unique_ptr<WsSession> open(const Handshake& handshake,
                                            std::shared_ptr<WsSender> sender) = 0;
};

/// Thread-safe. Stops when destroyed.
class Server {
public:
    /// Keeps a reference to `handler`. errors: fatal when it cannot listen.
    static node::Result<std::unique_ptr<Server>> start(ServerOptions options, Handler& handler);
    virtual ~Server() = default;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    [[nodiscard]] virtual ServerStatus status() const = 0;
    /// Accepts no more, finishes requests under way, closes everything, joins the threads.
    virtual void stop() = 0;
};

}  // namespace mezz::host::http
