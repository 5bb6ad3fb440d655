// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Which logs a client wants, and finding them.

#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {

/// Addresses and topics; an empty list of alternatives matches anything.
struct LogCriteria {
    std::vector<Address> addresses;
    std::vector<std::vector<Bytes32>> topics;

    [[nodiscard]] bool matches(const Log& log) const;
    /// False: no log of a block with this bloom matches.
    [[nodiscard]] bool may_match(const Bloom& bloom) const;
};

/// A range of blocks with criteria. Unset ends: the head at the time of asking.
struct LogQuery {
    LogCriteria criteria;
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> to;
};

[[nodiscard]] LogCriteria read_criteria(const Value& filter);
[[nodiscard]] LogQuery read_log_query(Context& context, const Value& filter);

/// A block and the places of its matching logs: {transaction, log of it}.
struct MatchedLogs {
    std::shared_ptr<const FullBlock> block;
    std::vector<std::pair<std::size_t, std::size_t>> places;

    void print(JsonWriter& out) const;
    /// As removed, the last log first.
    void print_removed(JsonWriter& out) const;
};
[[nodiscard]] MatchedLogs match_logs(std::shared_ptr<const FullBlock> block,
                                     const LogCriteria& criteria);

/// Visits the blocks first..last that have matching logs. Throws beyond the limits.
void each_match(Context& context, const LogCriteria& criteria, std::uint64_t first,
                std::uint64_t last, const std::function<void(MatchedLogs&&)>& visit);
void print_query(Context& context, const LogQuery& query, JsonWriter& out);

}  // namespace mezz::rpc
