// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Recovers senders of expected entries on threads of its own, ahead of derivation.
///
/// An entry's bytes are decoded here once more, so derivation needs no part of this; an answer is
/// given only for a transaction equal to the one it was computed of. Thread-safe.

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "node/derive/sender_recovery.hpp"

namespace mezz::app {

class SenderPool final : public node::SenderRecovery {
public:
    /// requires: threads > 0.
    explicit SenderPool(unsigned threads);
    ~SenderPool() override;
    SenderPool(const SenderPool&) = delete;
    SenderPool& operator=(const SenderPool&) = delete;

    void expect(std::uint64_t entry, ByteView data) override;
    [[nodiscard]] std::vector<node::RecoveredTxn> recover_block(
        std::uint64_t number, std::span<const Transaction> txns) override;
    [[nodiscard]] std::vector<node::BodyItem> guess_block(std::uint64_t number) override;

private:
    /// A block of an expected entry. Shared by the threads that work on it and the one that asks.
    struct Block {
        std::uint64_t entry = 0;
        std::vector<Transaction> txns;
        std::vector<node::RecoveredTxn> answers;
        std::size_t taken = 0;  ///< answers somebody computes or has computed; under the mutex
        std::size_t done = 0;   ///< under the mutex
    };
    void run();
    /// Computes the block's next part. `lock` is released meanwhile. returns: whether there was
    /// one.
    bool work_on(Block& block, std::unique_lock<std::mutex>& lock);
    /// Decodes the next entry that waits. `lock` is released meanwhile.
    void decode_next(std::unique_lock<std::mutex>& lock);

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, Bytes> waiting_;                  ///< entries not decoded yet
    std::map<std::uint64_t, std::shared_ptr<Block>> blocks_;  ///< by number, until asked for
    unsigned decoding_ = 0;                                   ///< entries being decoded
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace mezz::app
