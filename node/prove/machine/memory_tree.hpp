// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The data memory as a value: pages of 4 KiB under a keccak tree, shared between versions.
///
/// A version is as cheap to keep as the pages and nodes in which it differs from others. Everything
/// below is immutable once it is in a tree, so versions may be read from any thread.
///
/// spec: docs/reference/machine.md, "Shape": leaves of 32 bytes, 27 levels. A page is the subtree
/// of the lowest 7.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/riscv/tree.hpp"

namespace mezz::node::prove {

inline constexpr unsigned PAGE_BITS = 12;
inline constexpr std::size_t PAGE_BYTES = std::size_t{1} << PAGE_BITS;
inline constexpr unsigned PAGE_LEVELS = 7;  ///< from leaves to a page
inline constexpr unsigned TOP_LEVELS =
    riscv::DATA_LEVELS - PAGE_LEVELS;  ///< from pages to the root
inline constexpr std::uint32_t PAGES = std::uint32_t{1} << TOP_LEVELS;

struct MemoryNode;
using MemoryNodeRef = std::shared_ptr<MemoryNode>;

/// A node above pages, or what a Page begins with. A child that is null has only zero leaves.
struct MemoryNode {
    Bytes32 hash;
    MemoryNodeRef child[2];
};

struct Page : MemoryNode {
    alignas(64) std::uint8_t bytes[PAGE_BYTES]{};
};
using PageRef = std::shared_ptr<Page>;

/// All 128 leaves and the 127 nodes above them: node i has the children 2 i and 2 i + 1, leaves
/// begin at 128, the root is node 1.
using PageTree = std::array<Bytes32, 2 * PAGE_BYTES / riscv::LEAF_BYTES>;
void hash_page(const std::uint8_t* bytes, PageTree& tree) noexcept;

/// riscv::hash_nodes, eight at a time.
void hash_nodes_native(const Bytes32* children, std::span<Bytes32> parents) noexcept;

/// What a version has that the one before had not, and whose hashes are still to be made.
class Unhashed {
public:
    /// Makes them. requires: those of the versions before are made. complexity: 127 hashes a page
    /// and those above it, as many at a time as the processor can.
    void hash() const;

private:
    friend class MemoryTree;
    std::vector<PageRef> pages_;
    std::array<std::vector<MemoryNodeRef>, TOP_LEVELS + 1> nodes_;  ///< by height
};

class MemoryTree {
public:
    struct Change {
        std::uint32_t page = 0;
        PageRef content;  ///< its hash is made with the tree's
    };

    /// Zero everywhere.
    MemoryTree() = default;

    [[nodiscard]] const Bytes32& root() const noexcept;
    /// Null where all is zero and always was.
    [[nodiscard]] const Page* page(std::uint32_t index) const noexcept;
    /// The siblings of a page, page upwards.
    [[nodiscard]] std::array<Bytes32, TOP_LEVELS> page_path(std::uint32_t index) const noexcept;
    /// The version with other pages. requires: changes ascend by page; contents are not written
    /// again.
    [[nodiscard]] MemoryTree with(std::span<const Change> changes) const;
    /// The same, but until `unhashed.hash()` is done, on whatever thread, root() and page_path() of
    /// it and of what is made from it may not be asked.
    [[nodiscard]] MemoryTree with(std::span<const Change> changes, Unhashed& unhashed) const;
    /// Calls seen(index, page of this, page of `other`) where the two do not share a page; null
    /// stands for zero. complexity: the nodes they do not share.
    template <class F>
    void differences(const MemoryTree& other, F&& seen) const {
        differ(root_.get(), other.root_.get(), TOP_LEVELS, 0, seen);
    }

private:
    static MemoryNodeRef replaced(const MemoryNode* old, unsigned height,
                                  std::span<const Change> changes, Unhashed& unhashed);
    template <class F>
    static void differ(MemoryNode* a, MemoryNode* b, unsigned height, std::uint32_t index,
                       F& seen) {
        if (a == b) return;
        if (height == 0) return seen(index, static_cast<Page*>(a), static_cast<Page*>(b));
        for (unsigned i = 0; i < 2; ++i)
            differ(a != nullptr ? a->child[i].get() : nullptr,
                   b != nullptr ? b->child[i].get() : nullptr, height - 1, index * 2 + i, seen);
    }

    MemoryNodeRef root_;
};

}  // namespace mezz::node::prove
