// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A Merkle Patricia trie built once, from all its entries in order of their keys.
///
/// Keeps only the path of the last key: memory does not grow with the number of entries. Gives the
/// root and the nodes, in the same order, that `Trie` gives of the same entries.
///
///     TrieBuilder builder(&sink);
///     for (const auto& [key, value] : sorted) builder.add(key, value);
///     const NodeRef root = builder.finish();

#include "core/trie/trie.hpp"

namespace mezz::trie {

class TrieBuilder {
public:
    /// `sink` gets the nodes, children before parents; null: the root is all that is wanted.
    explicit TrieBuilder(NodeSink* sink = nullptr) noexcept : sink_(sink) {}

    /// requires: key.size() <= 32; key greater than the last one and not beginning with it; a
    /// value.
    void add(ByteView key, ByteView value, std::uint64_t value_locator = 0);
    /// Ends the trie. returns: its root; the empty root when nothing was added.
    NodeRef finish();

private:
    /// A branch on the path of the last key, which still takes children.
    struct Branch {
        unsigned depth = 0;     ///< nibbles before it
        unsigned children = 0;  ///< slots written so far, empty ones included
        Bytes payload;          ///< the RLP of those slots
        std::vector<std::uint64_t> locators;
    };

    void place(Branch& branch, unsigned nibble);
    void close_leaf(unsigned from);
    void close_branch(unsigned from);
    void extend(unsigned from, unsigned to);
    void close_down_to(unsigned shared);

    NodeSink* sink_;
    bool any_ = false;
    Nibbles path_;  ///< of the last key
    Bytes value_;   ///< of the last key
    std::uint64_t value_locator_ = 0;
    std::vector<Branch> branches_;  ///< outermost first; only `open_` are in use
    std::size_t open_ = 0;
    Bytes node_;  ///< the RLP of the subtree closed last
    std::vector<std::uint64_t> locators_;
    Bytes scratch_;
};

}  // namespace mezz::trie
