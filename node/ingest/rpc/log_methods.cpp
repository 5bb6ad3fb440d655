// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "node/ingest/rpc/logs.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

constexpr std::size_t max_topics = 4;
constexpr std::size_t max_alternatives = 1000;

template <class Read>
void one_or_many(const Value& value, Read&& read) {
    if (!value.is_array()) return read(value);
    if (value.size() > max_alternatives) value.wrong("at most 1000 alternatives");
    value.each(read);
}

}  // namespace

bool LogCriteria::matches(const Log& log) const {
    if (!addresses.empty() && std::ranges::find(addresses, log.address) == addresses.end())
        return false;
    if (topics.size() > log.topics.size()) return false;
    for (std::size_t i = 0; i < topics.size(); ++i)
        if (!topics[i].empty() && std::ranges::find(topics[i], log.topics[i]) == topics[i].end())
            return false;
    return true;
}

bool LogCriteria::may_match(const Bloom& bloom) const {
    const auto any = [&](const auto& values) {
        return values.empty() ||
               std::ranges::any_of(values, [&](const auto& v) { return may_contain(bloom, v); });
    };
    return any(addresses) && std::ranges::all_of(topics, any);
}

LogCriteria read_criteria(const Value& filter) {
    LogCriteria c;
    if (const auto address = filter.get("address"))
        one_or_many(*address, [&](const Value& v) { c.addresses.push_back(v.address()); });
    const auto topics = filter.get("topics");
    if (!topics) return c;
    topics->each([&](const Value& position) {
        if (c.topics.size() == max_topics) topics->wrong("at most 4 topics");
        auto& alternatives = c.topics.emplace_back();
        if (position.is_null()) return;
        bool any = false;
        one_or_many(position, [&](const Value& v) {
            if (v.is_null())
                any = true;
            else
                alternatives.push_back(v.hash());
        });
        if (any) alternatives.clear();
    });
    return c;
}

LogQuery read_log_query(Context& context, const Value& filter) {
    if (!filter.is_object()) filter.wrong("a filter object");
    LogQuery q;
    q.criteria = read_criteria(filter);
    const auto from = filter.get("fromBlock"), to = filter.get("toBlock"),
               hash = filter.get("blockHash");
    if (hash) {
        if (from || to)
            fail(invalid_params,
                 "invalid argument 0: cannot specify both BlockHash and FromBlock/ToBlock, choose "
                 "one or the other");
        q.from = q.to = unwrap(context.chain.number_of(hash->hash()));
        if (!q.from) fail(server_error, "unknown block");
        return q;
    }
    // A filter may wait for blocks to come, so a number may be beyond the head.
    const auto number = [&](const Value& v) {
        const auto known = block_number_of(context, v);
        return known ? *known : v.u64();
    };
    if (from && !(from->is_string() && from->text() == "latest")) q.from = number(*from);
    if (to && !(to->is_string() && to->text() == "latest")) q.to = number(*to);
    if (q.from && q.to && to->text().starts_with("0x") && from->text().starts_with("0x") &&
        from->u64() > to->u64())
        fail(invalid_params, "invalid block range params");
    return q;
}

void MatchedLogs::print(JsonWriter& out) const {
    for (const auto& [txn, log] : places) print_log(out, *block, txn, log);
}

void MatchedLogs::print_removed(JsonWriter& out) const {
    for (auto it = places.rbegin(); it != places.rend(); ++it)
        print_log(out, *block, it->first, it->second, true);
}

MatchedLogs match_logs(std::shared_ptr<const FullBlock> block, const LogCriteria& criteria) {
    MatchedLogs matched{std::move(block), {}};
    const auto& receipts = matched.block->receipts;
    if (!criteria.may_match(matched.block->block.header.logs_bloom)) return matched;
    for (std::size_t i = 0; i < receipts.size(); ++i)
        for (std::size_t j = 0; j < receipts[i].logs.size(); ++j)
            if (criteria.matches(receipts[i].logs[j])) matched.places.emplace_back(i, j);
    return matched;
}

void each_match(Context& context, const LogCriteria& criteria, std::uint64_t first,
                std::uint64_t last, const std::function<void(MatchedLogs&&)>& visit) {
    const std::size_t limit = context.options.max_logs;
    std::size_t count = 0;
    for (std::uint64_t n = first; n <= last; ++n) {
        context.check_stopping();
        const auto header = unwrap(context.chain.header(n));
        if (!header || !criteria.may_match(header->logs_bloom)) continue;
        auto full = context.blocks.get(n);
        if (!full) continue;
        auto matched = match_logs(std::move(full), criteria);
        count += matched.places.size();
        if (count > limit)
            fail(limit_exceeded, "query returns more than " + std::to_string(limit) +
                                     " logs; ask for fewer blocks");
        if (!matched.places.empty()) visit(std::move(matched));
    }
}

void print_query(Context& context, const LogQuery& q, JsonWriter& out) {
    const std::uint64_t head = context.chain.head(node::Head::unsafe).number;
    const std::uint64_t first = q.from.value_or(head), last = q.to.value_or(head);
    if (first > last) fail(invalid_params, "invalid block range params");
    if (last > head) fail(invalid_params, "block range extends beyond current head block");
    if (last - first >= context.options.max_log_blocks)
        fail(limit_exceeded, "block range too large: at most " +
                                 std::to_string(context.options.max_log_blocks) + " blocks, got " +
                                 std::to_string(last - first + 1));
    const std::size_t before = out.size_bytes();
    out.array([&] {
        each_match(context, q.criteria, first, last, [&](const MatchedLogs& matched) {
            matched.print(out);
            if (out.size_bytes() - before > context.options.max_answer_bytes)
                fail(limit_exceeded, "query returns more than " +
                                         std::to_string(context.options.max_answer_bytes) +
                                         " bytes; ask for fewer blocks");
        });
    });
}

void add_log_methods(MethodTable& table) {
    table.add("eth_getLogs",
              {"filter: LogFilter -> Log[]", "The logs of a range of blocks, or of one."},
              [](const Call& c) {
                  print_query(c.context, read_log_query(c.context, c.params.at(0)), c.out);
              });
}

}  // namespace mezz::rpc
