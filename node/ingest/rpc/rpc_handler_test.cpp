// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/rpc_handler.hpp"

#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

namespace http = host::http;

class Handler : public RpcTest {};

class Collector final : public http::WsSender {
public:
    void send(std::string head, http::SharedText tail) override {
        messages.push_back(head + (tail ? *tail : ""));
    }
    void close() override {}
    std::vector<std::string> messages;
};

TEST_F(Handler, posts_and_websocket_messages_reach_the_server) {
    http::Router router;
    serve(*server, router);
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId"})";
    const std::string expected = R"({"jsonrpc":"2.0","id":1,"result":"0x385"})";
    const auto answer = router.handle({"POST", "/", body});
    EXPECT_EQ(answer.status, 200u);
    EXPECT_EQ(answer.body, expected);
    EXPECT_EQ(router.handle({"GET", "/health", body}).status, 200u);
    EXPECT_EQ(router.handle({"PUT", "/", body}).status, 405u);
    const auto sender = std::make_shared<Collector>();
    const auto session = router.open({"/", {}}, sender);
    ASSERT_NE(session, nullptr);
    session->on_message(body);
    EXPECT_EQ(sender->messages, std::vector<std::string>{expected});
}

struct FixedClock final : node::Clock {
    [[nodiscard]] std::uint64_t now_ms() override { return now; }
    std::uint64_t now = 1'000'000'000;
};

TEST_F(Handler, listeners_serve_what_their_rules_allow) {
    FixedClock clock;
    const Bytes32 secret = Bytes32{};
    AccessRules rules;
    rules.methods = {"eth_*", "admin_*"};
    rules.secret = secret;
    const Access access(rules, clock);
    server->add("admin_stop", {"-> boolean", "Stops."},
                [](std::string_view) -> RawResult { return "true"; });
    http::Router router;
    serve(*server, router, &access);
    const auto post = [&](std::string_view method, const std::string& authorization = {}) {
        std::string body = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) + "\"}";
        return router.handle({"POST", "/", body, authorization});
    };
    EXPECT_EQ(post("eth_chainId").body, R"({"jsonrpc":"2.0","id":1,"result":"0x385"})");
    // What is not listed does not exist, token or not.
    const std::string token = "Bearer " + make_token(secret, clock.now / 1000);
    for (const auto& authorization : {std::string(), token})
        EXPECT_EQ(post("net_version", authorization).body,
                  R"({"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":)"
                  R"("the method net_version does not exist/is not available"}})");
    EXPECT_NE(post("admin_stop").body.find("\"code\":-32001"), std::string::npos);
    EXPECT_EQ(post("admin_stop", token).body, R"({"jsonrpc":"2.0","id":1,"result":true})");
    EXPECT_EQ(post("eth_chainId", "Bearer x").status, 401u);
    clock.now += 61'000;
    const auto late = post("admin_stop", token);
    EXPECT_EQ(late.status, 401u);
    EXPECT_NE(late.body.find("iat"), std::string::npos) << late.body;
    // The same over a WebSocket.
    const auto sender = std::make_shared<Collector>();
    EXPECT_EQ(router.open({"/", token}, sender), nullptr);
    const auto session = router.open({"/", {}}, sender);
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"admin_stop"})";
    session->on_message(body);
    EXPECT_NE(sender->messages.at(0).find("\"code\":-32001"), std::string::npos);
}

TEST_F(Handler, bodies_weigh_as_much_as_the_heaviest_method_they_call) {
    http::Router router;
    serve(*server, router);
    for (const char* body :
         {R"({"id":1, "method" : "debug_traceCall","params":[]})", R"({"m\u0065thod":"eth_call"})",
          R"([{"method":"eth_call"},{"method":"eth_simulateV1"},{"method":"eth_getLogs"}])"})
        EXPECT_EQ(router.weight(body), http::Weight::heavy) << body;
    for (const char* body :
         {R"({"method":"eth_call"})", R"([{"method":"eth_chainId"},{"method":"eth_getLogs"}])",
          R"({"method":"eth_call","method":"eth_chainId"})",
          R"({"method":"eth_chainId","method":"eth_estimateGas"})"})
        EXPECT_EQ(router.weight(body), http::Weight::brief) << body;
    for (const char* body :
         {"", R"({"method":"eth_sendRawTransaction","params":["0x00"]})", R"({"method")",
          R"([{"method":"eth_chainId"},{"method":"eth_getBalance"}])"})
        EXPECT_EQ(router.weight(body), http::Weight::light) << body;
}

TEST_F(Handler, a_listener_for_administrators_takes_a_token_always) {
    FixedClock clock;
    AccessRules rules;
    rules.secret = Bytes32{};
    rules.token_for_all = true;
    const Access access(rules, clock);
    http::Router router;
    serve(*server, router, &access);
    std::string body = R"({"jsonrpc":"2.0","id":1,"method":"eth_chainId"})";
    EXPECT_EQ(router.handle({"POST", "/", body}).status, 401u);
    EXPECT_EQ(router.handle({"POST", "/", body, "Basic eDp5"}).status, 401u);
    EXPECT_EQ(router.open({"/", {}}, std::make_shared<Collector>()), nullptr);
    const std::string token = "bearer " + make_token(Bytes32{}, clock.now / 1000);
    EXPECT_EQ(router.handle({"POST", "/", body, token}).status, 200u);
}

}  // namespace
}  // namespace mezz::rpc::test
