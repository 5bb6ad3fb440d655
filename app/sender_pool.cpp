// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/sender_pool.hpp"

#include <algorithm>

#include "core/derive/channel.hpp"

namespace mezz::app {
namespace {

/// units: transactions. What one thread takes at a time: about half a millisecond.
constexpr std::size_t part = 32;
/// units: entries. Blocks nobody asked for (of a batch that is not valid at its place, or one that
/// a reorg undid) go once this many entries were expected after theirs.
constexpr std::uint64_t kept_entries = 4;

}  // namespace

SenderPool::SenderPool(unsigned threads) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

SenderPool::~SenderPool() {
    {
        const std::scoped_lock lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
}

void SenderPool::expect(std::uint64_t entry, ByteView data) {
    {
        const std::scoped_lock lock(mutex_);
        waiting_[entry] = to_bytes(data);
    }
    changed_.notify_all();
}

bool SenderPool::work_on(Block& block, std::unique_lock<std::mutex>& lock) {
    const std::size_t from = block.taken;
    const std::size_t to = std::min(from + part, block.txns.size());
    if (from == to) return false;
    block.taken = to;
    lock.unlock();
    auto answers = node::recover_all(std::span(block.txns).subspan(from, to - from));
    std::move(answers.begin(), answers.end(),
              block.answers.begin() + static_cast<std::ptrdiff_t>(from));
    lock.lock();
    block.done += to - from;
    if (block.done == block.txns.size()) changed_.notify_all();
    return true;
}

void SenderPool::decode_next(std::unique_lock<std::mutex>& lock) {
    const auto next = waiting_.extract(waiting_.begin());
    ++decoding_;
    lock.unlock();
    auto batch = derive::decode_data(next.mapped());
    std::vector<std::pair<std::uint64_t, std::shared_ptr<Block>>> fresh;
    if (batch) {
        std::uint64_t number = batch->parent_number;
        for (auto& b : batch->blocks) {
            ++number;
            if (b.transactions.empty()) continue;
            auto block = std::make_shared<Block>();
            block->entry = next.key();
            block->answers.resize(b.transactions.size());
            block->txns = std::move(b.transactions);
            fresh.emplace_back(number, std::move(block));
        }
    }
    lock.lock();
    for (auto& [number, block] : fresh) blocks_[number] = std::move(block);
    std::erase_if(blocks_, [&](const auto& b) {
        return b.second->entry + kept_entries < next.key() ||
               b.second->entry > next.key() + kept_entries;
    });
    --decoding_;
    changed_.notify_all();
}

void SenderPool::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        // What is decoded comes first: derivation asks for it first.
        const auto open = std::find_if(blocks_.begin(), blocks_.end(), [](const auto& b) {
            return b.second->taken < b.second->txns.size();
        });
        if (open != blocks_.end()) {
            const std::shared_ptr<Block> block = open->second;
            work_on(*block, lock);
        } else if (!waiting_.empty()) {
            decode_next(lock);
        } else {
            changed_.wait(lock);
        }
    }
}

std::vector<node::RecoveredTxn> SenderPool::recover_block(std::uint64_t number,
                                                          std::span<const Transaction> txns) {
    if (txns.empty()) return {};
    std::shared_ptr<Block> block;
    {
        std::unique_lock lock(mutex_);
        while (!blocks_.contains(number) && !waiting_.empty()) decode_next(lock);
        changed_.wait(lock, [&] { return blocks_.contains(number) || decoding_ == 0; });
        const auto found = blocks_.find(number);
        if (found != blocks_.end()) {
            block = found->second;
            while (work_on(*block, lock)) {
            }
            changed_.wait(lock, [&] { return block->done == block->txns.size(); });
            blocks_.erase(blocks_.begin(), blocks_.upper_bound(number));
        }
    }
    if (!block) return node::recover_all(txns);
    std::vector<node::RecoveredTxn> out;
    out.reserve(txns.size());
    for (std::size_t i = 0; i < txns.size(); ++i) {
        const bool known = i < block->txns.size() && block->txns[i] == txns[i];
        out.push_back(known ? block->answers[i] : node::recover(txns[i]));
    }
    return out;
}

std::vector<node::BodyItem> SenderPool::guess_block(std::uint64_t number) {
    const std::scoped_lock lock(mutex_);
    const auto found = blocks_.find(number);
    if (found == blocks_.end() || found->second->done < found->second->txns.size()) return {};
    const Block& block = *found->second;
    std::vector<node::BodyItem> out;
    out.reserve(block.txns.size());
    for (std::size_t i = 0; i < block.txns.size(); ++i)
        if (block.answers[i].sender)
            out.push_back({block.txns[i], *block.answers[i].sender, block.answers[i].hash});
    return out;
}

}  // namespace mezz::app
