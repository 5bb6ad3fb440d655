// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state after one stored block, read through a transaction of its own.

#include "node/execute/serial/head_state.hpp"
#include "node/ports/chain_reader.hpp"

namespace mezz::node {

class StoredState final : public StateReader {
public:
    StoredState(std::unique_ptr<KvRead> rows, const trie::NodeRef& root)
        : rows_(std::move(rows)), nodes_(*rows_), trie_(nodes_, hasher_, root) {}

    std::optional<Account> account(const Address& address) override {
        const auto leaf = trie_.account(address);
        return leaf ? std::optional(leaf->account) : std::nullopt;
    }
    uint256 storage(const Address& address, const Bytes32& key) override {
        return trie_.storage(address, key);
    }
    ByteView code(const Bytes32& code_hash) override;
    [[nodiscard]] std::optional<Error> error() const override;
    Result<Bytes32> pretend(const Diff& changes) override;
    Result<AccountProof> prove(const Address& address, const std::vector<Bytes32>& keys) override;

private:
    std::unique_ptr<KvRead> rows_;
    StoredNodes nodes_;
    KeyHasher hasher_;
    StateTrie trie_;
    std::map<Bytes32, Bytes> pretended_codes_;
    std::optional<Error> error_;
};

}  // namespace mezz::node
