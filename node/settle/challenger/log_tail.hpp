// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node/ports/parent.hpp"

namespace mezz::node {

/// All logs of a contract since a block, kept current: the newest blocks are read again each time,
/// so that a reorganisation of the parent as deep as they are is followed.
class LogTail {
public:
    /// Keeps the reference.
    LogTail(Parent& parent, const Address& address, std::uint64_t from_block)
        : parent_(parent), address_(address), settled_to_(from_block) {}

    /// Up to block `head`. returns: them all, in order; valid until the next call.
    Result<const std::vector<ParentLog>*> read(std::uint64_t head) {
        constexpr std::uint64_t reorg_blocks = 64, range = 2000;
        std::erase_if(logs_, [&](const ParentLog& l) { return l.block_number >= settled_to_; });
        for (std::uint64_t from = settled_to_; from <= head; from += range) {
            auto some = parent_.logs({from, std::min(head, from + range - 1), address_, {}});
            if (!some) return std::unexpected(some.error());
            logs_.insert(logs_.end(), some->begin(), some->end());
        }
        if (head > reorg_blocks) settled_to_ = std::max(settled_to_, head - reorg_blocks);
        return &logs_;
    }

private:
    Parent& parent_;
    Address address_;
    std::uint64_t settled_to_;  ///< logs of blocks before it are not read again
    std::vector<ParentLog> logs_;
};

}  // namespace mezz::node
