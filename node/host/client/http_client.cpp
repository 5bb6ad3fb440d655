// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/client/http_client.hpp"

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <mutex>
#include <vector>

namespace mezz::node {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Deadline = std::chrono::steady_clock::time_point;

/// One connection with its own event loop, so that a blocking call can have a deadline.
class Connection {
public:
    [[nodiscard]] bool used() const noexcept { return used_; }

    error_code connect(const HttpUrl& url, Deadline deadline) {
        asio::ip::tcp::resolver resolver(loop_);
        asio::ip::tcp::resolver::results_type endpoints;
        error_code result = asio::error::timed_out;
        resolver.async_resolve(url.host, url.port, [&](error_code ec, auto found) {
            result = ec;
            endpoints = std::move(found);
        });
        if (!run(deadline)) {
            resolver.cancel();
            finish();
            return asio::error::timed_out;
        }
        if (result) return result;
        result = asio::error::timed_out;
        stream_.expires_never();
        stream_.async_connect(endpoints, [&](error_code ec, const auto&) { result = ec; });
        if (!run(deadline)) abandon();
        if (result) return result;
        error_code ignored;
        stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
        return result;
    }

    error_code exchange(const http::request<http::string_body>& request, HttpResponse& response,
                        std::size_t max_body_bytes, Deadline deadline, bool& keep, bool& answered) {
        error_code result = asio::error::timed_out;
        http::async_write(stream_, request, [&](error_code ec, std::size_t) { result = ec; });
        if (!run(deadline)) abandon();
        if (result) return result;

        http::response_parser<http::string_body> parser;
        parser.body_limit(max_body_bytes);
        result = asio::error::timed_out;
        http::async_read(stream_, buffer_, parser,
                         [&](error_code ec, std::size_t) { result = ec; });
        if (!run(deadline)) abandon();
        answered = parser.got_some();
        if (result) return result;
        keep = parser.get().keep_alive();
        response.status = parser.get().result_int();
        response.body = std::move(parser.get().body());
        used_ = true;
        return result;
    }

private:
    /// Runs the loop until nothing is left to do. returns: false when the deadline came first.
    bool run(Deadline deadline) {
        loop_.restart();
        loop_.run_until(deadline);
        return loop_.stopped();
    }
    /// Cancels what is under way and lets its handlers, which refer to the caller's frame, run.
    void abandon() {
        error_code ignored;
        stream_.socket().close(ignored);
        finish();
    }
    void finish() {
        loop_.restart();
        loop_.run();
    }

    asio::io_context loop_;
    beast::tcp_stream stream_{loop_};
    beast::flat_buffer buffer_;
    bool used_ = false;
};

}  // namespace

std::expected<HttpUrl, std::string> parse_url_parts(std::string_view rest) {
    const auto bad = [](const char* why) { return std::unexpected(std::string(why)); };
    for (const char c : rest)
        if (c <= ' ' || c == 0x7f) return bad("it contains a blank or control character");
    HttpUrl out;
    const std::size_t slash = rest.find('/');
    std::string_view authority = rest.substr(0, slash);
    out.path = slash == std::string_view::npos ? "/" : std::string(rest.substr(slash));
    std::string_view port;
    if (authority.starts_with('[')) {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return bad("a bracket is not closed");
        out.host = std::string(authority.substr(1, end - 1));
        port = authority.substr(end + 1);
    } else {
        const std::size_t colon = authority.find(':');
        out.host = std::string(authority.substr(0, colon));
        port = colon == std::string_view::npos ? std::string_view{} : authority.substr(colon);
    }
    if (out.host.empty()) return bad("the host is missing");
    if (out.host.find('@') != std::string::npos) return bad("a user name has no place in it");
    if (!port.empty()) {
        unsigned number = 0;
        for (const char c : port.substr(1)) {
            if (c < '0' || c > '9' || number > 65'535) return bad("the port is not a number");
            number = number * 10 + static_cast<unsigned>(c - '0');
        }
        if (port[0] != ':' || number == 0 || number > 65'535)
            return bad("the port is not in 1..65535");
        out.port = std::string(port.substr(1));
    }
    return out;
}

Result<HttpUrl> parse_http_url(std::string_view url) {
    const auto bad = [&](std::string_view why) {
        return fatal("parent URL \"" + std::string(url) + "\": " + std::string(why) +
                     "; write it as http://host:port");
    };
    constexpr std::string_view scheme = "http://";
    if (url.starts_with("https://")) return bad("https is not supported");
    if (!url.starts_with(scheme)) return bad("it does not start with http://");
    auto parts = parse_url_parts(url.substr(scheme.size()));
    if (!parts) return bad(parts.error());
    return std::move(*parts);
}

struct HttpClient::Impl {
    HttpUrl url;
    HttpClientOptions options;
    std::mutex mutex;
    std::vector<std::unique_ptr<Connection>> idle;  // guarded by mutex
    std::atomic<bool> closed = false;

    std::unique_ptr<Connection> take_idle() {
        const std::lock_guard lock(mutex);
        if (idle.empty()) return nullptr;
        auto connection = std::move(idle.back());
        idle.pop_back();
        return connection;
    }
    void give_back(std::unique_ptr<Connection> connection) {
        const std::lock_guard lock(mutex);
        if (idle.size() < options.max_idle_connections) idle.push_back(std::move(connection));
    }
    std::unexpected<Error> failure(std::string_view what, const error_code& ec,
                                   std::uint64_t timeout_ms) const {
        std::string why = ec.message();
        if (ec == asio::error::timed_out || ec == asio::error::operation_aborted)
            why = "no answer within " + std::to_string(timeout_ms) + " ms";
        return retry(std::string(what) + " http://" + url.host + ":" + url.port + ": " + why +
                     "; check that the node runs and that the URL is right");
    }

    Result<HttpResponse> exchange(http::request<http::string_body> request,
                                  std::uint64_t timeout_ms) {
        request.version(11);
        request.set(http::field::host, url.host + ":" + url.port);
        request.set(http::field::user_agent, "mezz");
        request.keep_alive(true);
        request.prepare_payload();
        const Deadline deadline =
            std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
        for (;;) {
            if (closed) return retry("asking http://" + url.host + ":" + url.port + ": stopping");
            auto connection = take_idle();
            if (!connection) {
                connection = std::make_unique<Connection>();
                const Deadline patience =
                    std::chrono::steady_clock::now() +
                    std::chrono::milliseconds(std::min(options.connect_timeout_ms, timeout_ms));
                if (const auto ec = connection->connect(url, patience))
                    return failure("connecting to", ec, options.connect_timeout_ms);
            }
            HttpResponse response;
            bool keep = false, answered = false;
            const auto ec = connection->exchange(request, response, options.max_body_bytes,
                                                 deadline, keep, answered);
            if (!ec) {
                if (keep) give_back(std::move(connection));
                return response;
            }
            // A kept connection may have been closed by the server while it was idle.
            if (connection->used() && !answered && ec != asio::error::timed_out &&
                ec != asio::error::operation_aborted)
                continue;
            return failure("asking", ec, timeout_ms);
        }
    }
};

HttpClient::HttpClient(HttpUrl url, HttpClientOptions options) : impl_(std::make_unique<Impl>()) {
    impl_->url = std::move(url);
    impl_->options = options;
}
HttpClient::~HttpClient() = default;

const HttpUrl& HttpClient::url() const noexcept {
    return impl_->url;
}

void HttpClient::close() noexcept {
    impl_->closed = true;
}

Result<HttpResponse> HttpClient::post(std::string_view body, std::uint64_t timeout_ms) {
    http::request<http::string_body> request;
    request.method(http::verb::post);
    request.target(impl_->url.path);
    request.set(http::field::content_type, "application/json");
    request.body() = std::string(body);
    return impl_->exchange(std::move(request), timeout_ms);
}

Result<HttpResponse> HttpClient::get(std::string_view path_and_query, std::uint64_t timeout_ms) {
    http::request<http::string_body> request;
    request.method(http::verb::get);
    std::string target = impl_->url.path;
    if (target.ends_with('/')) target.pop_back();
    request.target(target + std::string(path_and_query));
    request.set(http::field::accept, "application/json");
    return impl_->exchange(std::move(request), timeout_ms);
}

}  // namespace mezz::node
