// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Puts an RpcServer behind an HTTP router (POST / and WebSockets at any path) and behind a Unix
/// socket.

#include "node/host/http/router.hpp"
#include "node/host/ipc/server.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::rpc {

/// Also adds GET / and GET /health. Keeps a reference to `server`, which must outlive the router.
void serve(RpcServer& server, host::http::Router& router);

/// One WebSocket client of `server`, which must outlive it: requests, answers and subscriptions.
std::unique_ptr<host::http::WsSession> open_session(RpcServer& server,
                                                    std::shared_ptr<host::http::WsSender> sender);
/// Clients of a Unix socket can do what those of a WebSocket can. Keeps a reference to `server`.
[[nodiscard]] host::ipc::Open ipc_sessions(RpcServer& server);

}  // namespace mezz::rpc
