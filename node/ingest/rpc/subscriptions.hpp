// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Pushed notifications: eth_subscribe. spec: geth, "Real-time Events".
///
/// The chain and the pool only leave a note that something changed; one notifier thread, started
/// by the first subscription, reads the new blocks and writes the messages.

#include <condition_variable>
#include <map>
#include <set>
#include <thread>
#include <unordered_map>

#include "node/ingest/rpc/filters.hpp"

namespace mezz::rpc {

/// Text that messages to many clients end with. Shared across threads: the last client to have it
/// sent frees it.
using SharedText = std::shared_ptr<const std::string>;

enum class Topic : std::uint8_t { heads, logs, pending, pending_full, syncing };

struct Connection::State {
    explicit State(std::function<void(std::string)> push_) : push(std::move(push_)) {}
    const std::function<void(std::string)> push;  ///< thread-safe
    /// Pushes in two parts, the second in memory once; null: as one text through `push`.
    /// Thread-safe. Set it before the first request.
    std::function<void(std::string head, SharedText tail)> push_shared;
    /// Pushes, or holds the message back while a request is being answered: a client must learn
    /// the id of its subscription before the first notification.
    void notify(std::uint64_t id, const SharedText& result);
    void push_parts(std::string head, const SharedText& tail) const;

    std::mutex mutex;  ///< guards the rest
    bool answering = false;
    std::vector<std::pair<std::string, SharedText>> held;
    struct Subscription {
        Topic topic;
        LogCriteria criteria;
    };
    std::map<std::uint64_t, Subscription> subscriptions;
};

/// Thread-safe. Shared with the listeners it registers, which may outlive the server.
class Notifier : public std::enable_shared_from_this<Notifier> {
public:
    explicit Notifier(Context& context) : context_(context) {}
    ~Notifier();

    std::uint64_t subscribe(const std::shared_ptr<Connection::State>& client,
                            Connection::State::Subscription subscription);
    /// Tells the subscribers of syncing how it stands.
    void note_syncing();
    /// Ends the thread; the context may go afterwards.
    void stop();

private:
    void start();
    void run();
    void announce_head();
    void announce(const std::shared_ptr<const FullBlock>& block);
    void announce_removed(const std::shared_ptr<const FullBlock>& block);
    void announce(const std::vector<Bytes32>& pending);
    void announce_syncing();
    std::vector<std::shared_ptr<Connection::State>> clients();
    /// Calls with each client and subscription of those topics.
    template <class Visit>
    void for_each(std::initializer_list<Topic> topics, const Visit& visit);

    Context& context_;
    std::mutex mutex_;  ///< guards what follows up to `listens_to_pool_`
    std::condition_variable changed_;
    /// By address, which may be another client's once the first is gone.
    std::unordered_map<const Connection::State*, std::weak_ptr<Connection::State>> clients_;
    std::vector<Bytes32> pending_;
    bool new_head_ = false;
    bool syncing_changed_ = false;
    bool stopping_ = false;
    bool wants_pending_ = false;
    bool listens_to_pool_ = false;
    // Owned by the thread once it runs.
    std::optional<BlockCursor> cursor_;
    std::deque<std::shared_ptr<const FullBlock>> announced_;  ///< what a rollback may take back
    std::thread thread_;
};

}  // namespace mezz::rpc
