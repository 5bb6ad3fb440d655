// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Polled filters: each remembers how far its client has read. Thread-safe.

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>

#include "node/ingest/rpc/logs.hpp"

namespace mezz::rpc {

/// The newest blocks a reader has seen, so that after a rollback it goes on from the last common
/// one. A rollback of more than `kept_blocks` shows the reader some blocks again.
class BlockCursor {
public:
    static constexpr std::size_t kept_blocks = 64;

    /// At the head.
    explicit BlockCursor(node::ChainReader& chain);
    /// First block not yet read (at most head + 1). Forgets what was rolled back.
    std::uint64_t next(node::ChainReader& chain);
    /// requires: `to` is what `next` gave, or follows the last one.
    void advance(node::BlockRef to);

private:
    std::deque<node::BlockRef> seen_;  ///< consecutive numbers; the last is where the reader is
};

/// Transactions that became executable since a filter last asked. Fed by the pool.
struct PendingHashes {
    std::mutex mutex;
    std::vector<Bytes32> hashes;
    bool lost = false;
};

class Filters {
public:
    explicit Filters(Context& context);

    std::uint64_t add_logs(LogQuery query);
    std::uint64_t add_blocks();
    std::uint64_t add_pending();
    bool remove(std::uint64_t id);
    /// Throws "filter not found".
    void changes(std::uint64_t id, JsonWriter& out);
    void all_logs(std::uint64_t id, JsonWriter& out);

private:
    struct Filter {
        std::optional<LogQuery> logs;
        std::optional<BlockCursor> cursor;       ///< of log and block filters
        std::deque<MatchedLogs> given;           ///< what a rollback may take back, oldest first
        std::shared_ptr<PendingHashes> pending;  ///< of pending transaction filters
        std::chrono::steady_clock::time_point used;
        std::mutex mutex;  ///< one poll at a time
    };
    /// What the pool's listener knows; it may outlive this object.
    struct Feed {
        std::mutex mutex;
        std::vector<std::weak_ptr<PendingHashes>> readers;
    };
    std::uint64_t add(std::shared_ptr<Filter> filter);
    std::shared_ptr<Filter> find(std::uint64_t id);
    void log_changes(Filter& filter, std::uint64_t first, std::uint64_t end, JsonWriter& out);

    Context& context_;
    std::mutex mutex_;  ///< guards the rest
    std::map<std::uint64_t, std::shared_ptr<Filter>> filters_;
    std::shared_ptr<Feed> feed_;
};

}  // namespace mezz::rpc
