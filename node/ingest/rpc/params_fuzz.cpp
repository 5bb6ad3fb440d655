// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Any parameters of every method: an error of the client names where it is.
#include <simdjson.h>

#include "core/base/assert.hpp"
#include "node/ingest/rpc/rpc_server.hpp"
#include "node/ingest/rpc/stub_chain.hpp"

namespace {

/// The first byte of an input chooses; seeds keep their meaning while names are added at the end.
constexpr std::string_view methods[] = {"eth_getBalance",
                                        "eth_getStorageAt",
                                        "eth_getStorageValues",
                                        "eth_getCode",
                                        "eth_getTransactionCount",
                                        "eth_getProof",
                                        "eth_getBlockByNumber",
                                        "eth_getBlockByHash",
                                        "eth_getBlockReceipts",
                                        "eth_getBlockTransactionCountByNumber",
                                        "eth_getBlockTransactionCountByHash",
                                        "eth_getUncleByBlockHashAndIndex",
                                        "eth_getUncleCountByBlockNumber",
                                        "eth_getTransactionByHash",
                                        "eth_getTransactionByBlockHashAndIndex",
                                        "eth_getTransactionByBlockNumberAndIndex",
                                        "eth_getTransactionReceipt",
                                        "eth_sendRawTransaction",
                                        "eth_call",
                                        "eth_estimateGas",
                                        "eth_createAccessList",
                                        "eth_simulateV1",
                                        "eth_feeHistory",
                                        "eth_getLogs",
                                        "eth_newFilter",
                                        "eth_newPendingTransactionFilter",
                                        "eth_getFilterChanges",
                                        "eth_getFilterLogs",
                                        "eth_uninstallFilter",
                                        "eth_subscribe",
                                        "eth_unsubscribe",
                                        "eth_sendTransaction",
                                        "eth_sign",
                                        "debug_traceTransaction",
                                        "debug_traceBlockByNumber",
                                        "debug_traceBlockByHash",
                                        "debug_traceBlock",
                                        "debug_traceCall",
                                        "debug_getRawHeader",
                                        "debug_getRawBlock",
                                        "debug_getRawReceipts",
                                        "debug_getRawTransaction",
                                        "txpool_content",
                                        "txpool_contentFrom",
                                        "web3_sha3",
                                        "testing_buildBlockV1",
                                        "eth_baseFee",
                                        "eth_config"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static mezz::rpc::test::StubChain chain;
    static mezz::rpc::test::StubPool pool;
    static mezz::rpc::RpcServer server(chain, pool, {.call_gas_cap = 200'000});
    static simdjson::dom::parser parser;
    if (size == 0) return 0;
    const std::string_view method = methods[data[0] % std::size(methods)];
    std::string body =
        R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + R"(","params":)";
    body.append(reinterpret_cast<const char*>(data) + 1, size - 1);
    body += "}";
    const std::string answer = server.handle(std::string_view(body));
    simdjson::dom::element parsed, code, message;
    ASSERT(parser.parse(answer).get(parsed) == simdjson::SUCCESS);
    if (parsed.at_pointer("/error/code").get(code) != simdjson::SUCCESS) return 0;
    ASSERT(parsed.at_pointer("/error/message").get(message) == simdjson::SUCCESS);
    const std::string_view text(message);
    // An exception that is no RpcError is a decoder that did not check.
    ASSERT(!text.starts_with("internal error"));
    return 0;
}
