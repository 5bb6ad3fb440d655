// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any bytes as a request: the answer is JSON or nothing, and nothing else happens.
#include <simdjson.h>

#include "core/base/assert.hpp"
#include "node/ingest/rpc/rpc_server.hpp"
#include "node/ingest/rpc/stub_chain.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static mezz::rpc::test::StubChain chain;
    static mezz::rpc::test::StubPool pool;
    static mezz::rpc::RpcServer server(chain, pool, {.call_gas_cap = 200'000});
    static simdjson::dom::parser parser;
    const std::string answer =
        server.handle(std::string_view(reinterpret_cast<const char*>(data), size));
    ASSERT(answer.empty() || parser.parse(answer).error() == simdjson::SUCCESS);
    return 0;
}
