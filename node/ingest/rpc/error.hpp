// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What goes wrong with one JSON-RPC call. Thrown inside this module only: the dispatcher turns it
/// into an answer. spec: JSON-RPC 2.0 §5.1; EIP-1474.

#include <string>

#include "node/ports/chain_reader.hpp"
#include "node/ports/result.hpp"

namespace mezz::rpc {

enum Code : int {
    parse_error = -32700,
    invalid_request = -32600,
    method_not_found = -32601,
    invalid_params = -32602,
    internal_error = -32603,
    server_error = -32000,  ///< execution rejections, and what the node could not do
    unauthorized = -32001,  ///< the method takes a token
    timed_out = -32002,     ///< the time of one request is over
    limit_exceeded = -32005,
    pruned_history = 4444,  ///< spec: execution-apis, error groups of EIP-4444
    reverted = 3,
    sync_timed_out = 4,  ///< sent, in no block yet. spec: EIP-7966
    sync_not_ready = 5,  ///< sent, waits for an earlier nonce. spec: EIP-7966
};

struct RpcError {
    int code = server_error;
    std::string message;
    std::string data;  ///< raw JSON; empty: none
};

[[noreturn]] inline void fail(int code, std::string message, std::string data = {}) {
    throw RpcError{code, std::move(message), std::move(data)};
}

/// The value of a Result; a failure becomes the answer to this call.
template <class T>
T unwrap(node::Result<T>&& result) {
    if (!result) {
        const bool pruned = result.error().message.starts_with(node::PRUNED_HISTORY);
        fail(pruned ? pruned_history : server_error, std::move(result.error().message));
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace mezz::rpc
