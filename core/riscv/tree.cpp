// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/tree.hpp"

#include <utility>

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::riscv {

Bytes32 parent_of(const Bytes32& left, const Bytes32& right) noexcept {
    FixedBytes<64> both;
    std::memcpy(both.data(), left.data(), 32);
    std::memcpy(both.data() + 32, right.data(), 32);
    return crypto::keccak256(both);
}

Bytes32 root_of(const Bytes32& leaf, std::uint64_t index, ByteView siblings) noexcept {
    Bytes32 node = leaf;
    for (; !siblings.empty(); siblings = siblings.subspan(32), index >>= 1) {
        const Bytes32 other = Bytes32::from(siblings);
        node = (index & 1) != 0 ? parent_of(other, node) : parent_of(node, other);
    }
    return node;
}

std::vector<Bytes32> repeated_nodes(const Bytes32& leaf, unsigned levels) {
    std::vector<Bytes32> out{leaf};
    for (unsigned i = 0; i < levels; ++i) out.push_back(parent_of(out.back(), out.back()));
    return out;
}

void hash_nodes(const Bytes32* children, std::span<Bytes32> parents) noexcept {
    for (std::size_t i = 0; i < parents.size(); ++i)
        parents[i] = parent_of(children[2 * i], children[2 * i + 1]);
}

PaddedTree::PaddedTree(std::vector<Bytes32> leaves, const Bytes32& padding, unsigned levels,
                       HashNodes hash)
    : levels_(levels), padding_(repeated_nodes(padding, levels)) {
    ASSERT(levels < 64 && leaves.size() <= std::uint64_t{1} << levels);
    rows_.push_back(std::move(leaves));
    for (unsigned height = 0; height < levels; ++height) {
        const std::vector<Bytes32>& below = rows_.back();
        std::vector<Bytes32> row((below.size() + 1) / 2);
        hash(below.data(), std::span(row).first(below.size() / 2));
        if (below.size() % 2 != 0) row.back() = parent_of(below.back(), padding_[height]);
        rows_.push_back(std::move(row));
    }
}

const Bytes32& PaddedTree::node(unsigned depth, std::uint64_t index) const noexcept {
    ASSERT(depth <= levels_ && index < std::uint64_t{1} << depth);
    const unsigned height = levels_ - depth;
    return index < rows_[height].size() ? rows_[height][index] : padding_[height];
}

Bytes PaddedTree::path(std::uint64_t index) const {
    Bytes out;
    for (unsigned depth = levels_; depth > 0; --depth, index >>= 1)
        append(out, node(depth, index ^ 1));
    return out;
}

}  // namespace mezz::riscv
