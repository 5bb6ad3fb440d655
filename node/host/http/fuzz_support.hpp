// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A server that lives as long as the fuzzer, and one connection to it for each input.

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "core/base/assert.hpp"
#include "node/host/http/router.hpp"

namespace mezz::host::http::fuzz {

/// Sends every message back.
class Echo final : public WsSession {
public:
    explicit Echo(std::shared_ptr<WsSender> sender) : sender_(std::move(sender)) {}
    void on_message(std::string& message) override { sender_->send(message); }

private:
    std::shared_ptr<WsSender> sender_;
};

inline std::uint16_t server_port() {
    static Router router;
    static const std::unique_ptr<Server> server = [] {
        const auto echo = [](const HttpRequest& r) {
            return HttpResponse{200, r.body + std::string(r.target), "text/plain", ""};
        };
        router.add("POST", "/", echo);
        router.add("GET", "/*", echo);
        router.on_websocket([](const Handshake&, std::shared_ptr<WsSender> s) {
            return std::make_unique<Echo>(std::move(s));
        });
        ServerOptions options;
        options.max_body_bytes = 4096;
        options.max_header_bytes = 1024;
        options.read_timeout_ms = 200;
        options.idle_timeout_ms = 200;
        auto started = Server::start(options, router);
        ASSERT(started.has_value());
        return std::move(*started);
    }();
    return server->port();
}

/// Sends the bytes, says that no more will come, and takes everything up to the end.
inline std::string converse(std::string_view bytes) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(server_port());
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT(fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    // No port lingers after it was used: thousands are in a second.
    const linger none{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
    const timeval limit{5, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    while (!bytes.empty()) {
        const auto sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    ::shutdown(fd, SHUT_WR);
    std::string answer;
    char buffer[8192];
    for (;;) {
        const auto size = ::recv(fd, buffer, sizeof buffer, 0);
        // A server that neither answers nor closes has lost the connection.
        ASSERT(size >= 0 || errno != EAGAIN);
        if (size <= 0) break;
        answer.append(buffer, static_cast<std::size_t>(size));
    }
    ::close(fd);
    return answer;
}

}  // namespace mezz::host::http::fuzz
