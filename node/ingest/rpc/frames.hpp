// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The calls of transactions that are in a block, found by executing them again: what explorers
/// show and search. All throw what Replay does, and when there is no answer by `deadline`.

#include <chrono>

#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/tracers/call_tracer.hpp"

namespace mezz::rpc {

using Deadline = std::chrono::steady_clock::time_point;

/// The timeout of traces, from now.
[[nodiscard]] Deadline trace_deadline(const Context& context);

/// The outermost call of one transaction; none when it made no call: a deposit can fail before.
[[nodiscard]] std::optional<trace::CallFrame> calls_of(Context& context, const FullBlock& block,
                                                       std::size_t index, Deadline deadline);
/// Visits those of every transaction of a block, in order, until `visit` returns false.
void each_calls(Context& context, const FullBlock& block, Deadline deadline,
                const std::function<bool(std::size_t index, const trace::CallFrame&)>& visit);

/// Visits a call and those below it, in the order they began.
void each_frame(const trace::CallFrame& top,
                const std::function<void(const trace::CallFrame&, std::int64_t depth)>& visit,
                std::int64_t depth = 0);

}  // namespace mezz::rpc
