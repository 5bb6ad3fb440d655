// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A Merkle Patricia trie that loads nodes when it meets them.
///
/// The same class serves a whole database, a block's witness and a list of transactions: they
/// differ in the `NodeSource`. A node the source does not have makes the trie `incomplete()`; what
/// it then answers means nothing, and the caller must look before believing a result.
/// spec: Yellow Paper, Appendix D.
///
///     Trie trie(source, root);
///     trie.put(keccak256(address), account_rlp);
///     const NodeRef root = trie.commit(&sink);

#include <optional>
#include <span>

#include "core/base/bytes.hpp"
#include "core/trie/node.hpp"
#include "core/types/header.hpp"

namespace mezz::trie {

/// Where nodes come from.
class NodeSource {
public:
    virtual ~NodeSource() = default;
    /// returns: the node, or null when it is not there or its bytes are no node.
    virtual std::unique_ptr<Node> load(const NodeRef& ref) = 0;
};

/// Where new nodes go at commit, children before parents.
class NodeSink {
public:
    virtual ~NodeSink() = default;
    /// Keeps one node. `locators` belong to its hashed children (or a leaf's value), in order.
    /// returns: the locator of this node.
    virtual std::uint64_t store(const Bytes32& hash, ByteView rlp,
                                std::span<const std::uint64_t> locators) = 0;
};

/// A source without nodes: for tries built from nothing.
class EmptySource final : public NodeSource {
public:
    std::unique_ptr<Node> load(const NodeRef&) override { return nullptr; }
};

struct Value {
    ByteView bytes;  ///< valid until the trie changes
    std::uint64_t locator = 0;
};

class Trie {
public:
    /// Keeps a reference to `source`.
    explicit Trie(NodeSource& source, const NodeRef& root = {EMPTY_TRIE_ROOT, 0});

    [[nodiscard]] std::optional<Value> get(ByteView key);
    /// requires: key.size() <= 32; an empty value erases.
    void put(ByteView key, ByteView value, std::uint64_t value_locator = 0);
    void erase(ByteView key);

    /// Hashes every changed node, hands it to `sink` (may be null) and returns the root.
    NodeRef commit(NodeSink* sink);
    /// The root hash; changed nodes are still to be committed.
    Bytes32 root_hash();
    /// Subtrees that can be hashed apart: those under the root's children.
    static constexpr unsigned parts = 16;
    /// Hashes the changes under one child of the root ahead of `commit`, which then only hashes
    /// what is left and hands the same nodes to its sink. Different parts share no node, so
    /// different threads may do them at the same time.
    void hash_part(unsigned part);

    /// The RLP of every node from the root to where the key is, or would be. spec: EIP-1186.
    std::vector<Bytes> prove(ByteView key);

    /// Whether a needed node could not be loaded.
    [[nodiscard]] bool incomplete() const noexcept { return incomplete_; }
    /// Forgets clean nodes deeper than `depth`; they load again when needed.
    /// requires: no change since the last commit.
    void forget_below(unsigned depth);
    /// Starts a round: a measure of what was used lately.
    void next_round() noexcept { ++round_; }
    /// Forgets clean nodes of one part that were not used in the last `rounds` rounds.
    /// requires: no change since the last commit.
    void forget_unused(unsigned part, std::uint32_t rounds);
    [[nodiscard]] std::size_t loaded_nodes() const noexcept { return loaded_; }

private:
    Node* resolve(Child& child);
    void put_at(Child& child, NibbleView path, ByteView value, std::uint64_t locator);
    /// returns: whether something changed.
    bool erase_at(Child& child, NibbleView path);
    void collapse_branch(Child& child);
    void merge_extension(Child& child);

    NodeSource& source_;
    Child root_;
    bool incomplete_ = false;
    std::size_t loaded_ = 0;
    std::uint32_t round_ = 0;
};

/// Root of the trie rlp(index) -> item: transactions, receipts, withdrawals. Items are not empty.
/// spec: Yellow Paper §4.3.2 (33).
Bytes32 ordered_root(std::span<const Bytes> items);

enum class ProofError : std::uint8_t {
    malformed_node,  ///< bytes that are no trie node
    wrong_hash,      ///< a node that is not the one its parent (or the root) names
    incomplete,      ///< the path goes on after the last node
    unused_nodes,    ///< nodes after the path has ended
};
/// Checks an EIP-1186 proof. returns: the value, or none when the proof shows that the key is
/// absent.
std::expected<std::optional<Bytes>, ProofError> verify_proof(const Bytes32& root, ByteView key,
                                                             std::span<const Bytes> proof);

}  // namespace mezz::trie
