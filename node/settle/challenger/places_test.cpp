// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/places.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <random>
#include <set>

#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::node {
namespace {

constexpr unsigned levels = riscv::HISTORY_LEVELS;

riscv::PaddedTree history(std::uint64_t seed, std::uint64_t leaves) {
    std::mt19937_64 random(seed);
    std::vector<Bytes32> out(leaves);
    for (auto& leaf : out)
        for (auto& byte : leaf.bytes) byte = static_cast<std::uint8_t>(random());
    return {out, Bytes32{}, levels};
}

/// What contracts/src/lib/History.sol does with a predecessor: the place of the leaf from the roots
/// left of its path alone.
Bytes32 place_from(const Bytes32& root_place, const Predecessor& p) {
    Bytes32 place = root_place;
    ByteView rest = p.subtrees;
    unsigned shift = levels;
    for (unsigned depth = 0; depth < dispute_moves; ++depth) {
        shift -= move_bits(depth);
        const std::uint64_t k = (p.index >> shift) & ((1u << move_bits(depth)) - 1);
        const auto count = static_cast<std::size_t>(std::popcount(k));
        Bytes text = to_bytes(place);
        append(text, to_bytes32(uint256{k}));
        append(text, rest.first(32 * count));
        rest = rest.subspan(32 * count);
        place = crypto::keccak256(text);
    }
    EXPECT_TRUE(rest.empty());
    return place;
}

TEST(Places, a_leaf_s_place_follows_from_what_lies_left_of_it) {
    const auto tree = history(1, 3000);
    Bytes32 root_place;
    root_place[5] = 9;
    std::mt19937_64 random(2);
    for (int i = 0; i < 500; ++i) {
        const std::uint64_t index =
            i < 40 ? static_cast<std::uint64_t>(i) : random() % (1u << levels);
        const auto p = predecessor_of(tree, index);
        EXPECT_EQ(place_at(tree, root_place, dispute_moves, index), place_from(root_place, p));
        for (unsigned depth = 0; depth < dispute_moves; ++depth) {
            const std::uint64_t at = index >> (levels - row_at(depth));
            const std::uint64_t below = index >> (levels - row_at(depth + 1));
            EXPECT_EQ(
                child_place(place_at(tree, root_place, depth, at), children_of(tree, depth, at),
                            below & ((1u << move_bits(depth)) - 1)),
                place_at(tree, root_place, depth + 1, below));
        }
        if (index == 0) continue;
        // The leaf before it is the last one of the last subtree.
        const std::uint64_t size = index & (~index + 1);
        EXPECT_EQ(p.leaf, tree.node(levels, index - 1));
        EXPECT_EQ(riscv::root_of(p.leaf, size - 1, p.path),
                  Bytes32::from(ByteView(p.subtrees).last(32)));
    }
}

TEST(Places, equal_prefixes_are_equal_places) {
    auto leaves = std::vector<Bytes32>(1000);
    for (std::size_t i = 0; i < leaves.size(); ++i) leaves[i] = to_bytes32(uint256{i + 1});
    const riscv::PaddedTree one(leaves, Bytes32{}, levels);
    leaves[700][0] ^= 1;
    const riscv::PaddedTree other(leaves, Bytes32{}, levels);
    for (const std::uint64_t index : {0u, 1u, 699u, 700u})
        EXPECT_EQ(place_at(one, {}, dispute_moves, index),
                  place_at(other, {}, dispute_moves, index));
    for (const std::uint64_t index : {701u, 999u, 5000u})
        EXPECT_NE(place_at(one, {}, dispute_moves, index),
                  place_at(other, {}, dispute_moves, index));
}

TEST(Places, no_two_positions_share_a_place) {
    const auto tree = history(3, 200);
    std::set<Bytes32> seen;
    std::size_t count = 0;
    for (unsigned depth = 0; depth <= 2; ++depth)
        for (std::uint64_t i = 0; i < (1u << row_at(depth)); ++i, ++count)
            seen.insert(place_at(tree, {}, depth, i));
    EXPECT_EQ(seen.size(), count);
}

TEST(Places, children_hash_to_their_node) {
    const auto tree = history(4, 5000);
    for (unsigned depth = 0; depth < dispute_moves; ++depth) {
        auto nodes = children_of(tree, depth, 3 % (1u << row_at(depth)));
        EXPECT_EQ(nodes.size(), 1u << move_bits(depth));
        while (nodes.size() > 1) {
            std::vector<Bytes32> above;
            for (std::size_t i = 0; i < nodes.size(); i += 2)
                above.push_back(riscv::parent_of(nodes[i], nodes[i + 1]));
            nodes = std::move(above);
        }
        EXPECT_EQ(nodes[0], node_at(tree, depth, 3 % (1u << row_at(depth))));
    }
}

}  // namespace
}  // namespace mezz::node
