// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 client: reads a request with limits and deadlines, lets the handler answer, repeats.
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include "node/host/http/connection.hpp"

namespace mezz::host::http {
namespace {

namespace bh = beast::http;
using std::chrono::milliseconds;

std::string_view reason(unsigned status) {
    const auto text = bh::obsolete_reason(bh::int_to_status(status));
    return {text.data(), text.size()};
}

std::string_view view(beast::string_view s) {
    return {s.data(), s.size()};
}

HttpResponse error_response(unsigned status, int code, std::string_view message) {
    HttpResponse r;
    r.status = status;
    r.body = R"({"jsonrpc":"2.0","id":null,"error":{"code":)" + std::to_string(code) +
             R"(,"message":")" + std::string(message) + "\"}}";
    return r;
}

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(asio::ip::tcp::socket socket, Shared& shared)
        : stream_(std::move(socket)), shared_(shared), buffer_(64 << 10) {}
    ~HttpConnection() override {
        release();
        shared_.remove(this);
    }

    /// From any thread.
    void start() {
        beast::error_code unknown;  // the client is gone already: any address will do
        const auto remote = stream_.socket().remote_endpoint(unknown);
        keep_alive_ = shared_.add(shared_from_this(), remote.address());
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
            if (self->keep_alive_) return self->wait();
            self->out_ =
                "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: "
                "0\r\n\r\n";
            self->write();
        });
    }

    void shut_down() override {
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
            self->keep_alive_allowed_ = false;
            if (self->idle_) self->close();
        });
    }

private:
    /// Between requests: the long deadline. Pipelined bytes go on at once.
    void wait() {
        release();
        if (!keep_alive_allowed_) return close();
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(shared_.options.max_header_bytes));
        parser_->body_limit(shared_.options.max_body_bytes);
        if (buffer_.size() != 0) return read_header();
        idle_ = true;
        stream_.expires_after(milliseconds(shared_.options.idle_timeout_ms));
        stream_.async_read_some(buffer_.prepare(8 << 10),
                                [self = shared_from_this()](beast::error_code e, std::size_t size) {
                                    self->idle_ = false;
                                    if (e) return self->close();
                                    self->buffer_.commit(size);
                                    self->read_header();
                                });
    }

    void read_header() {
        stream_.expires_after(milliseconds(shared_.options.read_timeout_ms));
        bh::async_read_header(stream_, buffer_, *parser_,
                              [self = shared_from_this()](beast::error_code e, std::size_t) {
                                  if (e) return self->refuse(e);
                                  self->on_header();
                              });
    }

    void on_header() {
        const auto& message = parser_->get();
        keep_alive_ = message.keep_alive();
        const auto length = parser_->content_length();
        if (length && *length > shared_.options.max_body_bytes)
            return refuse(make_error_code(bh::error::body_limit));
        // Who does not say how long the body will be may send the longest.
        if (!reserve(parser_->chunked() ? shared_.options.max_body_bytes : length.value_or(0))) {
            keep_alive_ = false;
            return respond(error_response(503, -32005, "too many requests at once; try again"));
        }
        if (length) parser_->get().body().reserve(*length + body_padding);
        if (beast::iequals(message[bh::field::expect], "100-continue") && !parser_->is_done()) {
            static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            asio::async_write(stream_, asio::buffer(go_on.data(), go_on.size()),
                              [self = shared_from_this()](beast::error_code e, std::size_t) {
                                  if (e) return self->close();
                                  self->read_body();
                              });
            return;
        }
        read_body();
    }

    void read_body() {
        if (parser_->is_done()) return answer();
        bh::async_read(stream_, buffer_, *parser_,
                       [self = shared_from_this()](beast::error_code e, std::size_t) {
                           if (e) return self->refuse(e);
                           self->answer();
                       });
    }

    /// Bytes that are no request, or too many of them.
    void refuse(beast::error_code e) {
        keep_alive_ = false;
        origin_.clear();
        if (e == bh::error::body_limit)
            return respond(error_response(413, -32600,
                                          "request body is larger than " +
                                              std::to_string(shared_.options.max_body_bytes) +
                                              " bytes"));
        if (e == bh::error::header_limit || e == bh::error::buffer_overflow)
            return respond(error_response(431, -32600, "request headers are too large"));
        if (e == bh::error::end_of_stream || e == bh::error::partial_message ||
            e == beast::error::timeout ||
            e.category() != make_error_code(bh::error::bad_method).category())
            return close();
        respond(error_response(400, -32600, "not an HTTP/1.1 request"));
    }

    void answer() {
        auto& message = parser_->get();
        origin_ = view(message[bh::field::origin]);
        head_ = message.method() == bh::verb::head;
        const std::string_view host = view(message[bh::field::host]);
        if (!host.empty() && !shared_.allows_host(host)) {
            origin_.clear();
            return respond(error_response(403, -32600, "this host name is not allowed"));
        }
        if (!origin_.empty() && !shared_.allows_origin(origin_, host)) {
            origin_.clear();
            HttpResponse r = error_response(403, -32600, "this origin is not allowed");
            return respond(std::move(r));
        }
        if (beast::websocket::is_upgrade(message)) {
            stream_.expires_never();
            serve_websocket(std::move(stream_), parser_->release(), shared_, this);
            return;
        }
        if (message.method() == bh::verb::options) {
            HttpResponse r;
            r.status = 204;
            return respond(std::move(r));
        }
        auto& body = message.body();
        body.reserve(body.size() + body_padding);
        const Weight weight = shared_.weight(body);
        if (weight == Weight::light) return respond(handle());
        // The connection waits for its answer and does nothing else meanwhile.
        stream_.expires_never();
        HttpResponse r;
        if (weight == Weight::brief && shared_.lanes->run_here([&] { r = handle(); }))
            return respond(std::move(r));
        asio::post(*shared_.pool, [self = shared_from_this()] {
            asio::post(self->stream_.get_executor(),
                       [self, r = self->handle()]() mutable { self->respond(std::move(r)); });
        });
    }

    HttpResponse handle() {
        auto& message = parser_->get();
        const HttpRequest request{
            head_ ? "GET" : view(message.method_string()), view(message.target()), message.body(),
            view(message[bh::field::authorization]), [&message](std::string_view name) {
                return view(message[{name.data(), name.size()}]);
            }};
        return shared_.handler.handle(request);
    }

    void respond(HttpResponse response) {
        // The request is over; its answer may wait for a slow reader.
        if (parser_) std::string().swap(parser_->get().body());
        release();
        if (!keep_alive_allowed_) keep_alive_ = false;
        out_.clear();
        out_ += "HTTP/1.1 ";
        out_ += std::to_string(response.status);
        out_ += ' ';
        out_ += reason(response.status);
        out_ += "\r\nServer: mezz\r\n";
        if (!response.body.empty()) {
            out_ += "Content-Type: ";
            out_ += response.content_type;
            out_ += "\r\n";
        }
        if (!response.allow.empty()) out_ += "Allow: " + response.allow + "\r\n";
        out_ += response.headers;
        if (!origin_.empty())
            out_ += "Access-Control-Allow-Origin: " + origin_ +
                    "\r\nVary: Origin\r\nAccess-Control-Allow-Methods: GET, POST, OPTIONS\r\n"
                    "Access-Control-Allow-Headers: Content-Type, Authorization\r\n"
                    "Access-Control-Max-Age: 600\r\n";
        out_ += keep_alive_ ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
        if (response.status != 204 && response.status != 304)
            out_ += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
        out_ += "\r\n";
        body_ = head_ ? std::string{} : std::move(response.body);
        if (body_.size() <= 4096) {
            out_ += body_;
            body_.clear();
        }
        write();
    }

    void write() {
        stream_.expires_after(milliseconds(shared_.options.read_timeout_ms));
        const std::array<asio::const_buffer, 2> parts{asio::buffer(out_), asio::buffer(body_)};
        asio::async_write(stream_, parts,
                          [self = shared_from_this()](beast::error_code e, std::size_t) {
                              if (e || !self->keep_alive_) return self->finish();
                              self->wait();
                          });
    }

    /// Closes after an answer: what the client still sends is read and dropped for a moment, so
    /// that the answer is not lost to a reset.
    void finish() {
        beast::error_code ignored;
        stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        stream_.expires_after(milliseconds(shared_.stopping() ? 100 : 1000));
        drain();
    }
    void drain() {
        drop_.resize(16 << 10);
        stream_.async_read_some(asio::buffer(drop_),
                                [self = shared_from_this()](beast::error_code e, std::size_t n) {
                                    self->dropped_ += n;
                                    if (e || self->dropped_ > (8u << 20)) return self->close();
                                    self->drain();
                                });
    }

    /// returns: whether the body may be read: all requests together have room for it.
    bool reserve(std::size_t size) {
        reserved_ = size;
        if (shared_.pending_bytes.fetch_add(size) + size <= shared_.options.max_pending_bytes ||
            size == 0)
            return true;
        ++shared_.refused;
        return false;
    }
    void release() { shared_.pending_bytes -= std::exchange(reserved_, 0); }

    void close() {
        beast::error_code ignored;
        stream_.socket().close(ignored);
    }

    beast::tcp_stream stream_;
    Shared& shared_;
    beast::flat_buffer buffer_;
    std::optional<bh::request_parser<bh::string_body>> parser_;
    std::string out_, body_, origin_, drop_;
    std::size_t dropped_ = 0;
    std::size_t reserved_ = 0;  ///< of shared_.pending_bytes
    bool keep_alive_ = true;
    bool keep_alive_allowed_ = true;
    bool idle_ = false;
    bool head_ = false;
};

}  // namespace

void serve_http(asio::ip::tcp::socket socket, Shared& shared) {
    std::make_shared<HttpConnection>(std::move(socket), shared)->start();
}

}  // namespace mezz::host::http
