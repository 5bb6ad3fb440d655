// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/read_ahead.hpp"

#include <algorithm>

namespace mezz::node {
namespace {

/// Waits in a block that are not worth other threads' time: executing a transaction once more costs
/// about half of what a read of the disk takes.
constexpr std::uint64_t few_waits = 8, transactions_a_wait = 8;
/// units: transactions. What a read transaction is kept for: it holds back the pages it may see.
constexpr unsigned transactions_a_state = 256;
/// units: transactions waiting. About ten full blocks.
constexpr std::size_t max_expected = 1 << 16;

exec::Call call_of(const BodyItem& item) {
    exec::Call call;
    call.from = item.sender;
    call.to = item.txn.to;
    call.gas_limit = item.txn.gas_limit;
    call.value = item.txn.value;
    call.data = item.txn.data;
    call.access_list = item.txn.access_list;
    call.blob_hashes = item.txn.blob_hashes;
    call.authorizations = item.txn.authorizations;
    return call;
}

}  // namespace

ReadAhead::ReadAhead(KvStore& store, ChainReader& chain, const std::vector<Helper*>& helpers)
    : store_(store), chain_(chain) {
    for (auto* helper : helpers) readers_.push_back({helper, false});
}

ReadAhead::~ReadAhead() {
    drop();
    for (auto& reader : readers_) reader.helper->wait();
}

void ReadAhead::expect(std::uint64_t number, std::span<const BodyItem> items) {
    if (!is_on_) return;
    std::vector<Reader*> idle;
    {
        const std::scoped_lock lock(mutex_);
        for (const auto& item : items) {
            if (expected_.size() == max_expected) break;
            if (!known_.try_emplace(item.hash, number).second) continue;
            expected_.push_back({number, item});
        }
        if (expected_.empty()) return;
        for (auto& reader : readers_) {
            if (reader.is_running) continue;
            reader.is_running = true;
            idle.push_back(&reader);
        }
    }
    for (auto* reader : idle) reader->helper->start([this, reader] { run(*reader); });
}

void ReadAhead::end_block(std::uint64_t number, std::size_t transactions) {
    const std::uint64_t waits = store_.waits() - waits_before_ + reader_waits_.exchange(0);
    // A block that is almost empty says nothing about the next one.
    if (transactions >= few_waits)
        is_on_ =
            !readers_.empty() && waits >= few_waits && waits * transactions_a_wait >= transactions;
    std::erase_if(known_, [&](const auto& k) { return k.second <= number; });
    const std::scoped_lock lock(mutex_);
    if (!is_on_) expected_.clear();
    std::erase_if(expected_, [&](const Expected& e) { return e.number <= number; });
}

void ReadAhead::drop() {
    known_.clear();
    const std::scoped_lock lock(mutex_);
    expected_.clear();
}

std::optional<BodyItem> ReadAhead::take(Reader& reader) {
    const std::scoped_lock lock(mutex_);
    if (expected_.empty()) {
        reader.is_running = false;
        return std::nullopt;
    }
    BodyItem item = std::move(expected_.front().item);
    expected_.pop_front();
    return item;
}

void ReadAhead::run(Reader& reader) {
    ChainHashes hashes(chain_);
    auto item = take(reader);
    while (item) {
        // Whatever fails here fails again, and is reported, where a block needs it.
        const std::uint64_t head = chain_.head(Head::unsafe).number;
        const auto state = chain_.state(head);
        const auto context = chain_.context_of(head);
        const auto runner = chain_.make_runner();
        const std::uint64_t before = store_.waits();
        for (unsigned i = 0; item && i < transactions_a_state; ++i) {
            if (state && context)
                (void)exec::simulate(**state, chain_.spec(), *context, hashes, call_of(*item),
                                     {.overrides = {}, .runner = runner.get()});
            item = take(reader);
        }
        reader_waits_ += store_.waits() - before;
    }
}

}  // namespace mezz::node
