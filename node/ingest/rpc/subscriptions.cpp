// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/subscriptions.hpp"

#include <algorithm>
#include <random>

#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

constexpr std::size_t max_subscriptions = 256;
constexpr std::size_t max_waiting = 100'000;
/// After a long silence only the newest blocks are announced.
constexpr std::uint64_t max_catch_up = 128;

std::uint64_t new_id() {
    thread_local std::mt19937_64 random{std::random_device{}()};
    return random();
}

/// The end of a notification, from its result on: the same for all who are told of it.
template <class Body>
SharedText ending(Body&& body) {
    JsonWriter out;
    body(out);
    return std::make_shared<const std::string>(",\"result\":" + out.take() + "}}");
}

bool is_syncing(const Context& context) {
    return context.options.syncing && context.options.syncing() != "false";
}

std::string beginning(std::uint64_t id) {
    JsonWriter out;
    out.quantity(id);
    return R"({"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":)" + out.take();
}

/// Logs of a block as notifications, each written once however many are told of it.
class LogEndings {
public:
    LogEndings(const FullBlock& block, bool removed) : block_(block), removed_(removed) {}
    const SharedText& at(const std::pair<std::size_t, std::size_t>& place) {
        SharedText& text = texts_[place];
        if (!text)
            text = ending([&](JsonWriter& out) {
                print_log(out, block_, place.first, place.second, removed_);
            });
        return text;
    }

private:
    const FullBlock& block_;
    bool removed_;
    std::map<std::pair<std::size_t, std::size_t>, SharedText> texts_;
};

bool has_logs(const FullBlock& block) {
    return std::ranges::any_of(block.receipts, [](const Receipt& r) { return !r.logs.empty(); });
}

}  // namespace

Notifier::~Notifier() {
    stop();
}

void Notifier::stop() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

std::uint64_t Notifier::subscribe(const std::shared_ptr<Connection::State>& client,
                                  Connection::State::Subscription subscription) {
    const std::uint64_t id = new_id();
    const Topic topic = subscription.topic;
    {
        const std::scoped_lock lock(client->mutex);
        if (client->subscriptions.size() >= max_subscriptions)
            fail(limit_exceeded, "too many subscriptions on this connection");
        client->subscriptions.emplace(id, std::move(subscription));
    }
    bool listen = false;
    {
        const std::scoped_lock lock(mutex_);
        clients_.insert_or_assign(client.get(), client);
        if (topic == Topic::pending || topic == Topic::pending_full) {
            wants_pending_ = true;
            listen = !std::exchange(listens_to_pool_, true);
        }
        if (!thread_.joinable() && !stopping_) start();
        if (topic == Topic::syncing && is_syncing(context_)) {
            syncing_changed_ = true;
            changed_.notify_one();
        }
    }
    if (listen)
        context_.pool.on_pending([weak = weak_from_this()](const Bytes32& hash) {
            const auto self = weak.lock();
            if (!self) return;
            const std::scoped_lock lock(self->mutex_);
            if (!self->wants_pending_ || self->pending_.size() >= max_waiting) return;
            self->pending_.push_back(hash);
            if (self->pending_.size() == 1) self->changed_.notify_one();
        });
    return id;
}

/// requires: mutex_ is held.
void Notifier::start() {
    cursor_.emplace(context_.chain);
    context_.chain.on_new_head([weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        const std::scoped_lock lock(self->mutex_);
        self->new_head_ = true;
        self->changed_.notify_one();
    });
    thread_ = std::thread([this] { run(); });
}

void Notifier::run() {
    for (;;) {
        std::vector<Bytes32> pending;
        bool new_head = false, syncing_changed = false;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] {
                return stopping_ || new_head_ || syncing_changed_ || !pending_.empty();
            });
            if (stopping_) return;
            pending.swap(pending_);
            new_head = std::exchange(new_head_, false);
            syncing_changed = std::exchange(syncing_changed_, false);
        }
        // A store that fails now is asked again at the next head.
        try {
            if (!pending.empty()) announce(pending);
            if (new_head) announce_head();
            if (syncing_changed) announce_syncing();
        } catch (const RpcError&) {
            continue;
        }
    }
}

std::vector<std::shared_ptr<Connection::State>> Notifier::clients() {
    std::vector<std::shared_ptr<Connection::State>> out;
    const std::scoped_lock lock(mutex_);
    out.reserve(clients_.size());
    for (const auto& [address, weak] : clients_)
        if (auto client = weak.lock()) out.push_back(std::move(client));
    if (out.size() != clients_.size())
        std::erase_if(clients_, [](const auto& entry) { return entry.second.expired(); });
    if (out.empty()) wants_pending_ = false;
    return out;
}

/// Takes back what is no longer part of the chain, then announces what is new.
void Notifier::announce_head() {
    const node::BlockRef head = context_.chain.head(node::Head::unsafe);
    std::uint64_t n = cursor_->next(context_.chain);
    for (; !announced_.empty() && announced_.back()->number() >= n; announced_.pop_back())
        announce_removed(announced_.back());
    if (head.number > n + max_catch_up) n = head.number - max_catch_up;
    for (; n <= head.number; ++n) {
        const auto full = context_.blocks.get(n);
        if (!full) return;  // rolled back meanwhile, which is another change of the head
        announce(full);
        cursor_->advance({n, full->block.hash});
        announced_.push_back(full);
        if (announced_.size() > BlockCursor::kept_blocks) announced_.pop_front();
    }
}

template <class Visit>
void Notifier::for_each(std::initializer_list<Topic> topics, const Visit& visit) {
    std::vector<std::pair<std::uint64_t, Connection::State::Subscription>> found;
    for (const auto& client : clients()) {
        found.clear();
        {
            const std::scoped_lock lock(client->mutex);
            for (const auto& [id, s] : client->subscriptions)
                if (std::ranges::find(topics, s.topic) != topics.end()) found.emplace_back(id, s);
        }
        for (const auto& [id, s] : found) visit(*client, id, s);
    }
}

void Notifier::announce(const std::shared_ptr<const FullBlock>& full) {
    const SharedText head =
        ending([&](JsonWriter& out) { print_header(out, full->block.header, full->block.hash); });
    for_each({Topic::heads}, [&](Connection::State& client, std::uint64_t id, const auto&) {
        client.notify(id, head);
    });
    if (!has_logs(*full)) return;
    LogEndings logs(*full, false);
    for_each({Topic::logs}, [&](Connection::State& client, std::uint64_t id, const auto& s) {
        for (const auto& place : match_logs(full, s.criteria).places)
            client.notify(id, logs.at(place));
    });
}

void Notifier::announce_removed(const std::shared_ptr<const FullBlock>& full) {
    LogEndings logs(*full, true);
    for_each({Topic::logs}, [&](Connection::State& client, std::uint64_t id, const auto& s) {
        const auto matched = match_logs(full, s.criteria);
        for (auto it = matched.places.rbegin(); it != matched.places.rend(); ++it)
            client.notify(id, logs.at(*it));
    });
}

void Notifier::announce(const std::vector<Bytes32>& pending) {
    std::vector<SharedText> hashes, full;
    for_each({Topic::pending, Topic::pending_full}, [&](Connection::State& client, std::uint64_t id,
                                                        const auto& s) {
        auto& texts = s.topic == Topic::pending ? hashes : full;
        for (std::size_t i = texts.size(); i < pending.size(); ++i) {
            if (s.topic == Topic::pending) {
                texts.push_back(ending([&](JsonWriter& out) { out.data(pending[i]); }));
            } else {
                const auto txn = context_.pool.find(pending[i]);
                // It may be gone meanwhile, to a block or for a better one.
                texts.push_back(txn ? ending([&](JsonWriter& out) { print_pooled(out, *txn); })
                                    : nullptr);
            }
        }
        for (const SharedText& text : texts)
            if (text) client.notify(id, text);
    });
}

void Notifier::note_syncing() {
    const std::scoped_lock lock(mutex_);
    if (!thread_.joinable()) return;  // nobody has subscribed yet
    syncing_changed_ = true;
    changed_.notify_one();
}

/// spec: geth, "syncing": false, or {syncing, status}.
void Notifier::announce_syncing() {
    const std::string status = context_.options.syncing ? context_.options.syncing() : "false";
    const SharedText text = ending([&](JsonWriter& out) {
        if (status == "false") return out.boolean(false);
        out.object([&] {
            out.field("syncing").boolean(true);
            out.field("status").raw(status);
        });
    });
    for_each({Topic::syncing}, [&](Connection::State& client, std::uint64_t id, const auto&) {
        client.notify(id, text);
    });
}

// --- methods ----------------------------------------------------------------------------------

namespace {

std::shared_ptr<Connection::State> client_of(const Call& c) {
    if (c.connection == nullptr)
        fail(method_not_found, "notifications not supported; connect with a WebSocket");
    return c.connection->state();
}

void subscribe(const Call& c) {
    const auto client = client_of(c);
    const Value kind = c.params.at(0);
    const std::string_view name = kind.text();
    Connection::State::Subscription s{};
    const auto options = c.params.get(1);
    if (name == "newHeads") {
        s.topic = Topic::heads;
    } else if (name == "logs") {
        s.topic = Topic::logs;
        if (options) s.criteria = read_criteria(*options);
    } else if (name == "newPendingTransactions") {
        s.topic = options && options->boolean() ? Topic::pending_full : Topic::pending;
    } else if (name == "syncing") {
        s.topic = Topic::syncing;
    } else {
        fail(invalid_params,
             "no \"" + std::string(name.substr(0, 64)) + "\" subscription in eth namespace");
    }
    c.out.quantity(c.context.notifier->subscribe(client, std::move(s)));
}

void unsubscribe(const Call& c) {
    const auto client = client_of(c);
    const std::uint64_t id = c.params.at(0).u64();
    const std::scoped_lock lock(client->mutex);
    if (client->subscriptions.erase(id) == 0) fail(server_error, "subscription not found");
    c.out.boolean(true);
}

}  // namespace

void add_subscription_methods(MethodTable& table) {
    table.add("eth_subscribe",
              {"kind: 'newHeads' | 'logs' | 'newPendingTransactions' | 'syncing', options?: "
               "LogFilter | boolean -> FilterId",
               "Notifies of heads, logs, waiting transactions (true: in full) or syncing, on "
               "connections that stay."},
              subscribe);
    table.add("eth_unsubscribe", {"subscription: FilterId -> boolean", "Ends a subscription."},
              unsubscribe);
}

Connection::Connection(RpcServer& server, std::shared_ptr<State> state,
                       std::optional<Caller> caller)
    : server_(server), caller_(caller), state_(std::move(state)) {}
Connection::~Connection() = default;

void Connection::State::notify(std::uint64_t id, const SharedText& result) {
    std::string head = beginning(id);
    {
        const std::scoped_lock lock(mutex);
        if (answering) {
            held.emplace_back(std::move(head), result);
            return;
        }
    }
    push_parts(std::move(head), result);
}

void Connection::State::push_parts(std::string head, const SharedText& tail) const {
    if (push_shared) return push_shared(std::move(head), tail);
    push(head + *tail);
}

void Connection::receive(std::string& body) {
    {
        const std::scoped_lock lock(state_->mutex);
        state_->answering = true;
    }
    std::string answer = server_.dispatch(body, this, caller_);
    if (!answer.empty()) state_->push(std::move(answer));
    const std::scoped_lock lock(state_->mutex);
    for (auto& [head, tail] : state_->held) state_->push_parts(std::move(head), tail);
    state_->held.clear();
    state_->answering = false;
}

std::unique_ptr<Connection> RpcServer::connect(std::function<void(std::string)> push,
                                               std::optional<Caller> caller) {
    return std::unique_ptr<Connection>(
        new Connection(*this, std::make_shared<Connection::State>(std::move(push)), caller));
}

Context::Context(node::ChainReader& chain_, node::TxnPool& pool_, RpcOptions options_)
    : chain(chain_),
      pool(pool_),
      options(std::move(options_)),
      blocks(chain, options.block_cache_bytes),
      filters(std::make_unique<Filters>(*this)),
      notifier(std::make_shared<Notifier>(*this)) {}

Context::~Context() {
    notifier->stop();
}

}  // namespace mezz::rpc
