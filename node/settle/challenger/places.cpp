// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/settle/challenger/places.hpp"

#include <bit>
#include <string_view>

#include "core/base/uint256.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::node {
namespace {

constexpr unsigned levels = riscv::HISTORY_LEVELS;

}  // namespace

const Bytes32& node_at(const riscv::PaddedTree& history, unsigned depth, std::uint64_t index) {
    return history.node(row_at(depth), index);
}

Bytes32 place_at(const riscv::PaddedTree& history, const Bytes32& root_place, unsigned depth,
                 std::uint64_t index) {
    Bytes32 place = root_place;
    for (unsigned d = 0; d < depth; ++d) {
        const unsigned bits = move_bits(d), row = row_at(d);
        // The position on the row below this move.
        const std::uint64_t child = index >> (row_at(depth) - row_at(d + 1));
        Bytes text = to_bytes(place);
        append(text, to_bytes32(uint256{child & ((1u << bits) - 1)}));
        for (unsigned b = 1; b <= bits; ++b) {
            const std::uint64_t at = child >> (bits - b);
            if (at & 1) append(text, history.node(row + b, at - 1));
        }
        place = crypto::keccak256(text);
    }
    return place;
}

Bytes32 child_place(const Bytes32& place, std::span<const Bytes32> children, std::uint64_t k) {
    const auto bits = static_cast<unsigned>(std::countr_zero(children.size()));
    const riscv::PaddedTree above({children.begin(), children.end()}, {}, bits);
    Bytes text = to_bytes(place);
    append(text, to_bytes32(uint256{k}));
    for (unsigned b = 1; b <= bits; ++b) {
        const std::uint64_t at = k >> (bits - b);
        if (at & 1) append(text, above.node(b, at - 1));
    }
    return crypto::keccak256(text);
}

std::vector<Bytes32> children_of(const riscv::PaddedTree& history, unsigned depth,
                                 std::uint64_t index) {
    const std::uint64_t count = 1u << move_bits(depth);
    std::vector<Bytes32> out;
    for (std::uint64_t k = 0; k < count; ++k)
        out.push_back(node_at(history, depth + 1, index * count + k));
    return out;
}

Predecessor predecessor_of(const riscv::PaddedTree& history, std::uint64_t index) {
    Predecessor out;
    out.index = index;
    for (unsigned row = 1; row <= levels; ++row) {
        const std::uint64_t at = index >> (levels - row);
        if (at & 1) append(out.subtrees, history.node(row, at - 1));
    }
    if (index == 0) return out;
    out.leaf = history.node(levels, index - 1);
    // It ends the last of the subtrees, which belongs to the lowest bit of the index.
    const auto height = static_cast<unsigned>(std::countr_zero(index));
    for (unsigned h = 0; h < height; ++h)
        append(out.path, history.node(levels - h, ((index - 1) >> h) ^ 1));
    return out;
}

Bytes32 level_two_of(const Bytes32& leaf_place) {
    constexpr std::string_view name = "level 2";
    Bytes text(32);
    std::memcpy(text.data(), name.data(), name.size());
    append(text, leaf_place);
    return crypto::keccak256(text);
}

Bytes32 edge_id(const Bytes32& place, const Bytes32& node) {
    Bytes text = to_bytes(place);
    append(text, node);
    return crypto::keccak256(text);
}

}  // namespace mezz::node
