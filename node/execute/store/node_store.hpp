// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Trie nodes on disk: an append-only log keyed by a growing number, the locator.
///
/// Old roots stay readable, so every block's state can be proven; new nodes go to the end, so a
/// commit writes little more than the nodes themselves. Record: u16 LE size of the RLP, the RLP,
/// u64 LE locators.

#include "core/trie/trie.hpp"
#include "node/ports/kv.hpp"

namespace mezz::node {

/// Reads nodes within one read transaction. The first failure sticks. Keeps a reference.
class StoredNodes final : public trie::NodeSource {
public:
    explicit StoredNodes(KvRead& rows) noexcept : rows_(rows) {}
    std::unique_ptr<trie::Node> load(const trie::NodeRef& ref) override;
    /// The RLP alone, as it was hashed. returns: none after a failure.
    std::optional<ByteView> rlp(const trie::NodeRef& ref);
    /// The locators a node names, 8 bytes each. returns: none after a failure.
    std::optional<ByteView> children(const trie::NodeRef& ref);
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    struct Record {
        ByteView rlp;
        ByteView locators;
    };
    std::optional<Record> record(const trie::NodeRef& ref);

    KvRead& rows_;
    std::optional<Error> error_;
};

/// Numbers the nodes of a commit and keeps their records until they are written.
class NodeBatch final : public trie::NodeSink {
public:
    explicit NodeBatch(std::uint64_t first_locator) noexcept : first_(first_locator) {}
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t> locators) override;
    /// Appends the records to the table of nodes.
    Result<void> write(KvWrite& rows) const;
    /// Forgets the records; numbers go on.
    void clear();
    [[nodiscard]] std::uint64_t first_locator() const noexcept { return first_; }
    [[nodiscard]] std::uint64_t next_locator() const noexcept { return first_ + ends_.size(); }
    [[nodiscard]] std::size_t count() const noexcept { return ends_.size(); }
    [[nodiscard]] std::size_t size_bytes() const noexcept { return records_.size(); }

private:
    std::uint64_t first_;
    Bytes records_;
    std::vector<std::size_t> ends_;  ///< of each record
};

}  // namespace mezz::node
