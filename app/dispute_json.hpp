// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The tree of edges of one dispute, as its events tell it.

#include <functional>

#include "node/ingest/rpc/json_writer.hpp"
#include "node/settle/challenger/dispute_book.hpp"

namespace mezz::app {

/// Edges printed of one dispute; the rest is left out, which the answer says.
inline constexpr std::size_t max_printed_edges = 512;

/// Prints the edges of level 1 as an array, each with those below it. `clock` gives how long an
/// edge has been without a rival, in seconds; none when the parent does not say.
/// returns: whether that was all.
bool print_dispute_tree(
    rpc::JsonWriter& out, const node::DisputeBook& book, const node::KnownDispute& dispute,
    const std::function<std::optional<std::uint64_t>(const Bytes32& place, const Bytes32& node)>&
        clock);

}  // namespace mezz::app
