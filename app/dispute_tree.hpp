// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The edges of one dispute as a tree, from the events and clocks of the contract.

#include <vector>

#include "node/ingest/rpc/json_writer.hpp"
#include "node/settle/challenger/dispute_player.hpp"

namespace mezz::app {

/// An edge: the root of some steps in somebody's history.
struct DisputeEdge {
    Bytes32 place, node;
    unsigned level = 1, depth = 0;
    std::uint64_t first_step = 0, steps = 0;  ///< of the whole trace
    std::uint64_t clock_seconds = 0;          ///< how long it had, or has, no rival
    std::uint64_t timer_seconds = 0;          ///< as the contract has it stored
    std::size_t rivals = 0;
    bool opened = false, confirmed = false, proven = false;
    /// Of a root: who staked it, how much, and of level 1 what it answers.
    std::optional<node::DisputeRoot> root;
    uint256 stake;  ///< units: wei
    /// Where its moves part from a rival's; of a leaf of level 1, the roots of level 2 below it.
    std::vector<DisputeEdge> children;
};

struct DisputeTree {
    std::vector<DisputeEdge> roots;  ///< what stands at the place of the dispute's roots
    bool complete = true;            ///< false: there are more edges than were asked for
};

/// Asks `disputes`, the contract, two or three times an edge. errors: as of the parent.
node::Result<DisputeTree> dispute_tree(node::Parent& parent, const Address& disputes,
                                       const node::DisputeBook& book, const Bytes32& dispute,
                                       std::size_t max_edges = 512);

/// {place, node, level, depth, …, children}: the type DisputeEdge of the RPC.
void print_json(rpc::JsonWriter& out, const DisputeEdge& edge);

/// The deepest edge that is `honest`'s and has a rival: where a history parts from the truth.
struct Parting {
    std::uint64_t first_step = 0, steps = 0;
    Bytes32 true_node;
    std::vector<Bytes32> rivals;
};
/// returns: none when nobody rivals the truth.
node::Result<std::optional<Parting>> parting(const node::DisputeBook& book, const Bytes32& dispute,
                                             node::DisputeTrace& truth);

}  // namespace mezz::app
