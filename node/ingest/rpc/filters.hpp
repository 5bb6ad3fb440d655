// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Polled filters: each remembers how far its client has read. Thread-safe.

#include <chrono>
#include <map>
#include <memory>
#include <mutex>

#include "node/ingest/rpc/logs.hpp"

namespace mezz::rpc {

/// The blocks a reader has seen, so that after a rollback it goes on from the last common one.
class BlockCursor {
public:
    explicit BlockCursor(node::BlockRef at) { seen_.push_back(at); }
    /// First block not yet read (at most head + 1). Forgets what was rolled back.
    std::uint64_t next(node::ChainReader& chain);
    void advance(node::BlockRef to);

private:
    std::vector<node::BlockRef> seen_;  ///< rising numbers; the last is where the reader is
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

    Context& context_;
    std::mutex mutex_;  ///< guards the rest
    std::map<std::uint64_t, std::shared_ptr<Filter>> filters_;
    std::shared_ptr<Feed> feed_;
};

}  // namespace mezz::rpc
