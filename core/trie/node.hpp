// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The nodes of a Merkle Patricia trie: shape, RLP, and where a store keeps them.
///
/// A node is known by its hash; a `locator` is where a store keeps it (the witness needs none, so
/// 0). Locators travel beside the RLP and are never hashed, so an append-only store can follow
/// children without looking hashes up. spec: Yellow Paper, Appendix D.

#include <array>
#include <memory>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"

namespace mezz::trie {

/// Half-bytes of a key, most significant first. Keys have at most 32 bytes.
struct Nibbles {
    std::uint8_t size = 0;
    std::array<std::uint8_t, 64> at{};

    void push(std::uint8_t nibble) noexcept { at[size++] = nibble; }
    void append(const Nibbles& tail) noexcept {
        for (std::uint8_t i = 0; i < tail.size; ++i) push(tail.at[i]);
    }
    [[nodiscard]] Nibbles from(unsigned start) const noexcept {
        Nibbles out;
        out.size = static_cast<std::uint8_t>(size - start);
        std::memcpy(out.at.data(), at.data() + start, out.size);
        return out;
    }
    [[nodiscard]] Nibbles first(unsigned count) const noexcept {
        Nibbles out;
        out.size = static_cast<std::uint8_t>(count);
        std::memcpy(out.at.data(), at.data(), count);
        return out;
    }
    friend bool operator==(const Nibbles& a, const Nibbles& b) noexcept {
        return a.size == b.size && std::memcmp(a.at.data(), b.at.data(), a.size) == 0;
    }
};
/// A part of a path that somebody else keeps.
struct NibbleView {
    const std::uint8_t* at = nullptr;
    unsigned size = 0;

    NibbleView(const std::uint8_t* first, unsigned count) noexcept : at(first), size(count) {}
    NibbleView(const Nibbles& path) noexcept : at(path.at.data()), size(path.size) {}
    [[nodiscard]] NibbleView from(unsigned start) const noexcept {
        return {at + start, size - start};
    }
    [[nodiscard]] NibbleView first(unsigned count) const noexcept { return {at, count}; }
    [[nodiscard]] Nibbles to_nibbles() const noexcept {
        Nibbles out;
        out.size = static_cast<std::uint8_t>(size);
        std::memcpy(out.at.data(), at, size);
        return out;
    }
};

/// requires: key.size() <= 32.
Nibbles to_nibbles(ByteView key) noexcept;

/// A node's identity and place.
struct NodeRef {
    /// The locator of a node that has been hashed but not stored.
    static constexpr std::uint64_t unstored = ~std::uint64_t{0};

    Bytes32 hash;
    std::uint64_t locator = 0;
};

struct Node;

/// An edge to a child: nothing, a node not loaded yet, or a node in memory.
struct Child {
    std::unique_ptr<Node> node;  ///< in memory when set
    std::optional<NodeRef> ref;  ///< known identity; absent when empty, dirty or embedded
    [[nodiscard]] bool empty() const noexcept { return !node && !ref; }
};

struct Node {
    enum class Kind : std::uint8_t { leaf, extension, branch };
    Kind kind = Kind::leaf;
    std::uint32_t used = 0;           ///< the round of the trie in which it was last visited
    Nibbles path;                     ///< leaf and extension
    Bytes value;                      ///< leaf; branch when a key ends there
    std::uint64_t value_locator = 0;  ///< leaf: where what the value points to is kept
    Child next;                       ///< extension
    std::unique_ptr<std::array<Child, 16>> children;  ///< branch

    static std::unique_ptr<Node> leaf(const Nibbles& path, ByteView value, std::uint64_t locator);
    static std::unique_ptr<Node> branch();
};

/// Decodes the RLP of a node with the locators of its hashed children (and of a leaf's value) in
/// order of appearance; missing locators are 0. returns: null when the bytes are no node.
std::unique_ptr<Node> decode_node(ByteView rlp, std::span<const std::uint64_t> locators);

/// Compact ("hex-prefix") form of a path. spec: Yellow Paper, Appendix C.
void append_compact(Bytes& out, const Nibbles& path, bool is_leaf);

}  // namespace mezz::trie
