// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/memory_tree.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "node/host/crypto/keccak_native.hpp"

namespace mezz::node::prove {
namespace {

constexpr std::size_t PAGE_LEAVES = PAGE_BYTES / riscv::LEAF_BYTES;
/// Pages hashed together: enough to fill vectors, few enough for the second-level cache.
constexpr std::size_t PAGES_AT_ONCE = 32;

/// Roots of zero subtrees by their height above the leaves.
const std::vector<Bytes32>& zero_nodes() {
    static const std::vector<Bytes32> nodes = riscv::repeated_nodes({}, riscv::DATA_LEVELS);
    return nodes;
}

const Bytes32& hash_of(const MemoryNode* node, unsigned height) noexcept {
    return node != nullptr ? node->hash : zero_nodes()[PAGE_LEVELS + height];
}

void hash_pages(std::span<const PageRef> pages) {
    std::vector<Bytes32> row(PAGES_AT_ONCE * PAGE_LEAVES / 2);
    while (!pages.empty()) {
        const auto some = pages.first(std::min(pages.size(), PAGES_AT_ONCE));
        pages = pages.subspan(some.size());
        std::size_t width = PAGE_LEAVES / 2;
        for (std::size_t i = 0; i < some.size(); ++i)
            host::keccak256_many(some[i]->bytes, 64, std::span(row).subspan(i * width, width));
        for (; width > 1; width /= 2)
            host::keccak256_many(row[0].data(), 64, std::span(row).first(some.size() * width / 2));
        for (std::size_t i = 0; i < some.size(); ++i) some[i]->hash = row[i];
    }
}

void hash_nodes(std::span<const MemoryNodeRef> nodes, unsigned height) {
    if (nodes.empty()) return;
    std::vector<Bytes32> messages(2 * nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i)
        for (unsigned side = 0; side < 2; ++side)
            messages[2 * i + side] = hash_of(nodes[i]->child[side].get(), height - 1);
    host::keccak256_many(messages[0].data(), 64, std::span(messages).first(nodes.size()));
    for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i]->hash = messages[i];
}

}  // namespace

void hash_page(const std::uint8_t* bytes, PageTree& tree) noexcept {
    std::memcpy(tree[PAGE_LEAVES].data(), bytes, PAGE_BYTES);
    for (std::size_t row = PAGE_LEAVES / 2; row > 0; row /= 2)
        host::keccak256_many(tree[2 * row].data(), 64, std::span(tree).subspan(row, row));
}

void hash_nodes_native(const Bytes32* children, std::span<Bytes32> parents) noexcept {
    if (!parents.empty()) host::keccak256_many(children->data(), 64, parents);
}

const Bytes32& MemoryTree::root() const noexcept {
    return hash_of(root_.get(), TOP_LEVELS);
}

const Page* MemoryTree::page(std::uint32_t index) const noexcept {
    const MemoryNode* node = root_.get();
    for (unsigned height = TOP_LEVELS; height > 0 && node != nullptr; --height)
        node = node->child[index >> (height - 1) & 1].get();
    return static_cast<const Page*>(node);
}

std::array<Bytes32, TOP_LEVELS> MemoryTree::page_path(std::uint32_t index) const noexcept {
    std::array<Bytes32, TOP_LEVELS> out;
    const MemoryNode* node = root_.get();
    for (unsigned height = TOP_LEVELS; height > 0; --height) {
        const unsigned side = index >> (height - 1) & 1;
        out[height - 1] =
            hash_of(node != nullptr ? node->child[1 - side].get() : nullptr, height - 1);
        node = node != nullptr ? node->child[side].get() : nullptr;
    }
    return out;
}

void Unhashed::hash() const {
    hash_pages(pages_);
    for (unsigned height = 1; height <= TOP_LEVELS; ++height) hash_nodes(nodes_[height], height);
}

/// The node over `changes`, all of which are below it, that replaces `old`.
MemoryNodeRef MemoryTree::replaced(const MemoryNode* old, unsigned height,
                                   std::span<const Change> changes, Unhashed& unhashed) {
    if (height == 0) {
        unhashed.pages_.push_back(changes[0].content);
        return changes[0].content;
    }
    auto node = std::make_shared<MemoryNode>();
    if (old != nullptr) {
        node->child[0] = old->child[0];
        node->child[1] = old->child[1];
    }
    const auto middle = std::ranges::partition_point(
        changes, [height](const auto& c) { return (c.page >> (height - 1) & 1) == 0; });
    const std::span<const Change> sides[2] = {{changes.begin(), middle}, {middle, changes.end()}};
    for (unsigned i = 0; i < 2; ++i)
        if (!sides[i].empty())
            node->child[i] = replaced(node->child[i].get(), height - 1, sides[i], unhashed);
    unhashed.nodes_[height].push_back(node);
    return node;
}

MemoryTree MemoryTree::with(std::span<const Change> changes, Unhashed& unhashed) const {
    if (changes.empty()) return *this;
    MemoryTree out;
    out.root_ = replaced(root_.get(), TOP_LEVELS, changes, unhashed);
    return out;
}

MemoryTree MemoryTree::with(std::span<const Change> changes) const {
    Unhashed unhashed;
    MemoryTree out = with(changes, unhashed);
    unhashed.hash();
    return out;
}

}  // namespace mezz::node::prove
