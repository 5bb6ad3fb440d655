// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parent chain as last seen: what the sequencer builds on and derivation reads. Answers come
/// from memory; somebody else keeps it current. Thread-safe.

#include <optional>
#include <vector>

#include "node/ports/rollup.hpp"

namespace mezz::node {

/// The parent block to build on next, and the queue items that come with it.
struct OriginUpdate {
    derive::Origin origin;
    std::vector<QueuedDeposit> deposits;
};

class ParentView {
public:
    virtual ~ParentView() = default;
    /// The newest origin deep enough to build on, with the items queued up to it after
    /// `queue_count`. returns: none while the parent has not been seen yet.
    virtual std::optional<OriginUpdate> origin_after(std::uint64_t queue_count) = 0;
    /// Whether the parent has this block. returns: none when it is too old or too new to tell.
    virtual std::optional<bool> is_canonical(std::uint64_t number, const Bytes32& hash) = 0;
    /// An entry with its data. returns: none when it is not there yet.
    virtual std::optional<InboxEntry> entry(std::uint64_t index) = 0;
    /// Items [from, to). returns: none when some are not there yet.
    virtual std::optional<std::vector<derive::QueueItem>> queue(std::uint64_t from,
                                                                std::uint64_t to) = 0;
    /// Entries below `index` are derived: their bytes need not be at hand any more. May go back.
    virtual void derived_to(std::uint64_t /*index*/) {}
    [[nodiscard]] virtual std::uint64_t finalized_number() = 0;
    [[nodiscard]] virtual std::uint64_t latest_number() = 0;
};

}  // namespace mezz::node
