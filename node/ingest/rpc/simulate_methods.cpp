// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// eth_simulateV1.
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/print.hpp"
#include "node/ingest/rpc/simulation.hpp"

namespace mezz::rpc {
namespace {

constexpr int VM_ERROR = -32015;

void print_call(JsonWriter& out, const FullBlock& full, const SimulatedCall& call,
                std::size_t index, std::uint64_t& next_log) {
    const bool ok = call.status == evm::Status::success;
    out.object([&] {
        out.field("returnData").data(ok ? ByteView(call.output) : ByteView{});
        out.field("logs").array([&] {
            for (const Log& log : call.logs) print_log(out, full, log, index, next_log++);
        });
        out.field("gasUsed").quantity(call.gas_used);
        out.field("maxUsedGas").quantity(call.most_used);
        out.field("status").quantity(std::uint64_t{ok});
        if (ok) return;
        const bool is_revert = call.status == evm::Status::revert;
        out.field("error").object([&] {
            out.field("message").string(is_revert ? revert_message(call.output)
                                                  : std::string(failure_message(call.status)));
            out.field("code").number(std::int64_t{is_revert ? int{reverted} : VM_ERROR});
            if (is_revert) out.field("data").data(call.output);
        });
    });
}

void simulate(const Call& c) {
    const std::uint64_t base = require_block(c.context, c.params.get(1));
    const auto header = unwrap(c.context.chain.header(base));
    if (!header) fail(server_error, "header not found");
    const SimulationRequest request = read_simulation(c.params.at(0), *header);
    const auto blocks = simulate_blocks(c.context, base, request);
    c.out.array([&] {
        for (const SimulatedBlock& block : blocks)
            c.out.object([&] {
                print_block_fields(c.out, block.full, request.full_transactions);
                std::uint64_t next_log = 0;
                c.out.field("calls").array([&] {
                    for (std::size_t i = 0; i < block.calls.size(); ++i)
                        print_call(c.out, block.full, block.calls[i], i, next_log);
                });
            });
    });
}

}  // namespace

void add_simulate_methods(MethodTable& table) {
    table.add("eth_simulateV1",
              {"simulation: Simulation, block?: BlockId -> SimulatedBlock[]",
               "Blocks of calls, as they would be on a block."},
              simulate);
}

}  // namespace mezz::rpc
