// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The configuration of debug_trace*. spec: geth, "TraceConfig"; geth, "Built-in tracers".

#include <chrono>

#include "node/ingest/rpc/json_value.hpp"
#include "node/ingest/rpc/rpc_server.hpp"
#include "node/ingest/rpc/tracers/call_tracer.hpp"
#include "node/ingest/rpc/tracers/flat_calls.hpp"
#include "node/ingest/rpc/tracers/prestate_tracer.hpp"
#include "node/ingest/rpc/tracers/struct_logger.hpp"

namespace mezz::rpc {

enum class TracerKind : std::uint8_t { steps, calls, flat_calls, prestate, four_byte, noop, mux };

/// One tracer; only the options of its kind mean anything.
struct TracerOptions {
    TracerKind kind = TracerKind::steps;
    trace::StructLogger::Options steps;
    trace::CallTracer::Options calls;
    trace::FlatOptions flat;
    trace::PrestateTracer::Options prestate;
    bool diff = false;                   ///< prestate: what changed rather than what was there
    std::string name;                    ///< as it was asked for
    std::vector<TracerOptions> members;  ///< mux: by name
};

struct TraceOptions {
    TracerOptions tracer;
    std::chrono::nanoseconds timeout{};  ///< of one transaction
};

/// Absent means: every instruction, and the server's own timeout. Throws on what is malformed and
/// "tracer not found".
[[nodiscard]] TraceOptions read_trace_options(const std::optional<Value>& value,
                                              const RpcOptions& server);

/// "1m30s", "500ms", "1.5h". spec: Go, time.ParseDuration, without signs.
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

}  // namespace mezz::rpc
