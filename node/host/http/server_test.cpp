// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "node/host/http/router.hpp"

namespace mezz::host::http {
namespace {

/// A plain socket, so that the test can send anything.
class Client {
public:
    explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval limit{5, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    }
    ~Client() { ::close(socket_); }
    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
    }
    /// Everything up to the end of one answer (by Content-Length), or of the connection.
    std::string read() {
        for (;;) {
            const auto head = got_.find("\r\n\r\n");
            if (head != std::string::npos) {
                std::size_t length = 0;
                if (const auto at = got_.find("Content-Length: "); at < head)
                    length = std::stoul(got_.substr(at + 16));
                if (skip_body_) length = 0;
                if (got_.size() >= head + 4 + length) {
                    std::string one = got_.substr(0, head + 4 + length);
                    got_.erase(0, one.size());
                    return one;
                }
            }
            if (!more()) return std::exchange(got_, {});
        }
    }
    std::string read_bytes(std::size_t count) {
        while (got_.size() < count && more()) {
        }
        std::string out = got_.substr(0, count);
        got_.erase(0, out.size());
        return out;
    }
    bool is_closed() { return got_.empty() && !more(); }
    void expect_no_body() { skip_body_ = true; }

private:
    bool more() {
        char buffer[65536];
        const auto n = ::recv(socket_, buffer, sizeof buffer, 0);
        if (n <= 0) return false;
        got_.append(buffer, static_cast<std::size_t>(n));
        return true;
    }
    int socket_;
    std::string got_;
    bool skip_body_ = false;
};

/// Sends every message back; "flood" starts an endless push.
class Echo final : public WsSession {
public:
    explicit Echo(std::shared_ptr<WsSender> sender) : sender_(std::move(sender)) {}
    void on_message(std::string& message) override {
        if (message == "flood")
            for (int i = 0; i < 200; ++i) sender_->send(std::string(100'000, 'x'));
        else if (message == "shared")
            for (const char* head : {"a", "b", ""})
                sender_->send(head, std::make_shared<const std::string>(20'000, 'y'));
        else
            sender_->send("echo " + message);
    }

private:
    std::shared_ptr<WsSender> sender_;
};

constexpr std::string_view upgrade =
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

/// A masked text frame of up to 125 bytes, with a zero mask. spec: RFC 6455 §5.2.
std::string frame(std::string_view text) {
    std::string f{"\x81"};
    f += static_cast<char>(0x80 | text.size());
    return f + std::string(4, '\0') + std::string(text);
}

class HttpServer : public testing::Test {
protected:
    void SetUp() override {
        router.add("POST", "/", [](const HttpRequest& r) {
            return HttpResponse{200, "<" + r.body + ">", "application/json", ""};
        });
        router.add("GET", "/blobs/*", [](const HttpRequest& r) {
            return HttpResponse{200, std::string(r.target), "text/plain", ""};
        });
        router.add("GET", "/throws",
                   [](const HttpRequest&) -> HttpResponse { throw std::runtime_error("x"); });
        router.on_websocket([](const Handshake&, std::shared_ptr<WsSender> s) {
            return std::make_unique<Echo>(std::move(s));
        });
        ServerOptions o;
        o.max_body_bytes = 100'000;
        o.read_timeout_ms = 300;
        o.idle_timeout_ms = 1'000;
        o.max_queued_bytes = 1 << 20;
        o.max_connections = 4;
        o.allowed_origins = {"http://good"};
        o.allowed_hosts = {"x", "Localhost"};
        restart(o);
    }
    void restart(const ServerOptions& o) {
        server.reset();
        auto started = Server::start(o, router);
        ASSERT_TRUE(started) << started.error().message;
        server = std::move(*started);
    }
    Client client() { return Client(server->port()); }
    static std::string post(std::string_view body, std::string_view headers = "") {
        return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n" + std::string(headers) + "\r\n" + std::string(body);
    }
    static bool ends(const std::string& text, std::string_view end) { return text.ends_with(end); }
    Router router;
    std::unique_ptr<Server> server;
};

TEST_F(HttpServer, keeps_a_connection_for_many_requests) {
    Client c = client();
    for (int i = 0; i < 3; ++i) {
        c.send(post("hello"));
        const std::string answer = c.read();
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
        EXPECT_TRUE(ends(answer, "\r\n\r\n<hello>")) << answer;
    }
    c.send(post("a") + post("b"));
    EXPECT_TRUE(ends(c.read(), "<a>"));
    EXPECT_TRUE(ends(c.read(), "<b>"));
    c.send(post("last", "Connection: close\r\n"));
    EXPECT_TRUE(ends(c.read(), "<last>"));
    EXPECT_TRUE(c.is_closed());
}

TEST_F(HttpServer, garbage_gets_400_and_the_end) {
    for (const char* bytes :
         {"hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00\x01\xff\r\n\r\n",
          "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"}) {
        Client c = client();
        c.send(bytes);
        EXPECT_TRUE(c.read().starts_with("HTTP/1.1 400 ")) << bytes;
        EXPECT_TRUE(c.is_closed());
    }
}

TEST_F(HttpServer, large_bodies_get_413_in_json) {
    Client c = client();
    c.send("POST / HTTP/1.1\r\nContent-Length: 100001\r\n\r\n");
    const std::string answer = c.read();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
    EXPECT_NE(answer.find("request body is larger than 100000 bytes"), std::string::npos);
    Client chunked = client();
    chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n30d40\r\n" +
                 std::string(200'000, 'x'));
    EXPECT_TRUE(chunked.read().starts_with("HTTP/1.1 413 "));
    Client exact = client();
    exact.send(post(std::string(100'000, 'x')));
    EXPECT_TRUE(exact.read().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, large_headers_get_431) {
    Client c = client();
    c.send("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 431 "));
}

TEST_F(HttpServer, slow_clients_are_closed) {
    Client headers = client(), body = client(), idle = client();
    headers.send("POST / HT");
    body.send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nab");
    EXPECT_TRUE(headers.is_closed());
    EXPECT_TRUE(body.is_closed());
    EXPECT_TRUE(idle.is_closed());
}

TEST_F(HttpServer, a_reader_that_never_reads_is_closed) {
    constexpr std::size_t size = 64u << 20;
    router.add("GET", "/large", [](const HttpRequest&) {
        return HttpResponse{200, std::string(size, 'x'), "text/plain", ""};
    });
    Client slow = client();
    slow.send("GET /large HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 300 && server->status().connections == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(server->status().connections, 1u);
    for (int i = 0; i < 300 && server->status().connections > 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(server->status().connections, 0u);
    EXPECT_LT(slow.read_bytes(size).size(), size);
}

TEST_F(HttpServer, waits_for_permission_where_the_client_does) {
    Client c = client();
    c.send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(c.read(), "HTTP/1.1 100 Continue\r\n\r\n");
    c.send("ok");
    EXPECT_TRUE(ends(c.read(), "<ok>"));
}

TEST_F(HttpServer, routes_by_method_and_path) {
    Client c = client();
    c.send("GET /blobs/7?x=1 HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(ends(c.read(), "/blobs/7?x=1"));
    c.send("GET / HTTP/1.1\r\n\r\n");
    const std::string wrong = c.read();
    EXPECT_TRUE(wrong.starts_with("HTTP/1.1 405 ")) << wrong;
    EXPECT_NE(wrong.find("Allow: POST\r\n"), std::string::npos);
    c.send("GET /nothing HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 404 "));
    c.send("GET /throws HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 500 "));
    c.expect_no_body();
    c.send("HEAD /blobs/1 HTTP/1.1\r\n\r\n");
    const std::string head = c.read();
    EXPECT_NE(head.find("Content-Length: 8\r\n"), std::string::npos) << head;
    EXPECT_TRUE(ends(head, "\r\n\r\n"));
}

TEST_F(HttpServer, browsers_may_call_from_allowed_origins) {
    Client c = client();
    c.send("OPTIONS / HTTP/1.1\r\nOrigin: http://good\r\n\r\n");
    const std::string preflight = c.read();
    EXPECT_TRUE(preflight.starts_with("HTTP/1.1 204 ")) << preflight;
    EXPECT_NE(preflight.find("Access-Control-Allow-Origin: http://good\r\n"), std::string::npos);
    c.send(post("x", "Origin: http://good\r\n"));
    EXPECT_NE(c.read().find("Access-Control-Allow-Origin: http://good\r\n"), std::string::npos);
    c.send(post("x", "Origin: http://evil\r\n"));
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 403 "));
}

TEST_F(HttpServer, a_server_of_pages_lets_only_its_own_pages_call) {
    ServerOptions o;
    o.allowed_origins = {};
    auto own = Server::start(o, router);
    ASSERT_TRUE(own) << own.error().message;
    const auto ask = [&](const std::string& host, const std::string& origin) {
        Client c((*own)->port());
        c.send("POST / HTTP/1.1\r\nHost: " + host + "\r\nOrigin: " + origin +
               "\r\nContent-Length: 1\r\n\r\nx");
        return c.read().substr(0, 13);
    };
    EXPECT_EQ(ask("127.0.0.1:8080", "http://127.0.0.1:8080"), "HTTP/1.1 200 ");
    EXPECT_EQ(ask("localhost:8080", "http://localhost:8080"), "HTTP/1.1 200 ");
    EXPECT_EQ(ask("[::1]:8080", "http://[::1]:8080"), "HTTP/1.1 200 ");
    EXPECT_EQ(ask("127.0.0.1:8080", "http://127.0.0.1:8081"), "HTTP/1.1 403 ");
    EXPECT_EQ(ask("127.0.0.1:8080", "http://evil"), "HTTP/1.1 403 ");
    EXPECT_EQ(ask("127.0.0.1:8080", "null"), "HTTP/1.1 403 ");
    // DNS rebinding: the page's own name resolves to this machine.
    EXPECT_EQ(ask("evil:8080", "http://evil:8080"), "HTTP/1.1 403 ");
    EXPECT_EQ(ask("localhost.evil", "http://localhost.evil"), "HTTP/1.1 403 ");
}

TEST_F(HttpServer, handlers_read_headers_and_add_their_own) {
    router.add("GET", "/headers", [](const HttpRequest& r) {
        HttpResponse answer;
        answer.body = std::string(r.header("if-none-match")) + "|" + std::string(r.header("X"));
        answer.headers = "ETag: \"7\"\r\n";
        if (r.header("If-None-Match") == "\"7\"") {
            answer.status = 304;
            answer.body.clear();
        }
        return answer;
    });
    Client c = client();
    c.send("GET /headers HTTP/1.1\r\nIf-None-Match: \"6\"\r\n\r\n");
    const std::string fresh = c.read();
    EXPECT_NE(fresh.find("ETag: \"7\"\r\n"), std::string::npos) << fresh;
    EXPECT_TRUE(ends(fresh, "\"6\"|")) << fresh;
    c.send("GET /headers HTTP/1.1\r\nIf-None-Match: \"7\"\r\n\r\n");
    const std::string kept = c.read();
    EXPECT_TRUE(kept.starts_with("HTTP/1.1 304 Not Modified\r\n")) << kept;
    EXPECT_TRUE(ends(kept, "\r\n\r\n")) << kept;
}

TEST_F(HttpServer, one_connection_too_many_gets_503) {
    std::vector<std::unique_ptr<Client>> all;
    for (int i = 0; i < 4; ++i) {
        all.push_back(std::make_unique<Client>(server->port()));
        all.back()->send(post("x"));
        EXPECT_TRUE(ends(all.back()->read(), "<x>"));
    }
    EXPECT_TRUE(client().read().starts_with("HTTP/1.1 503 "));
    all.clear();
}

TEST_F(HttpServer, one_address_cannot_take_every_connection) {
    ServerOptions o;
    o.max_connections_per_address = 2;
    o.allowed_hosts = {"*"};
    restart(o);
    std::vector<std::unique_ptr<Client>> all;
    for (int i = 0; i < 2; ++i) {
        all.push_back(std::make_unique<Client>(server->port()));
        all.back()->send(post("x"));
        EXPECT_TRUE(ends(all.back()->read(), "<x>"));
    }
    EXPECT_TRUE(client().read().starts_with("HTTP/1.1 503 "));
    EXPECT_EQ(server->status().connections, 2u);
    EXPECT_EQ(server->status().refused, 1u);
    // A place is free again once its connection has ended, also one that became a WebSocket.
    all.back() = nullptr;
    for (int i = 0; i < 100 && server->status().connections > 1; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    Client ws = client();
    ws.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(ws.read().starts_with("HTTP/1.1 101 "));
    for (int i = 0; i < 100 && server->status().websockets == 0; ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(server->status().connections, 2u);
    EXPECT_EQ(server->status().websockets, 1u);
    EXPECT_TRUE(client().read().starts_with("HTTP/1.1 503 "));
}

TEST_F(HttpServer, bodies_beyond_the_room_for_all_get_503) {
    ServerOptions o;
    o.max_pending_bytes = 1000;
    o.allowed_hosts = {"*"};
    restart(o);
    Client first = client(), second = client();
    first.send("POST / HTTP/1.1\r\nContent-Length: 600\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    second.send("POST / HTTP/1.1\r\nContent-Length: 600\r\n\r\n");
    EXPECT_TRUE(second.read().starts_with("HTTP/1.1 503 "));
    first.send(std::string(600, 'a'));
    EXPECT_TRUE(first.read().starts_with("HTTP/1.1 200 "));
    // The room is free again.
    Client third = client();
    third.send(post(std::string(900, 'b')));
    EXPECT_TRUE(third.read().starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServer, names_that_are_not_its_own_are_refused) {
    const auto status = [&](std::string_view host) {
        Client c = client();
        c.send("GET /blobs/1 HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
        return c.read().substr(9, 3);
    };
    for (const char* own : {"x", "X:8545", "localhost", "LOCALHOST:1", "127.0.0.1", "10.1.2.3:80",
                            "[::1]", "[::1]:8545"})
        EXPECT_EQ(status(own), "200") << own;
    for (const char* foreign : {"evil.example", "evil.example:8545", "localhost.evil.example",
                                "127.0.0.1.evil.example", "xx", "[::1].evil", "1.2.3"})
        EXPECT_EQ(status(foreign), "403") << foreign;
}

TEST_F(HttpServer, a_page_of_its_own_may_call_it) {
    Client c = client();
    c.send(post("a", "Origin: http://x\r\n"));
    EXPECT_TRUE(ends(c.read(), "<a>"));
    c.send(post("a", "Origin: http://x.evil\r\n"));
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 403 "));
}

TEST_F(HttpServer, a_taken_port_is_named) {
    ServerOptions o;
    o.port = server->port();
    const auto second = Server::start(o, router);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().handling, node::Handling::fatal);
    EXPECT_NE(second.error().message.find("port " + std::to_string(o.port)), std::string::npos);
    o.host = "nonsense";
    EXPECT_FALSE(Server::start(o, router));
}

TEST_F(HttpServer, websocket_messages_go_both_ways) {
    Client c = client();
    c.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 101 "));
    c.send(frame("hi") + frame("you"));
    EXPECT_EQ(c.read_bytes(9),
              "\x81\x07"
              "echo hi");
    EXPECT_EQ(c.read_bytes(10),
              "\x81\x08"
              "echo you");
}

TEST_F(HttpServer, websocket_of_a_foreign_page_is_refused) {
    Client c = client();
    c.send(std::string(upgrade) + "Origin: http://evil\r\n\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 403 "));
}

TEST_F(HttpServer, websocket_reader_that_never_reads_is_closed) {
    Client c = client();
    c.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 101 "));
    c.send(frame("flood"));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_LT(c.read_bytes(200 * 100'000).size(), 200u * 100'000);
}

TEST_F(HttpServer, a_message_with_a_shared_end_is_one_frame) {
    Client c = client();
    c.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 101 "));
    c.send(frame("shared"));
    for (const std::string head : {"a", "b", ""}) {
        const std::size_t size = head.size() + 20'000;
        const std::string start{'\x81', 126, static_cast<char>(size >> 8),
                                static_cast<char>(size & 0xff)};
        EXPECT_EQ(c.read_bytes(4 + size), start + head + std::string(20'000, 'y'));
    }
}

TEST_F(HttpServer, stop_ends_every_connection) {
    Client idle = client(), ws = client();
    ws.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(ws.read().starts_with("HTTP/1.1 101 "));
    server->stop();
    EXPECT_TRUE(idle.is_closed());
    (void)ws.read_bytes(64);
    EXPECT_TRUE(ws.is_closed());
}

std::string work(std::string_view body) {
    return "POST /work HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
}

TEST_F(HttpServer, heavy_requests_hold_up_no_others) {
    router.on_weight([](std::string_view body) {
        return body.starts_with("heavy") ? Weight::heavy : Weight::light;
    });
    std::atomic<bool> go = false;
    router.add("POST", "/work", [&](const HttpRequest& r) {
        while (r.body == "heavy" && !go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return HttpResponse{200, r.body + " done", "text/plain", ""};
    });
    ServerOptions o;
    o.long_threads = 1;
    o.allowed_hosts = {"*"};
    restart(o);
    Client first = client(), second = client(), light = client();
    first.send(work("heavy") + work("light"));
    second.send(work("heavy"));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    // One thread serves everything else, with both heavy ones under way.
    for (int i = 0; i < 3; ++i) {
        light.send(work("light"));
        EXPECT_TRUE(ends(light.read(), "light done"));
    }
    go = true;
    EXPECT_TRUE(ends(first.read(), "heavy done"));
    EXPECT_TRUE(ends(first.read(), "light done"));  // in order
    EXPECT_TRUE(ends(second.read(), "heavy done"));
}

/// Jobs that were to be brief and are not: as many as may be on lanes, and one more.
TEST_F(HttpServer, brief_requests_that_take_long_hold_up_no_others) {
    router.on_weight([](std::string_view body) {
        return body.starts_with("brief") ? Weight::brief : Weight::light;
    });
    std::atomic<int> waiting = 0;
    std::atomic<bool> go = false;
    router.add("POST", "/work", [&](const HttpRequest& r) {
        waiting += r.body == "brief" ? 1 : 0;
        while (r.body == "brief" && !go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return HttpResponse{200, r.body + " done", "text/plain", ""};
    });
    ServerOptions o;
    o.long_threads = 1;
    o.most_brief = 2;
    o.allowed_hosts = {"*"};
    restart(o);
    for (int round = 0; round < 3; ++round) {
        go = false;
        waiting = 0;
        Client slow[] = {client(), client(), client(), client()};
        for (Client& c : slow) c.send(work("brief") + work("light"));
        // Two on lanes that went to new threads, one in the pool, one waits for the pool.
        while (waiting < 3) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        Client light = client();
        for (int i = 0; i < 3; ++i) {
            light.send(work("light"));
            EXPECT_TRUE(ends(light.read(), "light done"));
        }
        go = true;
        for (auto& c : slow) {
            EXPECT_TRUE(ends(c.read(), "brief done"));
            EXPECT_TRUE(ends(c.read(), "light done"));  // in order
        }
    }
}

TEST_F(HttpServer, heavy_messages_keep_their_order) {
    router.on_weight([](std::string_view body) {
        return body.starts_with("heavy") ? Weight::heavy : Weight::light;
    });
    ServerOptions o;
    o.long_threads = 2;
    o.allowed_hosts = {"*"};
    restart(o);
    Client c = client();
    c.send(std::string(upgrade) + "\r\n");
    EXPECT_TRUE(c.read().starts_with("HTTP/1.1 101 "));
    c.send(frame("heavy") + frame("hi") + frame("heavy"));
    EXPECT_EQ(c.read_bytes(12 + 9 + 12),
              "\x81\x0a"
              "echo heavy"
              "\x81\x07"
              "echo hi"
              "\x81\x0a"
              "echo heavy");
}

TEST_F(HttpServer, stop_lets_requests_under_way_be_answered) {
    router.add("GET", "/slow", [](const HttpRequest&) {
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        return HttpResponse{200, "done", "text/plain", ""};
    });
    Client slow = client();
    slow.send("GET /slow HTTP/1.1\r\n\r\n");
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto begun = std::chrono::steady_clock::now();
    server->stop();
    EXPECT_TRUE(ends(slow.read(), "done"));
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(1));
}

}  // namespace
}  // namespace mezz::host::http
