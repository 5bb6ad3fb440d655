// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/filters.hpp"

#include <random>

namespace mezz::rpc {
namespace {

constexpr std::size_t max_pending = 50'000;

std::uint64_t random_id() {
    thread_local std::mt19937_64 random{std::random_device{}()};
    return random();
}

}  // namespace

BlockCursor::BlockCursor(node::ChainReader& chain) {
    const node::BlockRef head = chain.head(node::Head::unsafe);
    for (std::uint64_t n = head.number >= kept_blocks ? head.number - kept_blocks + 1 : 0;
         n < head.number; ++n)
        seen_.push_back({n, chain.hash_of(n)});
    seen_.push_back(head);
}

std::uint64_t BlockCursor::next(node::ChainReader& chain) {
    while (seen_.size() > 1 && chain.hash_of(seen_.back().number) != seen_.back().hash)
        seen_.pop_back();
    const auto top = chain.head(node::Head::unsafe).number;
    return std::min(seen_.back().number, top) + 1;
}

void BlockCursor::advance(node::BlockRef to) {
    while (!seen_.empty() && seen_.back().number >= to.number) seen_.pop_back();
    seen_.push_back(to);
    if (seen_.size() > kept_blocks) seen_.pop_front();
}

Filters::Filters(Context& context) : context_(context) {}

std::uint64_t Filters::add(std::shared_ptr<Filter> filter) {
    const auto now = std::chrono::steady_clock::now();
    filter->used = now;
    const std::scoped_lock lock(mutex_);
    std::erase_if(filters_, [&](const auto& item) {
        return now - item.second->used > std::chrono::milliseconds(context_.options.filter_life_ms);
    });
    if (filters_.size() >= context_.options.max_filters)
        fail(limit_exceeded, "too many filters; remove some with eth_uninstallFilter");
    const std::uint64_t id = random_id();
    filters_.emplace(id, std::move(filter));
    return id;
}

std::uint64_t Filters::add_logs(LogQuery query) {
    auto filter = std::make_shared<Filter>();
    filter->cursor.emplace(context_.chain);
    filter->logs = std::move(query);
    return add(std::move(filter));
}

std::uint64_t Filters::add_blocks() {
    auto filter = std::make_shared<Filter>();
    filter->cursor.emplace(context_.chain);
    return add(std::move(filter));
}

std::uint64_t Filters::add_pending() {
    auto filter = std::make_shared<Filter>();
    filter->pending = std::make_shared<PendingHashes>();
    const auto pending = filter->pending;
    const std::uint64_t id = add(std::move(filter));
    std::shared_ptr<Feed> feed;
    bool first = false;
    {
        const std::scoped_lock lock(mutex_);
        first = !feed_;
        if (first) feed_ = std::make_shared<Feed>();
        feed = feed_;
    }
    {
        const std::scoped_lock lock(feed->mutex);
        feed->readers.push_back(pending);
    }
    if (!first) return id;
    context_.pool.on_pending([feed](const Bytes32& hash) {
        const std::scoped_lock lock(feed->mutex);
        std::erase_if(feed->readers, [&](const auto& weak) {
            const auto reader = weak.lock();
            if (!reader) return true;
            const std::scoped_lock reading(reader->mutex);
            if (reader->hashes.size() < max_pending)
                reader->hashes.push_back(hash);
            else
                reader->lost = true;
            return false;
        });
    });
    return id;
}

bool Filters::remove(std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    return filters_.erase(id) != 0;
}

std::shared_ptr<Filters::Filter> Filters::find(std::uint64_t id) {
    const std::scoped_lock lock(mutex_);
    const auto found = filters_.find(id);
    if (found == filters_.end()) fail(server_error, "filter not found");
    found->second->used = std::chrono::steady_clock::now();
    return found->second;
}

void Filters::changes(std::uint64_t id, JsonWriter& out) {
    const auto filter = find(id);
    const std::scoped_lock polling(filter->mutex);
    if (filter->pending) {
        std::vector<Bytes32> hashes;
        {
            const std::scoped_lock lock(filter->pending->mutex);
            hashes.swap(filter->pending->hashes);
        }
        return out.array([&] {
            for (const Bytes32& h : hashes) out.data(h);
        });
    }
    const std::uint64_t first = filter->cursor->next(context_.chain);
    const std::uint64_t end = std::min(context_.chain.head(node::Head::unsafe).number,
                                       first + context_.options.max_log_blocks - 1);
    // What is given is what is remembered, even where the chain changes meanwhile.
    std::vector<Bytes32> hashes;
    for (std::uint64_t n = first; n <= end; ++n) hashes.push_back(context_.chain.hash_of(n));
    out.array([&] {
        if (filter->logs)
            log_changes(*filter, first, end, out);
        else
            for (const Bytes32& hash : hashes) out.data(hash);
    });
    for (std::uint64_t n = first; n <= end; ++n) filter->cursor->advance({n, hashes[n - first]});
}

void Filters::log_changes(Filter& filter, std::uint64_t first, std::uint64_t end, JsonWriter& out) {
    auto given = filter.given;  // kept as it was when a limit is exceeded
    for (; !given.empty() && given.back().block->number() >= first; given.pop_back())
        given.back().print_removed(out);
    const auto& q = *filter.logs;
    const std::uint64_t until = q.to ? std::min(*q.to, end) : end;
    const std::uint64_t begin = std::max(first, q.from.value_or(0));
    if (begin <= until)
        each_match(context_, q.criteria, begin, until, [&](MatchedLogs&& matched) {
            matched.print(out);
            given.push_back(std::move(matched));
            if (given.size() > BlockCursor::kept_blocks) given.pop_front();
        });
    filter.given = std::move(given);
}

void Filters::all_logs(std::uint64_t id, JsonWriter& out) {
    const auto filter = find(id);
    if (!filter->logs) fail(server_error, "filter not found");
    print_query(context_, *filter->logs, out);
}

void add_filter_methods(MethodTable& table) {
    table.add("eth_newFilter", {"filter: LogFilter -> FilterId", "Keeps a filter of logs to poll."},
              [](const Call& c) {
                  LogQuery query;
                  if (const auto filter = c.params.get(0))
                      query = read_log_query(c.context, *filter);
                  c.out.quantity(c.context.filters->add_logs(std::move(query)));
              });
    table.add("eth_newBlockFilter", {"-> FilterId", "Keeps a filter of new blocks to poll."},
              [](const Call& c) { c.out.quantity(c.context.filters->add_blocks()); });
    table.add("eth_newPendingTransactionFilter",
              {"-> FilterId", "Keeps a filter of waiting transactions to poll."},
              [](const Call& c) { c.out.quantity(c.context.filters->add_pending()); });
    table.add(
        "eth_uninstallFilter", {"filter: FilterId -> boolean", "Forgets a filter."},
        [](const Call& c) { c.out.boolean(c.context.filters->remove(c.params.at(0).u64())); });
    table.add("eth_getFilterChanges",
              {"filter: FilterId -> Hash[] | Log[]",
               "What is new since the last poll; logs of blocks that are gone come as removed."},
              [](const Call& c) { c.context.filters->changes(c.params.at(0).u64(), c.out); });
    table.add("eth_getFilterLogs", {"filter: FilterId -> Log[]", "All logs of a filter."},
              [](const Call& c) { c.context.filters->all_logs(c.params.at(0).u64(), c.out); });
}

}  // namespace mezz::rpc
