// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the connections of one server share. Not for other modules.

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <map>
#include <mutex>

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

    /// returns: false when there are too many, or the server stops.
    bool add(const std::shared_ptr<Connection>& connection);
    void remove(const Connection* connection);
    void shut_down();
    /// returns: whether the last connection ended in time.
    bool wait(unsigned timeout_ms);
    /// `host`: the Host header of the same request.
    [[nodiscard]] bool allows(std::string_view origin, std::string_view host) const;

private:
    std::mutex mutex_;  ///< guards the rest
    std::condition_variable ended_;
    std::map<const Connection*, std::weak_ptr<Connection>> open_;
    bool stopping_ = false;
};

using UpgradeRequest = beast::http::request<beast::http::string_body>;

/// Serves HTTP on an accepted socket until it ends or becomes a WebSocket.
void serve_http(asio::ip::tcp::socket socket, Shared& shared);
/// Takes over a connection whose client asked for a WebSocket.
void serve_websocket(beast::tcp_stream stream, UpgradeRequest request, Shared& shared);

}  // namespace mezz::host::http
