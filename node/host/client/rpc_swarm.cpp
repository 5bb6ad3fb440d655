// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/rpc_swarm.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "node/host/client/wire_reader.hpp"

namespace mezz::node {
namespace {

using Clock = std::chrono::steady_clock;

/// The nonce of RFC 6455 §1.3 and its answer. It proves that the other side speaks WebSocket, which
/// a fixed one does as well.
constexpr std::string_view handshake_key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view handshake_answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
/// Connections being made at once: fewer than a listener queues.
constexpr std::size_t opening_at_once = 128;
constexpr std::size_t read_bytes = 256 << 10;
/// Descriptors that the process needs besides connections.
constexpr std::size_t spare_descriptors = 32;

struct Link {
    enum class State : std::uint8_t { closed, connecting, shaking, open };
    State state = State::closed;
    int fd = -1;
    bool owes_answer = false;  ///< of HTTP
    std::string unsent;        ///< requests that wait for the handshake or for room
    std::string answer;        ///< to the handshake, as far as it came
    std::unique_ptr<WireReader> reader;
};

class Swarm final : public RpcSwarm {
public:
    Swarm(RpcEndpoint endpoint, Events& events)
        : endpoint_(std::move(endpoint)), events_(events), buffer_(read_bytes) {}
    ~Swarm() override {
        for (auto& link : links_)
            if (link.fd >= 0) ::close(link.fd);
        if (epoll_ >= 0) ::close(epoll_);
    }
    Swarm(const Swarm&) = delete;
    Swarm& operator=(const Swarm&) = delete;

    Result<void> set_up() {
        epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
        if (epoll_ < 0) return fatal(std::string("epoll: ") + std::strerror(errno));
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const auto& url = endpoint_.url;
        if (const int e = ::getaddrinfo(url.host.c_str(), url.port.c_str(), &hints, &found); e != 0)
            return retry("connecting to " + endpoint_.text() + ": " + ::gai_strerror(e));
        std::memcpy(&address_, found->ai_addr, found->ai_addrlen);
        address_size_ = found->ai_addrlen;
        ::freeaddrinfo(found);
        const std::string name =
            url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
        const std::string host = "Host: " + name + ":" + url.port + "\r\n";
        head_ = "POST " + url.path + " HTTP/1.1\r\n" + host +
                "User-Agent: mezz\r\nContent-Type: application/json\r\nContent-Length: ";
        handshake_ = "GET " + url.path + " HTTP/1.1\r\n" + host +
                     "User-Agent: mezz\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
        handshake_ += handshake_key;
        handshake_ += "\r\n\r\n";
        return {};
    }

    Result<void> open(std::size_t count, std::uint64_t timeout_ms) override {
        struct rlimit files{};
        const std::size_t wanted = links_.size() + count + spare_descriptors;
        if (::getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < wanted)
            return fatal(std::to_string(count) + " connections: the process may open " +
                         std::to_string(files.rlim_cur) + " files; raise it with ulimit -n " +
                         std::to_string(wanted) + " or take fewer");
        const auto end = Clock::now() + std::chrono::milliseconds(timeout_ms);
        std::size_t next = links_.size();
        const std::size_t target = next + count;
        links_.resize(target);
        lost_.clear();
        opening_ = 0;
        while (next < target || opening_ > 0) {
            while (next < target && opening_ < opening_at_once) {
                ++opening_;
                connect(next++);
            }
            if (lost_.empty()) poll(10'000);
            if (!lost_.empty()) return retry("connecting to " + endpoint_.text() + ": " + lost_);
            if (Clock::now() > end)
                return retry("connecting to " + endpoint_.text() + ": " +
                             std::to_string(target - next + opening_) + " of " +
                             std::to_string(target) + " connections are not open within " +
                             std::to_string(timeout_ms) + " ms");
        }
        opening_ = no_opening;
        return {};
    }

    [[nodiscard]] std::size_t size() const override { return links_.size(); }

    void send(std::size_t connection, std::string_view body) override {
        Link& link = links_[connection];
        const bool idle = link.unsent.empty();
        if (endpoint_.websocket) {
            append_frame(link.unsent, ws_text, body, next_mask());
        } else {
            link.owes_answer = true;
            link.unsent += head_;
            link.unsent += std::to_string(body.size());
            link.unsent += "\r\n\r\n";
            link.unsent += body;
        }
        if (link.state == Link::State::closed) return connect(connection);
        if (link.state == Link::State::open && idle) flush(connection);
    }

    void poll(std::uint64_t timeout_us) override {
        std::array<epoll_event, 512> ready;
        const timespec wait{static_cast<time_t>(timeout_us / 1'000'000),
                            static_cast<long>(timeout_us % 1'000'000 * 1000)};
        const int count = ::epoll_pwait2(epoll_, ready.data(), ready.size(), &wait, nullptr);
        for (int i = 0; i < count; ++i) {
            const auto& event = ready[static_cast<std::size_t>(i)];
            const std::size_t connection = event.data.u64;
            if (links_[connection].state == Link::State::connecting && !finish_connect(connection))
                continue;
            if ((event.events & EPOLLOUT) != 0 && !links_[connection].unsent.empty() &&
                links_[connection].state == Link::State::open)
                flush(connection);
            if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(connection);
        }
    }

private:
    static constexpr std::size_t no_opening = ~std::size_t{0};

    void connect(std::size_t connection) {
        Link& link = links_[connection];
        const int family = reinterpret_cast<const sockaddr*>(&address_)->sa_family;
        link.fd = ::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (link.fd < 0) return lose(connection, std::strerror(errno));
        const int on = 1;
        ::setsockopt(link.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        link.state = Link::State::connecting;
        if (::connect(link.fd, reinterpret_cast<const sockaddr*>(&address_), address_size_) != 0 &&
            errno != EINPROGRESS)
            return lose(connection, std::strerror(errno));
        epoll_event event{};
        // Edges: asked for once, for as long as the connection lives.
        event.events = EPOLLIN | EPOLLOUT | EPOLLET;
        event.data.u64 = connection;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, link.fd, &event) != 0)
            lose(connection, std::strerror(errno));
    }

    /// returns: whether the connection lives.
    bool finish_connect(std::size_t connection) {
        Link& link = links_[connection];
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(link.fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
        if (error != 0) {
            lose(connection, std::strerror(error));
            return false;
        }
        if (!link.reader) link.reader = make_reader(connection);
        link.reader->reset();
        if (!endpoint_.websocket) {
            opened(connection);
        } else {
            link.state = Link::State::shaking;
            link.answer.clear();
            if (!write(connection, handshake_)) return false;
        }
        return true;
    }

    void opened(std::size_t connection) {
        links_[connection].state = Link::State::open;
        if (opening_ != no_opening && opening_ > 0) --opening_;
        if (!links_[connection].unsent.empty()) flush(connection);
    }

    std::unique_ptr<WireReader> make_reader(std::size_t connection) {
        WireReader::Events events;
        events.on_message = [this, connection](std::string_view body) {
            Link& link = links_[connection];
            link.owes_answer = false;
            // The next request must not go where nobody reads any more.
            if (!endpoint_.websocket && link.reader->ends()) drop(connection);
            events_.on_message(connection, body);
        };
        events.on_control = [this, connection](WireReader::Control kind, std::string_view payload) {
            if (kind == WireReader::Control::close) {
                closing_ = true;
                return;
            }
            const bool idle = links_[connection].unsent.empty();
            append_frame(links_[connection].unsent, ws_pong, payload, next_mask());
            if (idle) flush(connection);
        };
        return std::make_unique<WireReader>(
            endpoint_.websocket ? WireReader::Wire::websocket : WireReader::Wire::http,
            std::move(events));
    }

    /// A whole text at once, while nothing waits. returns: whether the connection lives.
    bool write(std::size_t connection, std::string_view text) {
        Link& link = links_[connection];
        const ssize_t sent = ::send(link.fd, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent == static_cast<ssize_t>(text.size())) return true;
        lose(connection, sent < 0 ? std::strerror(errno) : "the handshake was cut short");
        return false;
    }

    void flush(std::size_t connection) {
        Link& link = links_[connection];
        std::size_t done = 0;
        while (done < link.unsent.size()) {
            const ssize_t sent =
                ::send(link.fd, link.unsent.data() + done, link.unsent.size() - done, MSG_NOSIGNAL);
            if (sent < 0 && errno == EINTR) continue;
            if (sent < 0 && errno != EAGAIN) return lose(connection, std::strerror(errno));
            if (sent < 0) break;
            done += static_cast<std::size_t>(sent);
        }
        link.unsent.erase(0, done);
    }

    void receive(std::size_t connection) {
        for (;;) {
            Link& link = links_[connection];
            if (link.fd < 0 || link.state == Link::State::connecting) return;
            const ssize_t size = ::recv(link.fd, buffer_.data(), buffer_.size(), 0);
            if (size < 0 && errno == EINTR) continue;
            if (size < 0 && errno == EAGAIN) return;
            if (size < 0) return lose(connection, std::strerror(errno));
            if (size == 0) return lose(connection, "the endpoint closed the connection");
            std::string_view bytes(buffer_.data(), static_cast<std::size_t>(size));
            if (link.state == Link::State::shaking) {
                link.answer += bytes;
                const auto end = link.answer.find("\r\n\r\n");
                if (end == std::string::npos && link.answer.size() < 16'384) continue;
                if (!link.answer.starts_with("HTTP/1.1 101") ||
                    link.answer.find(handshake_answer) == std::string::npos)
                    return lose(connection, "the endpoint opens no WebSocket: " +
                                                link.answer.substr(0, link.answer.find("\r\n")));
                opened(connection);
                const std::string more =
                    std::exchange(links_[connection].answer, {}).substr(end + 4);
                if (!feed(connection, more)) return;
            } else if (!feed(connection, bytes)) {
                return;
            }
            // Less than there was room for: nothing more is there.
            if (bytes.size() < buffer_.size()) return;
        }
    }

    /// returns: whether the connection goes on.
    bool feed(std::size_t connection, std::string_view bytes) {
        closing_ = false;
        const std::string error = links_[connection].reader->feed(bytes);
        if (!error.empty()) return lose(connection, error), false;
        if (closing_) return lose(connection, "the endpoint closed the WebSocket"), false;
        return true;
    }

    void drop(std::size_t connection) {
        Link& link = links_[connection];
        if (link.fd >= 0) ::close(link.fd);
        link.fd = -1;
        link.state = Link::State::closed;
        link.unsent.clear();
    }

    void lose(std::size_t connection, const std::string& why) {
        const bool quiet = !endpoint_.websocket && !links_[connection].owes_answer &&
                           links_[connection].state == Link::State::open;
        links_[connection].owes_answer = false;
        drop(connection);
        if (opening_ != no_opening && lost_.empty()) lost_ = why;
        if (!quiet && opening_ == no_opening) events_.on_lost(connection, why);
    }

    /// Masks keep proxies from taking what clients send for requests; there is none here.
    std::uint32_t next_mask() { return mask_ = mask_ * 1'664'525 + 1'013'904'223; }

    RpcEndpoint endpoint_;
    Events& events_;
    std::vector<char> buffer_;
    std::vector<Link> links_;
    std::string head_, handshake_;
    sockaddr_storage address_{};
    socklen_t address_size_ = 0;
    int epoll_ = -1;
    std::size_t opening_ = no_opening;  ///< connections that `open` waits for
    std::string lost_;                  ///< why one of them could not be opened
    bool closing_ = false;
    std::uint32_t mask_ = 1;
};

}  // namespace

std::string RpcEndpoint::text() const {
    const bool v6 = url.host.find(':') != std::string::npos;
    return std::string(websocket ? "ws://" : "http://") + (v6 ? "[" + url.host + "]" : url.host) +
           ":" + url.port + (url.path == "/" ? "" : url.path);
}

Result<RpcEndpoint> parse_rpc_endpoint(std::string_view url) {
    const auto bad = [&](std::string_view why) {
        return fatal("\"" + std::string(url) + "\": " + std::string(why) +
                     "; write it as http://host:port or ws://host:port");
    };
    for (const std::string_view scheme : {"https://", "wss://"})
        if (url.starts_with(scheme)) return bad("TLS is not supported");
    RpcEndpoint out;
    out.websocket = url.starts_with("ws://");
    if (!out.websocket && !url.starts_with("http://"))
        return bad("it starts with neither http:// nor ws://");
    auto parts = parse_url_parts(url.substr(url.find("//") + 2));
    if (!parts) return bad(parts.error());
    out.url = std::move(*parts);
    return out;
}

Result<std::unique_ptr<RpcSwarm>> RpcSwarm::make(const RpcEndpoint& endpoint, Events& events) {
    auto swarm = std::make_unique<Swarm>(endpoint, events);
    if (auto done = swarm->set_up(); !done) return std::unexpected(done.error());
    return swarm;
}

}  // namespace mezz::node
