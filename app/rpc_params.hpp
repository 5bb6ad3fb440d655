// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Parameters of the methods that the app adds to a node's RPC. `params` is a JSON array. Errors
/// are -32602 and name the parameter.

#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::app {

/// A number, as such or as 0x quantity. returns: none when it is null or left out.
std::expected<std::optional<std::uint64_t>, rpc::RpcError> number_param(std::string_view params,
                                                                        std::size_t index,
                                                                        const char* name);
/// The same, but it has to be there.
std::expected<std::uint64_t, rpc::RpcError> needed_number_param(std::string_view params,
                                                                std::size_t index,
                                                                const char* name);
/// 32 bytes of 0x hex.
std::expected<Bytes32, rpc::RpcError> hash_param(std::string_view params, std::size_t index,
                                                 const char* name);

}  // namespace mezz::app
