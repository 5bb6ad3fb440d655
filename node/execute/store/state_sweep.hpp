// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Drops the trie nodes that only states before a block need, a little at a time.
///
/// Locators grow, and a node has one parent: what a block makes is newer than the root before it,
/// and what it replaces is reached by no later root. So of the nodes older than the root of the
/// oldest state to keep, those that this root does not reach are of no use any more. First they are
/// marked, from the root down, then the table is swept.

#include <vector>

#include "node/execute/store/node_store.hpp"

namespace mezz::node {

/// Owned by one thread. Memory: a bit for each locator below the root's.
class StateSweep {
public:
    /// `oldest`: the root of the oldest state to keep. requires: it is durable.
    explicit StateSweep(const trie::NodeRef& oldest);

    /// Marks about `count` nodes. returns: whether there are more to mark.
    Result<bool> mark(KvRead& rows, std::size_t count);
    /// Looks at `count` nodes and drops those not marked. requires: mark said false.
    /// returns: whether there are more to look at.
    Result<bool> sweep(KvWrite& rows, std::size_t count);
    [[nodiscard]] bool is_marked() const noexcept { return to_mark_.empty(); }
    [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

private:
    std::uint64_t end_;  ///< nodes from this locator on are not looked at
    std::vector<bool> kept_;
    std::vector<std::uint64_t> to_mark_;
    std::uint64_t next_ = 0;  ///< to look at
    std::uint64_t dropped_ = 0;
};

}  // namespace mezz::node
