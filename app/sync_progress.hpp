// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Whether a node still catches up with its parent: what eth_syncing answers.
///
/// A node catches up from its start until it has derived every entry of the inbox, and again once
/// more than `max_lag_entries` wait: entries come in bursts, and following them is no catching up.
/// spec: execution-apis eth_syncing; geth, eth/downloader (SyncProgress).

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace mezz::app {

/// Entries that derivation may be behind and still count as following.
inline constexpr std::uint64_t max_lag_entries = 8;

/// What a node knows at one moment. Times are seconds since 1970.
struct SyncView {
    bool has_read_parent = false;  ///< all logs up to the parent's head
    std::uint64_t known_entries = 0, derived_entries = 0;
    std::uint64_t last_entry_time = 0;  ///< of the parent block with the last known entry
    std::uint64_t head_number = 0, head_time = 0;
    std::uint64_t block_time_ms = 1000;
};

/// Blocks: where catching up began, where it is, and where it ends as far as is known.
struct SyncRange {
    std::uint64_t starting = 0, current = 0, highest = 0;
};

/// Thread-safe.
class SyncProgress {
public:
    /// returns: whether catching up began or ended.
    bool update(const SyncView& view);
    /// The answer of eth_syncing as JSON. The highest block is where the chain stands by its block
    /// time when the last known entry was published: no more is known before it is derived.
    [[nodiscard]] std::string json() const;
    /// The same; none while the node follows.
    [[nodiscard]] std::optional<SyncRange> range() const;

private:
    mutable std::mutex mutex_;  ///< guards the rest
    bool syncing_ = true, started_ = false;
    std::uint64_t starting_ = 0, current_ = 0, highest_ = 0;
};

}  // namespace mezz::app
