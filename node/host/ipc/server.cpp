// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/ipc/server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "node/host/ipc/json_stream.hpp"

namespace mezz::host::ipc {
namespace {

namespace asio = boost::asio;
using Protocol = asio::local::stream_protocol;
using Failure = boost::system::error_code;

constexpr std::size_t padding = 64;
constexpr std::size_t chunk_bytes = 64 << 10;

std::string refusal(std::string_view why) {
    return R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error: )" +
           std::string(why) + "\"}}";
}

class Client;

/// The open connections. Thread-safe; outlives them.
class Clients {
public:
    explicit Clients(std::size_t most) : most_(most) {}
    bool add(const std::shared_ptr<Client>& client) {
        const std::scoped_lock lock(mutex_);
        if (stopping_ || open_.size() >= most_) return false;
        open_.emplace(client.get(), client);
        return true;
    }
    void remove(const Client* client) {
        const std::scoped_lock lock(mutex_);
        open_.erase(client);
        ended_.notify_all();
    }
    void shut_down();
    void wait(unsigned timeout_ms) {
        std::unique_lock lock(mutex_);
        ended_.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                        [this] { return open_.empty(); });
    }

private:
    const std::size_t most_;
    std::mutex mutex_;  ///< guards the rest
    std::condition_variable ended_;
    std::map<const Client*, std::weak_ptr<Client>> open_;
    bool stopping_ = false;
};

class Client final : public std::enable_shared_from_this<Client> {
public:
    Client(Protocol::socket socket, const ServerOptions& options, Clients& clients)
        : socket_(std::move(socket)),
          options_(options),
          clients_(clients),
          stream_(options.max_message_bytes) {}
    ~Client() {
        session_.reset();
        clients_.remove(this);
    }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    void start(const Open& open) {
        if (!clients_.add(shared_from_this())) return;
        session_ = open([weak = weak_from_this()](std::string message) {
            if (const auto self = weak.lock()) self->send(std::move(message));
        });
        read();
    }

    /// From any thread.
    void shut_down() {
        asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->close(); });
    }

private:
    void send(std::string message) {
        message += '\n';
        const std::size_t queued = queued_bytes_.fetch_add(message.size()) + message.size();
        // One message of any size may wait alone; a second one shows that nobody reads.
        if (queued > options_.max_queued_bytes && queued != message.size()) return shut_down();
        asio::dispatch(socket_.get_executor(),
                       [self = shared_from_this(), m = std::move(message)]() mutable {
                           self->queue_.push_back(std::move(m));
                           if (self->queue_.size() == 1) self->write();
                       });
    }

    void read() {
        socket_.async_read_some(asio::buffer(chunk_),
                                [self = shared_from_this()](Failure e, std::size_t bytes) {
                                    if (e) return self->session_.reset();
                                    self->take({self->chunk_.data(), bytes});
                                });
    }

    void take(std::string_view bytes) {
        stream_.feed(bytes);
        while (auto message = stream_.next()) {
            message->reserve(message->size() + padding);
            session_->on_message(*message);
        }
        if (stream_.problem() == JsonStream::Problem::none) return read();
        // What follows cannot be told apart: the client is told, and left.
        send(refusal(stream_.problem() == JsonStream::Problem::too_long
                         ? "a message of more than " + std::to_string(options_.max_message_bytes) +
                               " bytes"
                         : "expected an object or an array"));
        closes_when_written_ = true;
        if (queue_.empty()) close();
    }

    void write() {
        if (queue_.empty()) {
            if (closes_when_written_) close();
            return;
        }
        asio::async_write(socket_, asio::buffer(queue_.front()),
                          [self = shared_from_this()](Failure e, std::size_t) {
                              if (e) return;
                              self->queued_bytes_ -= self->queue_.front().size();
                              self->queue_.pop_front();
                              self->write();
                          });
    }

    void close() {
        Failure ignored;
        socket_.close(ignored);
    }

    Protocol::socket socket_;
    const ServerOptions& options_;
    Clients& clients_;
    JsonStream stream_;
    std::unique_ptr<Session> session_;
    std::vector<char> chunk_ = std::vector<char>(chunk_bytes);
    std::deque<std::string> queue_;  ///< front is being written
    std::atomic<std::size_t> queued_bytes_ = 0;
    bool closes_when_written_ = false;
};

void Clients::shut_down() {
    std::vector<std::shared_ptr<Client>> all;
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
        for (const auto& [key, weak] : open_)
            if (auto client = weak.lock()) all.push_back(std::move(client));
    }
    for (const auto& client : all) client->shut_down();
}

/// Removes a socket that nobody listens on any more.
node::Result<void> make_room(const std::string& path, const std::string& name) {
    struct stat info{};
    if (::lstat(path.c_str(), &info) != 0) {
        if (errno == ENOENT) return {};
        return node::fatal(name + ": " + std::strerror(errno));
    }
    if (!S_ISSOCK(info.st_mode))
        return node::fatal(name + " is there and is no socket; choose another path");
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int connected =
        ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    const int why = errno;
    ::close(probe);
    if (connected == 0)
        return node::fatal(name +
                           " is in use by a running program; stop it or choose another path");
    if (why != ECONNREFUSED) return node::fatal(name + ": " + std::strerror(why));
    if (::unlink(path.c_str()) != 0) return node::fatal(name + ": " + std::strerror(errno));
    return {};
}

class SocketServer final : public Server {
public:
    SocketServer(ServerOptions options, Open open)
        : options_(std::move(options)),
          open_(std::move(open)),
          clients_(options_.max_connections),
          context_(static_cast<int>(options_.threads)),
          acceptor_(context_) {}
    // Only a lost thread or no memory throws here, and then ending is right.
    // NOLINTNEXTLINE(bugprone-exception-escape)
    ~SocketServer() override { stop(); }

    node::Result<void> listen() {
        const std::string path = options_.path.string();
        const std::string name = "ipc: " + options_.path_flag + " " + path;
        if (path.empty() || path.size() >= sizeof(sockaddr_un::sun_path))
            return node::fatal(name + ": a socket's path has 1 to " +
                               std::to_string(sizeof(sockaddr_un::sun_path) - 1) + " bytes");
        if (auto room = make_room(path, name); !room) return room;
        Failure e;
        acceptor_.open(Protocol(), e);
        // Nobody else may open it, at any time: the mode of the socket is that of its file.
        if (!e && ::fchmod(acceptor_.native_handle(), S_IRUSR | S_IWUSR) != 0)
            e.assign(errno, boost::system::system_category());
        if (!e) acceptor_.bind(Protocol::endpoint(path), e);
        if (!e && ::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0)
            e.assign(errno, boost::system::system_category());
        if (!e) acceptor_.listen(asio::socket_base::max_listen_connections, e);
        if (e) return node::fatal(name + ": " + e.message());
        struct stat info{};
        if (::stat(path.c_str(), &info) == 0) file_ = {info.st_dev, info.st_ino};
        accept();
        for (unsigned i = 0; i < std::max(1u, options_.threads); ++i)
            threads_.emplace_back([this] { context_.run(); });
        return {};
    }

    void stop() override {
        const std::scoped_lock lock(stop_mutex_);
        if (threads_.empty()) return;
        asio::post(context_, [this] {
            Failure ignored;
            acceptor_.close(ignored);
        });
        clients_.shut_down();
        clients_.wait(options_.stop_timeout_ms);
        context_.stop();
        for (auto& t : threads_) t.join();
        threads_.clear();
        // Another program may have put its own there.
        struct stat info{};
        if (::stat(options_.path.c_str(), &info) == 0 &&
            std::pair{info.st_dev, info.st_ino} == file_)
            ::unlink(options_.path.c_str());
    }

private:
    void accept() {
        acceptor_.async_accept(
            asio::make_strand(context_), [this](Failure e, Protocol::socket socket) {
                if (e == asio::error::operation_aborted || !acceptor_.is_open()) return;
                if (!e)
                    std::make_shared<Client>(std::move(socket), options_, clients_)->start(open_);
                accept();
            });
    }

    const ServerOptions options_;
    const Open open_;
    Clients clients_;  ///< before the context: connections die with the context
    asio::io_context context_;
    Protocol::acceptor acceptor_;
    std::pair<dev_t, ino_t> file_;
    std::mutex stop_mutex_;
    std::vector<std::thread> threads_;
};

}  // namespace

node::Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Open open) {
    auto server = std::make_unique<SocketServer>(std::move(options), std::move(open));
    if (auto listening = server->listen(); !listening) return std::unexpected(listening.error());
    return server;
}

}  // namespace mezz::host::ipc
