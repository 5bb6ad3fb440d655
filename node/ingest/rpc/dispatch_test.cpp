// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <random>
#include <thread>

#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class Dispatch : public RpcTest {};

std::string error_of(int code, std::string_view message) {
    return R"({"jsonrpc":"2.0","id":null,"error":{"code":)" + std::to_string(code) +
           R"(,"message":")" + std::string(message) + "\"}}";
}

TEST_F(Dispatch, ids_come_back_as_they_were) {
    for (const char* id : {"1", "-7", "\"abc\"", "\"a\\\"b\"", "null", "1.5"})
        EXPECT_EQ(
            ask(std::string(R"({"jsonrpc":"2.0","id":)") + id + R"(,"method":"eth_chainId"})"),
            std::string(R"({"jsonrpc":"2.0","id":)") + id + R"(,"result":"0x385"})");
}

TEST_F(Dispatch, bytes_that_are_no_json_get_a_parse_error) {
    for (const char* body : {"", "{", "hello", "{\"id\":1,}", "[1,2", "\xff\xfe", "\"\xc3\""})
        EXPECT_TRUE(ask(body).starts_with(
            R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error: )"))
            << body << ask(body);
}

TEST_F(Dispatch, deep_nesting_is_refused) {
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    EXPECT_EQ(ask(deep), error_of(-32700, "parse error: nested deeper than 64 levels"));
    EXPECT_TRUE(ask(std::string(100'000, '[')).find("-32700") != std::string::npos);
}

TEST_F(Dispatch, what_is_no_request_is_invalid) {
    for (const char* body :
         {"1", "{}", R"({"jsonrpc":"1.0","method":"eth_chainId"})", R"({"method":"eth_chainId"})",
          R"({"jsonrpc":2,"method":"eth_chainId"})", R"({"jsonrpc":"2.0","method":5})",
          R"({"jsonrpc":"2.0","id":{},"method":"eth_chainId"})"})
        EXPECT_EQ(ask(body), error_of(-32600, "invalid request")) << body;
    EXPECT_EQ(ask("[]"), error_of(-32600, "empty batch"));
    EXPECT_EQ(ask("[1]"), "[" + error_of(-32600, "invalid request") + "]");
}

TEST_F(Dispatch, parameters_are_an_array_of_at_most_what_the_method_takes) {
    const auto refused = [&](std::string_view method, std::string_view params) {
        const std::string answer = call(method, params);
        constexpr std::string_view start =
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":")";
        EXPECT_TRUE(answer.starts_with(start)) << answer;
        return answer.substr(start.size(), answer.size() - start.size() - 3);
    };
    for (const char* params : {"{}", R"({"a":1})", R"("x")", "5", "true"})
        EXPECT_EQ(refused("eth_chainId", params),
                  "params: expected an array: parameters are by position");
    EXPECT_EQ(result("eth_chainId", "null"), "\"0x385\"");
    EXPECT_EQ(refused("eth_chainId", "[1]"), "too many arguments, want at most 0");
    const std::string address = text(other);
    EXPECT_EQ(refused("eth_getBalance", "[" + address + R"(,"latest",null])"),
              "too many arguments, want at most 2");
    // What comes last may be left out, or null.
    for (const std::string& params :
         {"[" + address + "]", "[" + address + ",null]", "[" + address + R"(,"latest"])"})
        EXPECT_EQ(result("eth_getBalance", params), "\"0x0\"");
    EXPECT_EQ(refused("eth_getBalance", R"([null,"latest"])"),
              "missing value for required argument 0");
    // An unknown method is that, whatever its parameters.
    EXPECT_NE(call("eth_nonsense", "{}").find("-32601"), std::string::npos);
}

TEST_F(Dispatch, unknown_methods_say_so_in_geths_words) {
    for (const char* method : {"eth_hashrate", "anvil_nodeInfo", "nonsense"})
        EXPECT_EQ(call(method),
                  R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"the method )" +
                      std::string(method) + R"( does not exist/is not available"}})");
}

TEST_F(Dispatch, bad_parameters_are_named) {
    const auto message = [&](std::string_view method, std::string_view params) {
        const std::string answer = call(method, params);
        EXPECT_NE(answer.find("\"code\":-32602"), std::string::npos) << answer;
        const auto at = answer.find("\"message\":\"") + 11;
        return answer.substr(at, answer.size() - at - 3);
    };
    EXPECT_EQ(message("eth_getBalance", "[]"), "missing value for required argument 0");
    EXPECT_EQ(message("eth_getBalance", R"(["0x12"])"),
              R"(params[0]: expected an address of 20 bytes, got \"0x12\")");
    EXPECT_EQ(message("eth_call", R"([{"gas":"12"}])"),
              R"(params[0].gas: expected a hex quantity, got \"12\")");
    for (const char* gas : {"\"0x\"", "\"0x01\"", "\"0xg\"", "5", "true", "\"\""})
        EXPECT_EQ(message("eth_call", std::string(R"([{"gas":)") + gas + "}]").substr(0, 39),
                  "params[0].gas: expected a hex quantity,");
    EXPECT_EQ(message("eth_call", R"([{"gas":"0x10000000000000000"}])").substr(0, 43),
              "params[0].gas: expected a hex quantity of a");
    EXPECT_EQ(
        message(
            "eth_call",
            R"([{"accessList":[{"address":"0x0000000000000000000000000000000000000000","storageKeys":["0x1"]}]}])"),
        R"(params[0].accessList[0].storageKeys[0]: expected a hash of 32 bytes, got \"0x1\")");
    EXPECT_EQ(message("eth_getBlockByNumber", R"(["newest",false])").substr(0, 10), "params[0]:");
}

TEST_F(Dispatch, notifications_get_no_answer) {
    EXPECT_EQ(ask(R"({"jsonrpc":"2.0","method":"eth_chainId"})"), "");
    EXPECT_EQ(ask(R"([{"jsonrpc":"2.0","method":"eth_chainId"}])"), "");
    EXPECT_EQ(ask(R"([{"jsonrpc":"2.0","method":"eth_chainId"},
                      {"jsonrpc":"2.0","method":"net_version","id":3},
                      {"jsonrpc":"2.0","method":"nope"}])"),
              R"([{"jsonrpc":"2.0","id":3,"result":"901"}])");
}

TEST_F(Dispatch, batches_answer_in_order_up_to_the_limit) {
    const auto batch = [](int n) {
        std::string body = "[";
        for (int i = 0; i < n; ++i)
            body += (i == 0 ? "" : ",") + std::string(R"({"jsonrpc":"2.0","id":)") +
                    std::to_string(i) + R"(,"method":"net_version"})";
        return body + "]";
    };
    EXPECT_EQ(
        ask(batch(2)),
        R"([{"jsonrpc":"2.0","id":0,"result":"901"},{"jsonrpc":"2.0","id":1,"result":"901"}])");
    EXPECT_NE(ask(batch(100)).find("\"id\":99"), std::string::npos);
    EXPECT_EQ(ask(batch(101)), error_of(-32600, "batch too large: at most 100 requests"));
}

TEST_F(Dispatch, an_answer_larger_than_allowed_is_refused) {
    RpcOptions options;
    options.max_answer_bytes = 100;
    RpcServer small(*chain, pool, options);
    small.add("mezz_large", {"-> string", "Answers much."},
              [](std::string_view) -> RawResult { return "\"" + std::string(200, 'x') + "\""; });
    EXPECT_EQ(small.handle(std::string_view(R"({"jsonrpc":"2.0","id":1,"method":"mezz_large"})")),
              R"({"jsonrpc":"2.0","id":1,"error":{"code":-32005,"message":)"
              R"("answer larger than 100 bytes; ask for less"}})");
}

TEST_F(Dispatch, a_batch_that_takes_too_long_ends_early) {
    RpcOptions options;
    options.max_request_ms = 20;
    RpcServer slow(*chain, pool, options);
    slow.add("mezz_slow", {"-> integer", "Takes its time."}, [](std::string_view) -> RawResult {
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        return "1";
    });
    const std::string call = R"({"jsonrpc":"2.0","id":1,"method":"mezz_slow"})";
    const std::string answer = slow.handle(std::string_view("[" + call + "," + call + "]"));
    EXPECT_EQ(answer, R"([{"jsonrpc":"2.0","id":1,"result":1},)"
                      R"({"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":)"
                      R"("batch took too long: send fewer requests at once"}}])");
}

TEST_F(Dispatch, few_traces_run_at_once) {
    RpcOptions options;
    options.max_traces = 1;
    options.max_traces_waiting = 1;
    options.trace_wait_ms = 10'000;
    RpcServer two(*chain, pool, options);
    std::atomic<int> running = 0, most = 0;
    std::atomic<bool> go = false;
    two.add("trace_slow", {"-> integer", "Waits."}, [&](std::string_view) -> RawResult {
        most = std::max(most.load(), ++running);
        while (!go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        --running;
        return "1";
    });
    const std::string_view call = R"({"jsonrpc":"2.0","id":1,"method":"trace_slow"})";
    std::string answers[2];
    std::thread first([&] { answers[0] = two.handle(call); });
    while (running == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::thread second([&] { answers[1] = two.handle(call); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    // The second waits: the third finds no place to wait.
    const std::string third = two.handle(call);
    EXPECT_NE(third.find("too many traces and simulations at once: at most 1"), std::string::npos);
    // Other methods are answered meanwhile.
    EXPECT_NE(two.handle(std::string_view(R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId"})"))
                  .find("result"),
              std::string::npos);
    go = true;
    first.join();
    second.join();
    EXPECT_EQ(answers[0], answers[1]);
    EXPECT_EQ(most, 1);
}

TEST_F(Dispatch, calls_are_counted_by_method_and_code) {
    (void)call("eth_chainId");
    (void)call("eth_getBalance");
    (void)call("eth_noSuchMethod");
    (void)call("eth_another");
    const auto counts = server->stats().counts();
    EXPECT_EQ(counts.at("eth_chainId").by_code.at(0), 1u);
    EXPECT_EQ(counts.at("eth_getBalance").by_code.at(-32602), 1u);
    EXPECT_EQ(counts.at("unknown").by_code.at(-32601), 2u);
    EXPECT_EQ(counts.size(), 3u);
}

TEST_F(Dispatch, a_node_that_stops_ends_what_takes_long) {
    mine({});
    server->interrupt();
    EXPECT_NE(call("eth_getLogs", R"([{"fromBlock":"0x0"}])").find("the node is stopping"),
              std::string::npos);
}

TEST_F(Dispatch, added_methods_get_raw_parameters) {
    server->add("mezz_echo", {"any?: any, more?: any -> any", "What it was asked."},
                [](std::string_view params) -> RawResult {
                    if (params == "[]")
                        return std::unexpected(RpcError{-32000, "nothing \"here\"", "[1]"});
                    return std::string(params);
                });
    EXPECT_EQ(result("mezz_echo", R"([1, {"a": "b\n"}])"), R"([1,{"a":"b\n"}])");
    EXPECT_EQ(
        call("mezz_echo"),
        R"({"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"nothing \"here\"","data":[1]}})");
}

TEST_F(Dispatch, subscriptions_need_a_websocket) {
    EXPECT_NE(call("eth_subscribe", R"(["newHeads"])").find("-32601"), std::string::npos);
}

/// Mutated requests of every method: the answer is always JSON or nothing.
TEST_F(Dispatch, mutated_requests_always_get_json) {
    mine({signed_by(make(other, uint256{5}), key), signed_by(make(contract), key)});
    const std::vector<std::string> seeds{
        R"({"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0x00000000000000000000000000000000000000cc","gas":"0xffff","data":"0x01"},"latest",{"0x00000000000000000000000000000000000000cc":{"balance":"0x1","code":"0x6001","stateDiff":{}}}]})",
        R"([{"jsonrpc":"2.0","id":"x","method":"eth_getLogs","params":[{"fromBlock":"0x0","toBlock":"latest","address":["0x00000000000000000000000000000000000000cc"],"topics":[null,["0x0000000000000000000000000000000000000000000000000000000000000001"]]}]}])",
        R"({"jsonrpc":"2.0","id":1,"method":"eth_feeHistory","params":["0x5","latest",[10,50.5]]})",
        R"({"jsonrpc":"2.0","id":1,"method":"eth_getProof","params":["0x00000000000000000000000000000000000000cc",["0x0","0x1"],"0x1"]})",
        R"({"jsonrpc":"2.0","id":1,"method":"eth_getBlockByNumber","params":["0x1",true]})",
        R"({"jsonrpc":"2.0","id":1,"method":"eth_estimateGas","params":[{"from":"0x00000000000000000000000000000000000000cc","to":"0x00000000000000000000000000000000000000aa","value":"0x0"},{"blockNumber":"0x1"}]})",
        R"({"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x02f86f"]})"};
    std::mt19937_64 random(7);
    for (int i = 0; i < 20'000; ++i) {
        std::string body = seeds[random() % seeds.size()];
        for (std::uint64_t changes = random() % 4; changes-- > 0 && !body.empty();) {
            const std::size_t at = random() % body.size();
            switch (random() % 4) {
                case 0:
                    body[at] = static_cast<char>(random());
                    break;
                case 1:
                    body.erase(at, random() % 8 + 1);
                    break;
                case 2:
                    body.insert(at, body.substr(random() % body.size(), random() % 16));
                    break;
                default:
                    body[at] = "0123456789xabf[]{},:\""[random() % 21];
                    break;
            }
        }
        const std::string answer = ask(body);
        ASSERT_TRUE(answer.empty() || is_json(answer)) << body << "\n" << answer;
    }
}

}  // namespace
}  // namespace mezz::rpc::test
