// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Puts an RpcServer behind an HTTP router: POST / and WebSockets at any path.

#include "node/host/http/router.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::rpc {

/// Also adds GET / and GET /health. Keeps references: `server` and `access` must outlive the
/// router. `access`: who may call what here; null: everybody everything. A bad token gets 401.
void serve(RpcServer& server, host::http::Router& router, const Access* access = nullptr);

}  // namespace mezz::rpc
