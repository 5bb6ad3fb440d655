// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "node/host/client/rpc_parent.hpp"

namespace mezz::node {
namespace {

/// Answers every connection with the same bytes, or never.
class Server {
public:
    explicit Server(std::string answer) : answer_(std::move(answer)) {
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        listen(listener_, 8);
        thread_ = std::thread([this] {
            for (;;) {
                const int c = accept(listener_, nullptr, nullptr);
                if (c < 0) return;
                char request[4096];
                (void)!read(c, request, sizeof request);
                if (answer_.empty()) {
                    stalled_.push_back(c);
                    continue;
                }
                (void)!write(c, answer_.data(), answer_.size());
                close(c);
            }
        });
    }
    ~Server() {
        shutdown(listener_, SHUT_RDWR);
        close(listener_);
        thread_.join();
        for (const int c : stalled_) close(c);
    }
    [[nodiscard]] std::unique_ptr<RpcParent> parent(std::uint64_t timeout_ms = 2'000) const {
        RpcParentOptions o;
        o.rpc_url = "http://127.0.0.1:" + std::to_string(port_);
        o.timeout_ms = o.blob_timeout_ms = timeout_ms;
        return std::move(*RpcParent::make(o));
    }

private:
    std::string answer_;
    int listener_ = -1;
    unsigned port_ = 0;
    std::vector<int> stalled_;
    std::thread thread_;
};

std::string ok(const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(http_url, parts_and_refusals) {
    const auto url = parse_http_url("http://[::1]:8545/key");
    ASSERT_TRUE(url);
    EXPECT_EQ(*url, (HttpUrl{"::1", "8545", "/key"}));
    EXPECT_EQ(parse_http_url("http://node")->port, "80");
    for (const auto* bad : {"", "https://a", "ftp://a", "http://", "http://a:0", "http://a:65536",
                            "http://a:x", "http://a b", "http://u@a", "http://[::1"}) {
        const auto r = parse_http_url(bad);
        ASSERT_FALSE(r) << bad;
        EXPECT_EQ(r.error().handling, Handling::fatal);
    }
}

TEST(rpc_parent, nobody_there_is_a_retry) {
    RpcParentOptions o;
    o.rpc_url = "http://127.0.0.1:1";
    const auto r = (*RpcParent::make(o))->chain_id();
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::retry);
    EXPECT_NE(r.error().message.find("127.0.0.1:1"), std::string::npos) << r.error().message;
}

TEST(rpc_parent, a_stalling_parent_ends_at_the_deadline) {
    const Server server("");
    const auto start = std::chrono::steady_clock::now();
    const auto r = server.parent(300)->chain_id();
    ASSERT_FALSE(r);
    EXPECT_NE(r.error().message.find("within 300 ms"), std::string::npos) << r.error().message;
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(rpc_parent, garbage_is_an_error_and_never_a_value) {
    for (const auto& answer :
         {std::string("garbage\r\n\r\n"), ok("not json"), ok("{}"), ok("[]"), ok("{\"result\":7}"),
          ok(R"({"result":"0x"})"), ok(R"({"result":"0xzz"})"), ok(std::string(5'000, '[')),
          ok(R"({"result":"0x1ffffffffffffffff"})"), ok(R"({"result":{"number":"0x1"}})"),
          std::string("HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\nno"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n{")}) {
        const Server server(answer);
        const auto parent = server.parent();
        EXPECT_FALSE(parent->chain_id()) << answer;
        EXPECT_FALSE(parent->block(BlockTag::latest)) << answer;
        EXPECT_FALSE(parent->logs({0, 1, {}, {}})) << answer;
        EXPECT_FALSE(parent->send(Bytes{1})) << answer;
        EXPECT_FALSE(parent->blobs({}, {Bytes32{}})) << answer;
        EXPECT_FALSE(parent->receipt({})) << answer;
        EXPECT_FALSE(parent->transaction({})) << answer;
    }
}

TEST(rpc_parent, another_block_than_asked_for_is_refused) {
    const std::string hash = "\"0x" + std::string(64, '1') + "\"";
    const Server server(ok(R"({"result":{"number":"0x2","hash":)" + hash + R"(,"parentHash":)" +
                           hash + R"(,"timestamp":"0x1","gasLimit":"0x1"}})"));
    EXPECT_TRUE(server.parent()->block(2));
    const auto r = server.parent()->block(3);
    ASSERT_FALSE(r);
    EXPECT_NE(r.error().message.find("asked for block 3"), std::string::npos);
}

TEST(rpc_parent, a_revert_is_a_reset_with_its_data) {
    const Server server(
        ok(R"({"error":{"code":3,"message":"execution reverted","data":"0x12345678"}})"));
    const auto r = server.parent()->call({}, {});
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::reset);
    EXPECT_NE(r.error().message.find("0x12345678"), std::string::npos);
}

TEST(rpc_parent, one_blob_under_another_hash_is_refused_unless_it_is_taken_unchecked) {
    const Server server(ok(R"({"data":["0x)" + std::string(262'144, '0') + "\"]}"));
    const std::vector<Bytes32> wanted{to_bytes32(uint256{1})};
    const auto r = server.parent()->blobs({}, wanted);
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::retry);
    const auto unchecked = server.parent()->unchecked_blobs({}, wanted);
    ASSERT_TRUE(unchecked);
    EXPECT_EQ(unchecked->at(0), Bytes(131'072));
}

TEST(rpc_parent, a_missing_blob_is_named) {
    const Server server(ok(R"({"data":[]})"));
    const auto r =
        server.parent()->blobs({}, {hex<Bytes32>("0x01000000000000000000000000000000000000000000000"
                                                 "000000000000000ab")});
    ASSERT_FALSE(r);
    EXPECT_EQ(r.error().handling, Handling::retry);
    EXPECT_NE(r.error().message.find("00ab"), std::string::npos) << r.error().message;
}

TEST(HttpClient, a_closed_one_does_not_ask) {
    HttpClient client(parse_http_url("http://127.0.0.1:9").value());
    client.close();
    const auto answer = client.post("{}", 10'000);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().handling, Handling::retry);
    EXPECT_NE(answer.error().message.find("stopping"), std::string::npos);
}

}  // namespace
}  // namespace mezz::node
