// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The edges of one dispute as a tree, from the events and clocks of the contract.

#include <memory>
#include <vector>

#include "node/settle/challenger/dispute_player.hpp"

namespace mezz::app {

/// An edge: the root of some steps in somebody's history.
struct DisputeEdge {
    Bytes32 place, node;
    unsigned level = 1, depth = 0;
    std::uint64_t first_step = 0, steps = 0;  ///< of the whole trace
    std::uint64_t timer_seconds = 0;          ///< as the contract has it stored
    bool opened = false, rivalled = false, confirmed = false, proven = false;
    /// Of a root: who staked it, how much, and of level 1 what it answers.
    std::optional<node::DisputeRoot> root;
    uint256 stake;  ///< units: wei
    /// Where its moves part from a rival's; of a leaf of level 1, the roots of level 2 below it.
    std::vector<DisputeEdge> children;
};

/// The edges that stand at the place of the dispute's roots.
/// errors: as of the parent.
node::Result<std::vector<DisputeEdge>> dispute_tree(node::Parent& parent,
                                                    const node::DisputeTerms& terms,
                                                    const node::DisputeBook& book,
                                                    const Bytes32& dispute);

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
