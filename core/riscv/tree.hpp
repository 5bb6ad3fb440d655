// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The keccak trees of the machine's memories and of a trace's histories.
///
/// A leaf is 32 bytes as they are; a node is keccak256(left ‖ right). A path is the siblings of a
/// leaf and of the nodes above it, leaf upwards.
///
/// spec: docs/reference/machine.md, "Shape" and "Trace and histories".

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::riscv {

inline constexpr unsigned CODE_LEVELS = 16;
inline constexpr unsigned DATA_LEVELS = 27;
inline constexpr unsigned HISTORY_LEVELS = 18;
inline constexpr std::size_t LEAF_BYTES = 32;

/// keccak256(left ‖ right).
[[nodiscard]] Bytes32 parent_of(const Bytes32& left, const Bytes32& right) noexcept;

/// The root over leaf `index`, with the path that `siblings` are.
/// requires: siblings.size() is a multiple of 32, index below 2^(siblings.size() / 32).
[[nodiscard]] Bytes32 root_of(const Bytes32& leaf, std::uint64_t index, ByteView siblings) noexcept;

/// Roots of trees whose leaves are all equal: repeated[k] has k levels.
[[nodiscard]] std::vector<Bytes32> repeated_nodes(const Bytes32& leaf, unsigned levels);

/// Makes each of `parents` the node over two neighbours of `children`.
/// requires: twice as many children.
using HashNodes = void (*)(const Bytes32* children, std::span<Bytes32> parents);
void hash_nodes(const Bytes32* children, std::span<Bytes32> parents) noexcept;

/// A tree of which only the first leaves are given and all others equal one padding.
///
/// Code is padded with zeros, a history with its last state, which is its own next.
/// memory: 64 bytes for each given leaf, whatever the number of levels.
class PaddedTree {
public:
    /// `hash` may be a faster one than this module's. requires: leaves.size() <= 2^levels.
    PaddedTree(std::vector<Bytes32> leaves, const Bytes32& padding, unsigned levels,
               HashNodes hash = hash_nodes);

    [[nodiscard]] unsigned levels() const noexcept { return levels_; }
    [[nodiscard]] const Bytes32& root() const noexcept { return node(0, 0); }
    /// Node `index` of the row `depth` below the root; row levels() holds the leaves.
    /// requires: depth <= levels(), index < 2^depth.
    [[nodiscard]] const Bytes32& node(unsigned depth, std::uint64_t index) const noexcept;
    /// The path of leaf `index`: levels() siblings, leaf upwards.
    [[nodiscard]] Bytes path(std::uint64_t index) const;

private:
    unsigned levels_;
    std::vector<std::vector<Bytes32>> rows_;  // by height; what is missing is padding_[height]
    std::vector<Bytes32> padding_;
};

}  // namespace mezz::riscv
