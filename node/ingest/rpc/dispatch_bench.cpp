// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// The RPC's own share of a request: parsing, dispatch and writing, over a pool that does nothing.
#include <benchmark/benchmark.h>

#include "node/ingest/rpc/rpc_server.hpp"
#include "node/ingest/rpc/stub_chain.hpp"

namespace mezz::rpc {
namespace {

std::string send_request(int id) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
           R"(,"method":"eth_sendRawTransaction","params":["0x02)" + std::string(230, 'a') + "\"]}";
}

void run(benchmark::State& state, const std::string& request, std::int64_t calls) {
    test::StubChain chain;
    test::StubPool pool;
    RpcServer server(chain, pool);
    std::string body = request;
    body.reserve(body.size() + 64);
    for (auto _ : state) {
        std::string answer = server.handle(body);
        benchmark::DoNotOptimize(answer.data());
    }
    state.SetItemsProcessed(state.iterations() * calls);
}

void send_raw_transaction(benchmark::State& state) {
    run(state, send_request(1), 1);
}
BENCHMARK(send_raw_transaction);

void send_raw_transaction_batch(benchmark::State& state) {
    std::string body = "[";
    for (int i = 0; i < state.range(0); ++i) body += (i == 0 ? "" : ",") + send_request(i);
    run(state, body + "]", state.range(0));
}
BENCHMARK(send_raw_transaction_batch)->Arg(100)->Arg(1000);

void chain_id(benchmark::State& state) {
    run(state, R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]})", 1);
}
BENCHMARK(chain_id);

}  // namespace
}  // namespace mezz::rpc
