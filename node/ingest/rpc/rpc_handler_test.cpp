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
    void send(std::string message) override { messages.push_back(std::move(message)); }
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
    const auto session = router.open("/", sender);
    ASSERT_NE(session, nullptr);
    session->on_message(body);
    EXPECT_EQ(sender->messages, std::vector<std::string>{expected});
}

}  // namespace
}  // namespace mezz::rpc::test
