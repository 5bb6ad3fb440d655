// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/ipc/server.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <mutex>
#include <thread>

#include "node/host/ipc/json_stream.hpp"

namespace mezz::host::ipc {
namespace {

using Values = std::vector<std::string>;

Values values(JsonStream& stream, std::string_view text) {
    stream.feed(text);
    Values out;
    while (auto value = stream.next()) out.push_back(*value);
    return out;
}

TEST(json_stream, values_follow_each_other_in_any_pieces) {
    JsonStream stream(100);
    EXPECT_EQ(values(stream, R"( {"a":"}\"]"}[1,)"), Values{R"({"a":"}\"]"})"});
    EXPECT_EQ(values(stream, "[2]"), Values{});
    EXPECT_EQ(values(stream, "]\n\r\t {} {"), (Values{"[1,[2]]", "{}"}));
    EXPECT_EQ(values(stream, "\"\\"), Values{});
    EXPECT_EQ(values(stream, "\"}\":1}"), Values{R"({"\"}":1})"});
    EXPECT_EQ(stream.problem(), JsonStream::Problem::none);
}

TEST(json_stream, what_is_no_value_ends_it) {
    for (const char* text : {"x", "1", "\"a\"", "}", "{} null"}) {
        JsonStream stream(100);
        values(stream, text);
        EXPECT_EQ(stream.problem(), JsonStream::Problem::not_a_value) << text;
        EXPECT_EQ(values(stream, "{}"), Values{});
    }
}

TEST(json_stream, a_long_value_ends_it_as_soon_as_it_is_too_long) {
    JsonStream at_limit(10);
    EXPECT_EQ(values(at_limit, "[12345678]"), Values{"[12345678]"});
    JsonStream whole(9);
    EXPECT_EQ(values(whole, "[12345678]"), Values{});
    EXPECT_EQ(whole.problem(), JsonStream::Problem::too_long);
    JsonStream open(9);
    EXPECT_EQ(values(open, "[123456789"), Values{});
    EXPECT_EQ(open.problem(), JsonStream::Problem::too_long);
}

/// Answers what it was asked; "push" also from another thread.
class Echo final : public Session {
public:
    explicit Echo(Send send) : send_(std::move(send)) {}
    ~Echo() override {
        if (pusher_.joinable()) pusher_.join();
    }
    void on_message(std::string& message) override {
        EXPECT_GE(message.capacity(), message.size() + 64);
        send_("echo " + message);
        if (message.find("push") != std::string::npos)
            pusher_ = std::thread([this] { send_("pushed"); });
    }

private:
    Send send_;
    std::thread pusher_;
};

std::unique_ptr<Session> echo(Send send) {
    return std::make_unique<Echo>(std::move(send));
}

class Peer {
public:
    explicit Peer(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        connected = ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
        timeval limit{5, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    }
    ~Peer() { ::close(fd_); }
    void write(std::string_view text) const {
        EXPECT_EQ(::send(fd_, text.data(), text.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(text.size()));
    }
    /// The next line; "closed" at the end.
    std::string line() {
        for (;;) {
            if (const auto end = read_.find('\n'); end != std::string::npos) {
                std::string out = read_.substr(0, end);
                read_.erase(0, end + 1);
                return out;
            }
            char chunk[4096];
            const auto n = ::recv(fd_, chunk, sizeof chunk, 0);
            if (n == 0) return "closed";
            if (n < 0) return "timeout";
            read_.append(chunk, static_cast<std::size_t>(n));
        }
    }
    bool connected = false;

private:
    int fd_;
    std::string read_;
};

class Ipc : public testing::Test {
protected:
    Ipc() {
        char name[] = "/tmp/mezz-ipc-XXXXXX";
        folder = ::mkdtemp(name);
        options.path = folder / "node.ipc";
    }
    ~Ipc() override { std::filesystem::remove_all(folder); }
    std::string refusal_of_start() {
        const auto server = Server::start(options, echo);
        return server ? "started" : server.error().message;
    }
    std::filesystem::path folder;
    ServerOptions options;
};

TEST_F(Ipc, answers_and_pushes_and_cleans_up) {
    {
        auto server = Server::start(options, echo);
        ASSERT_TRUE(server) << server.error().message;
        struct stat info{};
        ASSERT_EQ(::stat(options.path.c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777, 0600u);
        Peer peer(options.path), second(options.path);
        peer.write(R"({"a":1}{"b")");
        EXPECT_EQ(peer.line(), R"(echo {"a":1})");
        second.write("[]");
        EXPECT_EQ(second.line(), "echo []");
        peer.write(":2}\n[\"push\"]");
        EXPECT_EQ(peer.line(), R"(echo {"b":2})");
        EXPECT_EQ(peer.line(), R"(echo ["push"])");
        EXPECT_EQ(peer.line(), "pushed");
        (*server)->stop();
        EXPECT_EQ(peer.line(), "closed");
    }
    EXPECT_FALSE(std::filesystem::exists(options.path));
}

TEST_F(Ipc, what_is_no_message_is_answered_and_ends_the_connection) {
    options.max_message_bytes = 20;
    auto server = Server::start(options, echo);
    ASSERT_TRUE(server);
    Peer junk(options.path);
    junk.write("{} GET / HTTP/1.1\r\n");
    EXPECT_EQ(junk.line(), "echo {}");
    EXPECT_NE(junk.line().find("expected an object or an array"), std::string::npos);
    EXPECT_EQ(junk.line(), "closed");
    Peer large(options.path);
    large.write("[" + std::string(100, '1'));
    EXPECT_NE(large.line().find("more than 20 bytes"), std::string::npos);
    EXPECT_EQ(large.line(), "closed");
    Peer fine(options.path);
    fine.write("[1]");
    EXPECT_EQ(fine.line(), "echo [1]");
}

TEST_F(Ipc, a_stale_socket_is_replaced_and_a_live_one_is_not) {
    {
        // What a killed process leaves.
        const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        options.path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        ASSERT_EQ(::bind(dead, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        ::close(dead);
    }
    auto server = Server::start(options, echo);
    ASSERT_TRUE(server) << server.error().message;
    EXPECT_NE(refusal_of_start().find("in use by a running program"), std::string::npos);
    Peer peer(options.path);
    peer.write("[]");
    EXPECT_EQ(peer.line(), "echo []");
}

TEST_F(Ipc, paths_that_cannot_be_a_socket_are_named) {
    std::ofstream(options.path) << "text";
    EXPECT_NE(refusal_of_start().find("is no socket"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(options.path)) << "not ours to remove";
    options.path = folder / "no" / "folder.ipc";
    EXPECT_NE(refusal_of_start().find("No such file or directory"), std::string::npos);
    options.path = folder / std::string(120, 'x');
    EXPECT_NE(refusal_of_start().find("1 to 107 bytes"), std::string::npos);
}

TEST_F(Ipc, too_many_connections_are_closed) {
    options.max_connections = 1;
    auto server = Server::start(options, echo);
    ASSERT_TRUE(server);
    Peer first(options.path);
    first.write("[]");
    EXPECT_EQ(first.line(), "echo []");
    Peer second(options.path);
    EXPECT_EQ(second.line(), "closed");
}

}  // namespace
}  // namespace mezz::host::ipc
