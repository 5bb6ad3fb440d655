// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// One WebSocket client: messages in order to its session, pushes from any thread to a bounded
// queue.
#include <array>
#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>

#include "node/host/http/connection.hpp"

namespace mezz::host::http {
namespace {

namespace ws = beast::websocket;

class WsConnection;

/// What sessions hold: it does not keep the connection alive.
class Sender final : public WsSender {
public:
    explicit Sender(std::weak_ptr<WsConnection> connection) : connection_(std::move(connection)) {}
    void send(std::string head, SharedText tail) override;
    void close() override;

private:
    std::weak_ptr<WsConnection> connection_;
};

struct Message {
    std::string head;
    SharedText tail;  ///< may be null
    [[nodiscard]] std::size_t size() const { return own_size() + (tail ? tail->size() : 0); }
    /// What it alone takes, with its place in a queue.
    [[nodiscard]] std::size_t own_size() const { return head.size() + sizeof(Message); }
};

class WsConnection final : public Connection, public std::enable_shared_from_this<WsConnection> {
public:
    WsConnection(beast::tcp_stream stream, UpgradeRequest request, Shared& shared)
        : stream_(std::move(stream)), request_(std::move(request)), shared_(shared) {}
    ~WsConnection() override {
        session_.reset();
        shared_.queued_bytes -= own_bytes_;
        if (open_) --shared_.websockets;
        shared_.remove(this);
    }

    void start(const Connection* http) {
        shared_.replace(http, shared_from_this());
        const auto text = [](beast::string_view s) { return std::string_view{s.data(), s.size()}; };
        session_ = shared_.handler.open(
            {text(request_.target()), text(request_[beast::http::field::authorization])},
            std::make_shared<Sender>(weak_from_this()));
        if (!session_) return refuse();
        stream_.read_message_max(shared_.options.max_body_bytes);
        stream_.set_option(ws::stream_base::timeout{
            std::chrono::milliseconds(shared_.options.read_timeout_ms),
            std::chrono::milliseconds(shared_.options.idle_timeout_ms), true});
        stream_.async_accept(request_, [self = shared_from_this()](beast::error_code e) {
            if (e || self->ending_) return;
            self->open_ = true;
            ++self->shared_.websockets;
            self->stream_.text(true);
            // A message is one frame and one write, however long.
            self->stream_.auto_fragment(false);
            self->read();
            self->write();
        });
    }

    void shut_down() override {
        asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
            // What was asked is answered first.
            self->ending_ = true;
            if (self->queue_.empty()) self->close(ws::close_code::going_away);
        });
    }

    /// From any thread.
    void send(Message message) {
        const std::size_t size = message.size(), own_size = message.own_size();
        const std::size_t queued = queued_bytes_.fetch_add(size) + size;
        own_bytes_ += own_size;
        const std::size_t in_all = shared_.queued_bytes.fetch_add(own_size) + own_size;
        // One message of any size may wait alone; a second one shows that nobody reads.
        if (queued != size && (queued > shared_.options.max_queued_bytes ||
                               in_all > shared_.options.max_queued_bytes_in_all)) {
            if (!overflowed_.exchange(true))
                asio::post(stream_.get_executor(), [self = shared_from_this()] {
                    beast::get_lowest_layer(self->stream_).cancel();
                    beast::get_lowest_layer(self->stream_).close();
                });
            return;
        }
        asio::dispatch(stream_.get_executor(),
                       [self = shared_from_this(), m = std::move(message)]() mutable {
                           self->queue_.push_back(std::move(m));
                           if (self->queue_.size() == 1) self->write();
                       });
    }

    void close(ws::close_code code) {
        if (!open_ || closing_) return;
        closing_ = true;
        stream_.async_close(code, [self = shared_from_this()](beast::error_code) {});
    }

private:
    void refuse() {
        static constexpr std::string_view answer =
            "HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        auto& plain = stream_.next_layer();
        plain.expires_after(std::chrono::milliseconds(shared_.options.read_timeout_ms));
        asio::async_write(plain, asio::buffer(answer.data(), answer.size()),
                          [self = shared_from_this()](beast::error_code, std::size_t) {});
    }

    void read() {
        stream_.async_read(buffer_, [self = shared_from_this()](beast::error_code e, std::size_t) {
            if (e || self->ending_) return self->session_.reset();
            const auto data = self->buffer_.cdata();
            self->message_.clear();
            self->message_.reserve(data.size() + body_padding);
            self->message_.append(static_cast<const char*>(data.data()), data.size());
            self->buffer_.consume(self->buffer_.size());
            const Weight weight = self->shared_.weight(self->message_);
            const auto take = [&self] { self->session_->on_message(self->message_); };
            if (weight == Weight::light) take();
            if (weight == Weight::light ||
                (weight == Weight::brief && self->shared_.lanes->run_here(take)))
                return self->read();
            asio::post(*self->shared_.pool, [self] {
                self->session_->on_message(self->message_);
                asio::post(self->stream_.get_executor(), [self] { self->read(); });
            });
        });
    }

    void write() {
        if (!open_ || closing_ || queue_.empty()) return;
        const Message& message = queue_.front();
        const std::array<asio::const_buffer, 2> parts{
            asio::buffer(message.head),
            message.tail ? asio::buffer(*message.tail) : asio::const_buffer{}};
        stream_.async_write(parts, [self = shared_from_this()](beast::error_code e, std::size_t) {
            if (e) return;
            const Message& sent = self->queue_.front();
            self->queued_bytes_ -= sent.size();
            self->own_bytes_ -= sent.own_size();
            self->shared_.queued_bytes -= sent.own_size();
            self->queue_.pop_front();
            if (self->ending_ && self->queue_.empty())
                return self->close(ws::close_code::going_away);
            self->write();
        });
    }

    ws::stream<beast::tcp_stream> stream_;
    UpgradeRequest request_;
    Shared& shared_;
    std::unique_ptr<WsSession> session_;
    beast::flat_buffer buffer_;
    std::string message_;
    std::deque<Message> queue_;  ///< front is being written
    std::atomic<std::size_t> queued_bytes_ = 0;
    std::atomic<std::size_t> own_bytes_ = 0;  ///< of those, what is not shared
    std::atomic<bool> overflowed_ = false;
    bool open_ = false;
    bool closing_ = false;
    bool ending_ = false;  ///< closes once the queue is empty
};

void Sender::send(std::string head, SharedText tail) {
    if (const auto c = connection_.lock()) c->send({std::move(head), std::move(tail)});
}
void Sender::close() {
    if (const auto c = connection_.lock()) c->shut_down();
}

}  // namespace

void serve_websocket(beast::tcp_stream stream, UpgradeRequest request, Shared& shared,
                     const Connection* http) {
    std::make_shared<WsConnection>(std::move(stream), std::move(request), shared)->start(http);
}

}  // namespace mezz::host::http
