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

/// Writes the nodes of one commit. `next_locator` moves on. Keeps references.
class NodeWriter final : public trie::NodeSink {
public:
    NodeWriter(KvWrite& rows, std::uint64_t& next_locator) noexcept
        : rows_(rows), next_locator_(next_locator) {}
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t> locators) override;
    [[nodiscard]] const std::optional<Error>& error() const noexcept { return error_; }

private:
    KvWrite& rows_;
    std::uint64_t& next_locator_;
    std::optional<Error> error_;
    Bytes record_;
};

}  // namespace mezz::node
