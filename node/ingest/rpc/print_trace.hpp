// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Results of tracers as JSON, field for field as geth prints them.
/// spec: geth, "Built-in tracers"; execution-apis, debug_traceTransaction.

#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/tracers/call_tracer.hpp"
#include "node/ingest/rpc/tracers/flat_calls.hpp"
#include "node/ingest/rpc/tracers/prestate_tracer.hpp"
#include "node/ingest/rpc/tracers/struct_logger.hpp"

namespace mezz::rpc {

void print_call_frame(JsonWriter& out, const trace::CallFrame& frame);
void print_traced_state(JsonWriter& out, const trace::TracedState& state);
/// {"post": …, "pre": …}
void print_state_change(JsonWriter& out, const trace::StateChange& change);

/// Where a transaction stands in the chain.
struct TracedPlace {
    Bytes32 block_hash;
    std::uint64_t block_number = 0;
    Bytes32 txn_hash;
    std::uint64_t index = 0;
};
/// `place`: none of a call that is no transaction; the fields that say it are then null or zero.
void print_flat_calls(JsonWriter& out, const std::vector<trace::FlatCall>& calls,
                      const std::optional<TracedPlace>& place);

struct StructTrace {
    std::uint64_t gas_used = 0;
    bool failed = false;
    ByteView return_value;
    const std::vector<trace::StructLog>& logs;
    trace::StructLogger::Options options;
};
/// {"gas", "failed", "returnValue", "structLogs"}
void print_struct_trace(JsonWriter& out, const StructTrace& trace);

}  // namespace mezz::rpc
