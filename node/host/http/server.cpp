// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/server.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <thread>

#include "node/host/http/connection.hpp"

namespace mezz::host::http {

using tcp = asio::ip::tcp;

bool Shared::add(const std::shared_ptr<Connection>& connection, const asio::ip::address& address) {
    const std::scoped_lock lock(mutex_);
    const auto found = of_address_.find(address);
    if (stopping_ || open_.size() >= options.max_connections ||
        (found != of_address_.end() && found->second >= options.max_connections_per_address)) {
        ++refused;
        return false;
    }
    open_.emplace(connection.get(), Place{connection, address});
    ++of_address_[address];
    return true;
}

void Shared::replace(const Connection* old, const std::shared_ptr<Connection>& connection) {
    const std::scoped_lock lock(mutex_);
    const auto it = open_.find(old);
    if (it == open_.end()) return;
    open_.emplace(connection.get(), Place{connection, it->second.address});
    open_.erase(it);
}

void Shared::remove(const Connection* connection) {
    const std::scoped_lock lock(mutex_);
    const auto it = open_.find(connection);
    if (it == open_.end()) return;
    const auto count = of_address_.find(it->second.address);
    if (--count->second == 0) of_address_.erase(count);
    open_.erase(it);
    ended_.notify_all();
}

void Shared::shut_down() {
    std::vector<std::shared_ptr<Connection>> all;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        for (const auto& [key, place] : open_)
            if (auto c = place.connection.lock()) all.push_back(std::move(c));
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

bool Shared::allows_origin(std::string_view origin, std::string_view host) const {
    for (const auto& o : options.allowed_origins)
        if (o == "*" || o == origin) return true;
    for (const std::string_view scheme : {"http://", "https://"})
        if (!host.empty() && origin.starts_with(scheme) && origin.substr(scheme.size()) == host)
            return true;
    return false;
}

bool Shared::allows_host(std::string_view host) const {
    if (host.starts_with('[')) {
        const auto end = host.find(']');
        const std::string_view rest = end == std::string_view::npos ? "" : host.substr(end + 1);
        if (end == std::string_view::npos || (!rest.empty() && !rest.starts_with(':')))
            return false;
        host = host.substr(1, end - 1);
    } else if (std::count(host.begin(), host.end(), ':') == 1) {
        host = host.substr(0, host.find(':'));
    }
    boost::system::error_code e;
    (void)asio::ip::make_address(std::string(host), e);
    if (!e) return true;
    return std::any_of(options.allowed_hosts.begin(), options.allowed_hosts.end(),
                       [&](const std::string& allowed) {
                           return allowed == "*" || beast::iequals(allowed, host);
                       });
}

ServerStatus Shared::status() const {
    const std::scoped_lock lock(mutex_);
    return {open_.size(), websockets, refused};
}

namespace {

class TcpServer final : public Server {
public:
    TcpServer(ServerOptions options, Handler& handler)
        : shared_(std::move(options), handler),
          lanes_({.lanes = shared_.options.threads,
                  .most_jobs = shared_.options.long_threads > 0 ? shared_.options.most_brief : 0,
                  .niceness = shared_.options.niceness}),
          acceptor_(lanes_.first()),
          retry_(lanes_.first()) {
        shared_.lanes = &lanes_;
        shared_.pool = &pool_;
    }
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
        lanes_.start();
        for (unsigned i = 0; i < o.long_threads; ++i)
            threads_.emplace_back([this] {
                lanes_.stand_back_for_long();
                const auto until_stopped = asio::make_work_guard(pool_);
                pool_.run();
            });
        is_running_ = true;
        return {};
    }

    [[nodiscard]] std::uint16_t port() const override { return port_; }
    [[nodiscard]] ServerStatus status() const override { return shared_.status(); }

    void stop() override {
        const std::scoped_lock lock(stop_mutex_);
        if (!std::exchange(is_running_, false)) return;
        asio::post(lanes_.first(), [this] {
            boost::system::error_code ignored;
            acceptor_.close(ignored);
            retry_.cancel();
        });
        shared_.shut_down();
        const auto& o = shared_.options;
        if (!shared_.wait(o.stop_timeout_ms) && o.on_stop_timeout) {
            o.on_stop_timeout();
            shared_.wait(o.stop_timeout_ms);
        }
        pool_.stop();
        lanes_.stop();
        for (auto& t : threads_) t.join();
        threads_.clear();
    }

private:
    void accept() {
        acceptor_.async_accept(asio::make_strand(lanes_.next()),
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

    Shared shared_;  ///< before the lanes: connections die with theirs
    Lanes lanes_;
    asio::io_context pool_;  ///< after the lanes: what waits here are connections of those
    tcp::acceptor acceptor_;
    asio::steady_timer retry_;
    std::uint16_t port_ = 0;
    std::mutex stop_mutex_;  ///< guards what follows
    bool is_running_ = false;
    std::vector<std::thread> threads_;  ///< of the pool
};

}  // namespace

node::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler& handler) {
    auto server = std::make_unique<TcpServer>(std::move(options), handler);
    if (auto listening = server->listen(); !listening) return std::unexpected(listening.error());
    return server;
}

}  // namespace mezz::host::http
