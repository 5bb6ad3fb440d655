// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/frames.hpp"

#include "node/ingest/rpc/replay.hpp"
#include "node/ingest/rpc/txn_tracer.hpp"

namespace mezz::rpc {
namespace {

class Calls final : public TxnTracer {
public:
    [[nodiscard]] evm::Observer& observer() override { return tracer_; }
    [[nodiscard]] std::size_t size_bytes() const override { return tracer_.size_bytes(); }
    void print(JsonWriter& out, const TracedEnd&) override { out.null(); }
    trace::CallFrame finish(std::uint64_t gas_limit, std::uint64_t gas_used) {
        return tracer_.finish(gas_limit, gas_used);
    }

private:
    trace::CallTracer tracer_{{}};
};

Replay replay_of(Context& context, const FullBlock& block) {
    if (block.number() == 0) fail(server_error, "genesis is not traceable");
    return {context, block.number() - 1, unwrap(context.chain.context_of(block.number()))};
}

std::optional<trace::CallFrame> apply(Context& context, Replay& replay, const FullBlock& block,
                                      std::size_t index, Deadline deadline) {
    const Transaction& txn = block.block.transactions[index];
    Calls calls;
    Watch watch(calls, deadline - std::chrono::steady_clock::now(),
                context.options.max_trace_bytes);
    const Receipt receipt = replay.apply(txn, block.block.senders[index], &watch);
    if (!watch.problem().empty()) fail(server_error, watch.problem());
    if (!watch.ran()) return std::nullopt;
    return calls.finish(txn.gas_limit, receipt.cumulative_gas_used);
}

}  // namespace

Deadline trace_deadline(const Context& context) {
    return std::chrono::steady_clock::now() +
           std::chrono::milliseconds(context.options.trace_timeout_ms);
}

std::optional<trace::CallFrame> calls_of(Context& context, const FullBlock& block,
                                         std::size_t index, Deadline deadline) {
    Replay replay = replay_of(context, block);
    for (std::size_t i = 0; i < index; ++i)
        (void)replay.apply(block.block.transactions[i], block.block.senders[i]);
    return apply(context, replay, block, index, deadline);
}

void each_calls(Context& context, const FullBlock& block, Deadline deadline,
                const std::function<bool(std::size_t, const trace::CallFrame&)>& visit) {
    Replay replay = replay_of(context, block);
    for (std::size_t i = 0; i < block.block.transactions.size(); ++i) {
        if (std::chrono::steady_clock::now() > deadline) fail(server_error, "execution timeout");
        const auto top = apply(context, replay, block, i, deadline);
        if (top && !visit(i, *top)) return;
    }
}

void each_frame(const trace::CallFrame& top,
                const std::function<void(const trace::CallFrame&, std::int64_t)>& visit,
                std::int64_t depth) {
    visit(top, depth);
    for (const trace::CallFrame& call : top.calls) each_frame(call, visit, depth + 1);
}

}  // namespace mezz::rpc
