// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Reads what transactions to come will need, so that the block-making thread meets it in memory.
///
/// Each of them is executed on the state of the last durable block, on another thread and with a
/// read transaction of its own, and what comes out is thrown away: what stays are the pages of the
/// disk. No result depends on it, only time. It works while reads are seen to wait for the disk;
/// otherwise it would take processor time from those who make blocks.
///
/// Owned by the block-making thread.

#include <atomic>
#include <deque>
#include <mutex>
#include <span>
#include <unordered_map>

#include "node/ports/chain_writer.hpp"
#include "node/ports/helper.hpp"
#include "node/ports/kv.hpp"

namespace mezz::node {

class ReadAhead final {
public:
    /// Keeps references. Every helper is for this alone; as many reads are under way as there are
    /// helpers.
    ReadAhead(KvStore& store, ChainReader& chain, const std::vector<Helper*>& helpers);
    /// Stops what is under way after its current transaction.
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// Whether reads wait for the disk, so that `expect` does something.
    [[nodiscard]] bool is_on() const noexcept { return is_on_; }
    /// Transactions that block `number` may hold. Those it was told of before do not count again.
    void expect(std::uint64_t number, std::span<const BodyItem> items);
    /// Around the making of a block: what waits in between decides whether to go on.
    void begin_block() { waits_before_ = store_.waits(); }
    /// What was expected up to `number` is of no use any more.
    void end_block(std::uint64_t number, std::size_t transactions);
    /// Forgets all that is expected: the chain goes back.
    void drop();

private:
    struct Expected {
        std::uint64_t number = 0;
        BodyItem item;
    };
    struct FixedHash {
        std::size_t operator()(const Bytes32& hash) const noexcept { return hash_of(hash, 0); }
    };
    struct Reader {
        Helper* helper = nullptr;
        bool is_running = false;  ///< under the mutex
    };
    void run(Reader& reader);
    /// returns: none when nothing is left; the reader is then not running any more.
    std::optional<BodyItem> take(Reader& reader);

    KvStore& store_;
    ChainReader& chain_;
    std::vector<Reader> readers_;
    bool is_on_ = false;
    std::uint64_t waits_before_ = 0;
    std::unordered_map<Bytes32, std::uint64_t, FixedHash> known_;  ///< hash -> block number
    std::atomic<std::uint64_t> reader_waits_ = 0;                  ///< since the last block

    std::mutex mutex_;  ///< guards what follows
    std::deque<Expected> expected_;
};

}  // namespace mezz::node
