// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/rpc_swarm.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "node/host/http/server.hpp"

namespace mezz::node {
namespace {

/// Answers what it was asked, over HTTP and WebSocket.
class Echo final : public host::http::Handler {
public:
    host::http::HttpResponse handle(const host::http::HttpRequest& request) override {
        host::http::HttpResponse r;
        r.body = request.body;
        return r;
    }
    std::unique_ptr<host::http::WsSession> open(
        const host::http::Handshake&, std::shared_ptr<host::http::WsSender> sender) override {
        struct Session final : host::http::WsSession {
            explicit Session(std::shared_ptr<host::http::WsSender> s) : to(std::move(s)) {}
            void on_message(std::string& message) override {
                if (message == "end") return to->close();
                to->send(message);
            }
            std::shared_ptr<host::http::WsSender> to;
        };
        if (refuses) return nullptr;
        return std::make_unique<Session>(std::move(sender));
    }
    bool refuses = false;
};

class Log final : public RpcSwarm::Events {
public:
    void on_message(std::size_t connection, std::string_view body) override {
        messages.emplace_back(connection, body);
    }
    void on_lost(std::size_t connection, const std::string& why) override {
        lost.emplace_back(connection, why);
    }
    std::vector<std::pair<std::size_t, std::string>> messages, lost;
};

struct World {
    explicit World(host::http::ServerOptions options = {}) {
        server = std::move(*host::http::Server::start(std::move(options), echo));
    }
    std::unique_ptr<RpcSwarm> swarm(const std::string& scheme) {
        const auto endpoint =
            parse_rpc_endpoint(scheme + "://127.0.0.1:" + std::to_string(server->port()));
        return std::move(*RpcSwarm::make(*endpoint, log));
    }
    bool poll_until(RpcSwarm& swarm, const std::function<bool()>& done) const {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!done() && std::chrono::steady_clock::now() < end) swarm.poll(10'000);
        return done();
    }
    Echo echo;
    Log log;
    std::unique_ptr<host::http::Server> server;
};

TEST(rpc_endpoint, schemes_and_refusals) {
    EXPECT_EQ(parse_rpc_endpoint("ws://[::1]:8546/x")->text(), "ws://[::1]:8546/x");
    EXPECT_FALSE(parse_rpc_endpoint("http://node")->websocket);
    for (const auto* bad : {"", "127.0.0.1:8545", "https://a", "wss://a", "ws://", "ws://a:0"}) {
        const auto r = parse_rpc_endpoint(bad);
        ASSERT_FALSE(r) << bad;
        EXPECT_EQ(r.error().handling, Handling::fatal) << bad;
    }
}

TEST(rpc_swarm, every_connection_gets_its_own_answers) {
    for (const std::string scheme : {"http", "ws"}) {
        World w;
        const auto swarm = w.swarm(scheme);
        ASSERT_TRUE(swarm->open(200, 20'000));
        // One that the socket's buffers do not hold at once.
        const std::string large(2 << 20, 'z');
        for (std::size_t i = 0; i < 200; ++i)
            swarm->send(i, i == 7 ? large : "message " + std::to_string(i));
        ASSERT_TRUE(w.poll_until(*swarm, [&] { return w.log.messages.size() == 200; })) << scheme;
        std::ranges::sort(w.log.messages);
        for (std::size_t i = 0; i < 200; ++i)
            EXPECT_EQ(w.log.messages[i],
                      (std::pair{i, i == 7 ? large : "message " + std::to_string(i)}));
        EXPECT_TRUE(w.log.lost.empty());
    }
}

TEST(rpc_swarm, a_connection_that_ended_is_told_of_and_opened_again) {
    World w;
    const auto swarm = w.swarm("ws");
    ASSERT_TRUE(swarm->open(2, 20'000));
    swarm->send(1, "end");
    ASSERT_TRUE(w.poll_until(*swarm, [&] { return !w.log.lost.empty(); }));
    EXPECT_EQ(w.log.lost[0].first, 1u);
    swarm->send(1, "again");
    ASSERT_TRUE(w.poll_until(*swarm, [&] { return !w.log.messages.empty(); }));
    EXPECT_EQ(w.log.messages[0], (std::pair{std::size_t{1}, std::string("again")}));
}

TEST(rpc_swarm, an_idle_connection_that_the_server_closes_is_nothing_to_tell) {
    host::http::ServerOptions options;
    options.idle_timeout_ms = 50;
    World w(options);
    const auto swarm = w.swarm("http");
    ASSERT_TRUE(swarm->open(1, 20'000));
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
    while (std::chrono::steady_clock::now() < end) swarm->poll(10'000);
    swarm->send(0, "late");
    ASSERT_TRUE(w.poll_until(*swarm, [&] { return !w.log.messages.empty(); }));
    EXPECT_TRUE(w.log.lost.empty());
}

TEST(rpc_swarm, what_cannot_be_opened_is_refused_with_the_reason) {
    host::http::ServerOptions options;
    options.max_connections = 3;
    World w(options);
    const auto full = w.swarm("ws")->open(4, 20'000);
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().handling, Handling::retry);
    EXPECT_NE(full.error().message.find("503"), std::string::npos) << full.error().message;

    const auto many = w.swarm("http")->open(100'000'000, 100);
    ASSERT_FALSE(many);
    EXPECT_EQ(many.error().handling, Handling::fatal);
    EXPECT_NE(many.error().message.find("ulimit -n 100000032"), std::string::npos);

    World refusing;
    refusing.echo.refuses = true;
    const auto refused = refusing.swarm("ws")->open(1, 20'000);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("403"), std::string::npos) << refused.error().message;

    const auto port = w.server->port();
    w.server->stop();
    w.server.reset();
    const auto nobody =
        RpcSwarm::make(*parse_rpc_endpoint("http://127.0.0.1:" + std::to_string(port)), w.log);
    const auto gone = (*nobody)->open(1, 5'000);
    ASSERT_FALSE(gone);
    EXPECT_NE(gone.error().message.find("Connection refused"), std::string::npos);
}

}  // namespace
}  // namespace mezz::node
