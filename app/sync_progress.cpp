// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/sync_progress.hpp"

#include <algorithm>

#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {

bool SyncProgress::update(const SyncView& v) {
    const std::uint64_t waiting = v.known_entries - std::min(v.known_entries, v.derived_entries);
    const std::uint64_t missing_s = v.last_entry_time - std::min(v.last_entry_time, v.head_time);
    const std::uint64_t missing =
        waiting == 0 ? 0 : missing_s * 1000 / std::max<std::uint64_t>(v.block_time_ms, 1);
    const std::scoped_lock lock(mutex_);
    const bool before = syncing_;
    if (syncing_)
        syncing_ = !v.has_read_parent || waiting > 0;
    else
        syncing_ = waiting > max_lag_entries;
    if (!started_ || (syncing_ && !before)) starting_ = v.head_number;
    started_ = true;
    current_ = v.head_number;
    highest_ = v.head_number + missing;
    return syncing_ != before;
}

std::string SyncProgress::json() const {
    const auto blocks = range();
    if (!blocks) return "false";
    rpc::JsonWriter out;
    out.object([&] {
        out.field("startingBlock").quantity(blocks->starting);
        out.field("currentBlock").quantity(blocks->current);
        out.field("highestBlock").quantity(blocks->highest);
    });
    return out.take();
}

std::optional<SyncRange> SyncProgress::range() const {
    const std::scoped_lock lock(mutex_);
    if (!syncing_) return std::nullopt;
    return SyncRange{starting_, current_, highest_};
}

}  // namespace mezz::app
