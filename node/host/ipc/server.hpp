// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// JSON messages over a Unix socket, which only the user who runs the node can open.
///
///     auto server = ipc::Server::start({.path = "/run/mezz.ipc"}, open);
///
/// A client writes JSON values one after another, with or without space between, and gets one a
/// line; that is geth's framing. The socket is a file of mode 0600. One that a dead process left
/// behind is replaced, one that somebody listens on is an error. It is removed at the end.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "node/ports/result.hpp"

namespace mezz::host::ipc {

struct ServerOptions {
    std::filesystem::path path;
    std::string path_flag = "--ipc";  ///< how the user chooses it, for errors
    unsigned threads = 1;
    std::size_t max_message_bytes = 5 << 20;
    std::size_t max_connections = 256;
    /// A client that leaves more than this unread is closed.
    std::size_t max_queued_bytes = 16 << 20;
    /// Least time `stop` gives requests under way.
    unsigned stop_timeout_ms = 2'000;
};

/// One client's side of the application. Destroyed when the connection ends.
class Session {
public:
    virtual ~Session() = default;
    /// Has 64 bytes of capacity after its end.
    virtual void on_message(std::string& message) = 0;
};

/// Queues a message to a client, from any thread; harmless once the connection is gone.
using Send = std::function<void(std::string)>;
using Open = std::function<std::unique_ptr<Session>(Send)>;

/// Thread-safe. Stops when destroyed.
class Server {
public:
    /// errors: fatal when it cannot listen.
    static node::Result<std::unique_ptr<Server>> start(ServerOptions options, Open open);
    virtual ~Server() = default;
    /// Accepts no more, finishes requests under way, closes everything, removes the socket.
    virtual void stop() = 0;
};

}  // namespace mezz::host::ipc
