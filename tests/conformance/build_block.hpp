// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// testing_buildBlockV1: makes a block on the head and forgets it. A method of test harnesses that
/// no node of this stack has. spec: execution-apis, src/testing.

#include "node/ingest/rpc/rpc_server.hpp"
#include "tests/conformance/served_chain.hpp"

namespace mezz::conformance {

/// `params`: parent hash, payload attributes, transactions or null (those of the pool), extra data.
/// errors: -32602 for malformed parameters, -32000 for a transaction that cannot be included.
rpc::RawResult build_block(ServedChain& chain, node::TxnPool& pool, std::string_view params);

}  // namespace mezz::conformance
