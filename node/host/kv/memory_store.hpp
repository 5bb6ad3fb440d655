// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A store in memory with the contract of a disk: for --ephemeral chains, tests and simulations.
///
/// Writers work on an overlay that `commit` merges, so a dropped transaction leaves no trace.
/// Thread-safe by one lock a call; a read transaction sees commits made after it began, which
/// callers that need one moment's state avoid by naming blocks by number.

#include <atomic>
#include <map>
#include <shared_mutex>

#include "node/ports/kv.hpp"

namespace mezz::host {

class MemoryStore final : public node::KvStore {
public:
    node::Result<std::unique_ptr<node::KvRead>> read() override;
    node::Result<std::unique_ptr<node::KvWrite>> write() override;
    std::uint64_t size_bytes() override;
    std::uint64_t waits() override { return waits_; }

    /// Makes the n-th commit from now (1 = next) fail with a full disk, as many times as `times`.
    void fail_commits(unsigned n, unsigned times);
    /// From now on the opening of a read transaction counts as this many waits for a disk.
    void be_slow(std::uint64_t waits) { waits_a_read_ = waits; }

private:
    friend class MemoryTransaction;
    using Rows = std::map<Bytes, std::shared_ptr<const Bytes>>;
    std::shared_mutex mutex_;
    Rows tables_[node::table_count];
    std::uint64_t size_bytes_ = 0;
    unsigned fail_after_ = 0;
    unsigned fail_times_ = 0;
    std::atomic<std::uint64_t> waits_ = 0, waits_a_read_ = 0;
};

}  // namespace mezz::host
