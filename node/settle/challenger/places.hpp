// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where the nodes of a history stand in a dispute: five moves of 16, 16, 16, 16 and 4 children.
/// The same as contracts/src/lib/History.sol.

#include <span>
#include <vector>

#include "core/riscv/tree.hpp"

namespace mezz::node {

inline constexpr unsigned dispute_moves = 5;

/// Levels of the tree that the move from `depth` walks down.
constexpr unsigned move_bits(unsigned depth) noexcept {
    return depth + 1 == dispute_moves ? 2 : 4;
}
/// The row of the tree that `depth` moves reach.
constexpr unsigned row_at(unsigned depth) noexcept {
    return depth == dispute_moves ? riscv::HISTORY_LEVELS : 4 * depth;
}

/// Node `index` of those that `depth` moves reach.
const Bytes32& node_at(const riscv::PaddedTree& history, unsigned depth, std::uint64_t index);
/// Its place: a hash of its position and of everything left of it, below the place of the root.
Bytes32 place_at(const riscv::PaddedTree& history, const Bytes32& root_place, unsigned depth,
                 std::uint64_t index);
/// The place of child `k` of a move from `place` with these children.
/// requires: as many children as a move has.
Bytes32 child_place(const Bytes32& place, std::span<const Bytes32> children, std::uint64_t k);
/// The children that a move from there opens.
std::vector<Bytes32> children_of(const riscv::PaddedTree& history, unsigned depth,
                                 std::uint64_t index);

/// What shows the leaf before leaf `index`; see History.Predecessor.
struct Predecessor {
    std::uint64_t index = 0;
    Bytes subtrees;
    Bytes32 leaf;
    Bytes path;
};
Predecessor predecessor_of(const riscv::PaddedTree& history, std::uint64_t index);

/// The place of the roots of level 2 below a leaf of level 1.
Bytes32 level_two_of(const Bytes32& leaf_place);
/// keccak256(place | node).
Bytes32 edge_id(const Bytes32& place, const Bytes32& node);

}  // namespace mezz::node
