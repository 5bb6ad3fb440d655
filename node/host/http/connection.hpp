// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the connections of one server share. Not for other modules.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <map>
#include <mutex>

#include "node/host/http/lanes.hpp"
#include "node/host/http/server.hpp"

namespace mezz::host::http {

namespace asio = boost::asio;
namespace beast = boost::beast;

/// An open connection, as the server sees it when it stops.
class Connection {
public:
    virtual ~Connection() = default;
    /// Ends soon: after the request under way. From any thread.
    virtual void shut_down() = 0;
};

/// Thread-safe. Outlives every connection.
class Shared {
public:
    Shared(ServerOptions options_, Handler& handler_)
        : options(std::move(options_)), handler(handler_) {}

    const ServerOptions options;
    Handler& handler;
    // Set before the first connection.
    Lanes* lanes = nullptr;
    asio::io_context* pool = nullptr;  ///< runs what takes long
    [[nodiscard]] Weight weight(std::string_view body) const {
        return options.long_threads > 0 ? handler.weight(body) : Weight::light;
    }

    /// returns: false when there are too many, in all or of this address, or the server stops.
    bool add(const std::shared_ptr<Connection>& connection, const asio::ip::address& address);
    /// A connection becomes another one; its place is kept.
    void replace(const Connection* old, const std::shared_ptr<Connection>& connection);
    void remove(const Connection* connection);
    void shut_down();
    /// returns: whether the last connection ended in time.
    bool wait(unsigned timeout_ms);
    [[nodiscard]] bool stopping() const noexcept { return stopping_; }
    /// Whether a page of `origin` may call the server that it calls `host`.
    [[nodiscard]] bool allows_origin(std::string_view origin, std::string_view host) const;
    /// Whether a request may address this server as `host`, a name or address with or without port.
    [[nodiscard]] bool allows_host(std::string_view host) const;
    [[nodiscard]] ServerStatus status() const;

    std::atomic<std::size_t> websockets = 0;
    std::atomic<std::uint64_t> refused = 0;
    std::atomic<std::size_t> pending_bytes = 0;  ///< promised to requests being read
    /// Not sent yet to WebSocket clients; what they share does not count, for it is there once.
    std::atomic<std::size_t> queued_bytes = 0;

private:
    struct Place {
        std::weak_ptr<Connection> connection;
        asio::ip::address address;
    };
    mutable std::mutex mutex_;  ///< guards the rest
    std::condition_variable ended_;
    std::map<const Connection*, Place> open_;
    std::map<asio::ip::address, std::size_t> of_address_;
    std::atomic<bool> stopping_ = false;
};

using UpgradeRequest = beast::http::request<beast::http::string_body>;

/// Serves HTTP on an accepted socket until it ends or becomes a WebSocket.
void serve_http(asio::ip::tcp::socket socket, Shared& shared);
/// Takes over the connection `http`, whose client asked for a WebSocket.
void serve_websocket(beast::tcp_stream stream, UpgradeRequest request, Shared& shared,
                     const Connection* http);

}  // namespace mezz::host::http
