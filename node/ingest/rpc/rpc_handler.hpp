// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Puts an RpcServer behind an HTTP router (POST / and WebSockets at any path) and behind a Unix
/// socket.

#include "node/host/http/router.hpp"
#include "node/host/ipc/server.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::rpc {

/// Also adds GET / and GET /health. Keeps references: `server` and `access` must outlive the
/// router. `access`: who may call what here; null: everybody everything. A bad token gets 401.
void serve(RpcServer& server, host::http::Router& router, const Access* access = nullptr);

/// One WebSocket client of `server`, which must outlive it: requests, answers and subscriptions.
/// Without a caller it may call everything.
std::unique_ptr<host::http::WsSession> open_session(RpcServer& server,
                                                    std::shared_ptr<host::http::WsSender> sender,
                                                    std::optional<Caller> caller);
/// Clients of a Unix socket can do what those of a WebSocket can. Keeps a reference to `server`.
[[nodiscard]] host::ipc::Open ipc_sessions(RpcServer& server);

}  // namespace mezz::rpc
