// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>

#include "node/host/http/connection.hpp"

namespace mezz::host::http {

using tcp = asio::ip::tcp;

bool Shared::add(const std::shared_ptr<Connection>& connection) {
    const std::scoped_lock lock(mutex_);
    if (stopping_ || open_.size() >= options.max_connections) return false;
    open_.emplace(connection.get(), connection);
    return true;
}

void Shared::remove(const Connection* connection) {
    const std::scoped_lock lock(mutex_);
    open_.erase(connection);
    ended_.notify_all();
}

void Shared::shut_down() {
    std::vector<std::shared_ptr<Connection>> all;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        for (const auto& [key, weak] : open_)
            if (auto c = weak.lock()) all.push_back(std::move(c));
    }
    for (const auto& c : all) c->shut_down();
}

bool Shared::wait(unsigned timeout_ms) {
    std::unique_lock lock(mutex_);
    return ended_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                           [this] { return open_.empty(); });
}

bool is_local_host(std::string_view host) {
    for (const std::string_view name : {"127.0.0.1", "localhost", "[::1]"}) {
        if (!host.starts_with(name)) continue;
        const std::string_view port = host.substr(name.size());
        if (port.empty()) return true;
        return port.size() > 1 && port[0] == ':' &&
               port.find_first_not_of("0123456789", 1) == std::string_view::npos;
    }
    return false;
}

bool Shared::allows(std::string_view origin, std::string_view host) const {
    static constexpr std::string_view scheme = "http://";
    for (const auto& o : options.allowed_origins) {
        if (o == "*" || o == origin) return true;
        if (o == "self" && is_local_host(host) && origin.starts_with(scheme) &&
            origin.substr(scheme.size()) == host)
            return true;
    }
    return false;
}

namespace {

class TcpServer final : public Server {
public:
    TcpServer(ServerOptions options, Handler& handler)
        : shared_(std::move(options), handler),
          context_(static_cast<int>(std::max(1u, shared_.options.threads))),
          acceptor_(context_),
          retry_(context_) {}
    // Only a lost thread or no memory throws here, and then ending is right.
    // NOLINTNEXTLINE(bugprone-exception-escape)
    ~TcpServer() override { stop(); }

    node::Result<void> listen() {
        const auto& o = shared_.options;
        const std::string where = o.host + ":" + std::to_string(o.port);
        boost::system::error_code e;
        const auto address = asio::ip::make_address(o.host, e);
        if (e)
            return node::fatal("http: '" + o.host +
                               "' is not an IP address to listen on; use 127.0.0.1 or 0.0.0.0");
        const tcp::endpoint endpoint(address, o.port);
        acceptor_.open(endpoint.protocol(), e);
        if (!e) acceptor_.set_option(asio::socket_base::reuse_address(true), e);
        if (!e) acceptor_.bind(endpoint, e);
        if (!e) acceptor_.listen(asio::socket_base::max_listen_connections, e);
        if (e == asio::error::address_in_use)
            return node::fatal("http: port " + std::to_string(o.port) + " on " + o.host +
                               " is in use; stop the program that has it or choose another port" +
                               (o.port_flag.empty() ? "" : " with " + o.port_flag) +
                               " (0 takes any free one)");
        if (e == asio::error::access_denied)
            return node::fatal("http: no permission to listen on " + where +
                               "; choose a port above 1023");
        if (e) return node::fatal("http: cannot listen on " + where + ": " + e.message());
        port_ = acceptor_.local_endpoint(e).port();
        accept();
        for (unsigned i = 0; i < std::max(1u, o.threads); ++i)
            threads_.emplace_back([this] { context_.run(); });
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return port_; }

    void stop() override {
        const std::scoped_lock lock(stop_mutex_);
        if (threads_.empty()) return;
        asio::post(context_, [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            retry_.cancel();
        });
        shared_.shut_down();
        shared_.wait(shared_.options.stop_timeout_ms);
        context_.stop();
        for (auto& t : threads_) t.join();
        threads_.clear();
    }

private:
    void accept() {
        acceptor_.async_accept(asio::make_strand(context_),
                               [this](boost::system::error_code e, tcp::socket socket) {
                                   if (e == asio::error::operation_aborted || !acceptor_.is_open())
                                       return;
                                   if (!e) {
                                       boost::system::error_code ignored;
                                       socket.set_option(tcp::no_delay(true), ignored);
                                       serve_http(std::move(socket), shared_);
                                       return accept();
                                   }
                                   // Out of descriptors: wait until some connection ended.
                                   retry_.expires_after(std::chrono::milliseconds(100));
                                   retry_.async_wait([this](boost::system::error_code stopped) {
                                       if (!stopped) accept();
                                   });
                               });
    }

    Shared shared_;  ///< before the context: connections die with the context
    asio::io_context context_;
    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
    std::uint16_t port_ = 0;
    std::mutex stop_mutex_;
    std::vector<std::thread> threads_;
};

}  // namespace

node::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler& handler) {
    auto server = std::make_unique<TcpServer>(std::move(options), handler);
    if (auto listening = server->listen(); !listening) return std::unexpected(listening.error());
    return server;
}

}  // namespace mezz::host::http
