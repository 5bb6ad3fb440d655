// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/block_cache.hpp"

#include "node/ingest/rpc/error.hpp"

namespace mezz::rpc {

std::shared_ptr<const FullBlock> BlockCache::get(std::uint64_t number) {
    const Bytes32 hash = chain_.hash_of(number);
    {
        const std::scoped_lock lock(mutex_);
        if (const auto found = by_number_.find(number); found != by_number_.end()) {
            if (found->second->block->block.hash == hash) {
                entries_.splice(entries_.begin(), entries_, found->second);
                return entries_.front().block;
            }
            size_bytes_ -= found->second->size_bytes;
            entries_.erase(found->second);
            by_number_.erase(found);
        }
    }
    auto block = load(number);
    if (block) keep(block);
    return block;
}

std::shared_ptr<const FullBlock> BlockCache::load(std::uint64_t number) {
    auto block = unwrap(chain_.block(number));
    if (!block) return nullptr;
    auto receipts = unwrap(chain_.receipts(number));
    if (!receipts || receipts->receipts.size() != block->transactions.size()) return nullptr;
    auto full = std::make_shared<FullBlock>();
    full->block = std::move(*block);
    full->receipts = std::move(receipts->receipts);
    std::uint64_t logs = 0;
    for (const Receipt& r : full->receipts) {
        full->first_log.push_back(logs);
        logs += r.logs.size();
    }
    return full;
}

void BlockCache::keep(std::shared_ptr<const FullBlock> block) {
    std::size_t size = 4096 + 2 * block->block.size_bytes + 1024 * block->receipts.size();
    for (const Receipt& r : block->receipts)
        for (const Log& log : r.logs) size += 256 + log.data.size();
    const std::scoped_lock lock(mutex_);
    const std::uint64_t number = block->number();
    if (by_number_.contains(number)) return;
    entries_.push_front({std::move(block), size});
    by_number_.emplace(number, entries_.begin());
    size_bytes_ += size;
    while (size_bytes_ > max_bytes_ && entries_.size() > 1) {
        size_bytes_ -= entries_.back().size_bytes;
        by_number_.erase(entries_.back().block->number());
        entries_.pop_back();
    }
}

}  // namespace mezz::rpc
