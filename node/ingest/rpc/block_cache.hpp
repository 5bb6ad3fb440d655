// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Recent blocks, decoded once: clients ask for many receipts of the same block.

#include <list>
#include <mutex>
#include <unordered_map>

#include "node/ports/chain_reader.hpp"

namespace mezz::rpc {

/// A block with its receipts. Immutable, shared by the threads that answer from it.
struct FullBlock {
    node::StoredBlock block;
    std::vector<Receipt> receipts;
    std::vector<std::uint64_t> first_log;  ///< index in the block of each receipt's first log

    [[nodiscard]] std::uint64_t number() const { return block.header.number; }
    [[nodiscard]] std::uint64_t gas_used(std::size_t index) const {
        return receipts[index].cumulative_gas_used -
               (index == 0 ? 0 : receipts[index - 1].cumulative_gas_used);
    }
};

/// Thread-safe. Forgets the least recently used beyond its size.
class BlockCache {
public:
    BlockCache(node::ChainReader& chain, std::size_t max_bytes)
        : chain_(chain), max_bytes_(max_bytes) {}

    /// returns: nullptr when there is no such block. Throws RpcError when the store fails.
    std::shared_ptr<const FullBlock> get(std::uint64_t number);

private:
    struct Entry {
        std::shared_ptr<const FullBlock> block;
        std::size_t size_bytes;
    };
    std::shared_ptr<const FullBlock> load(std::uint64_t number);
    void keep(std::shared_ptr<const FullBlock> block);

    node::ChainReader& chain_;
    const std::size_t max_bytes_;
    std::mutex mutex_;          ///< guards the rest
    std::list<Entry> entries_;  ///< most recently used first
    std::unordered_map<std::uint64_t, std::list<Entry>::iterator> by_number_;
    std::size_t size_bytes_ = 0;
};

}  // namespace mezz::rpc
