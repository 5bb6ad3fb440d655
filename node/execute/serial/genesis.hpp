// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state a chain is born with, and how it is written: bottom-up, in order of the hashed keys,
/// so that millions of accounts take seconds and little memory.

#include "node/execute/store/node_store.hpp"

namespace mezz::node {

/// Balances in wei.
struct GenesisAccount {
    Address address;
    std::uint64_t nonce = 0;
    uint256 balance;
    Bytes code;
    std::vector<std::pair<Bytes32, uint256>> storage;
};

/// Root of a genesis state, without keeping it.
Bytes32 genesis_state_root(const std::vector<GenesisAccount>& accounts);
/// Root of the message passer's storage in it.
Bytes32 genesis_withdrawals_root(const std::vector<GenesisAccount>& accounts);

/// Hands the nodes of a genesis state to `sink`, in the order of a `StateTrie` that commits it. Of
/// accounts with the same address the last counts. returns: its root.
trie::NodeRef build_genesis(const std::vector<GenesisAccount>& accounts, trie::NodeSink* sink);

/// Writes the nodes of a state that may be larger than memory, in several transactions. What an
/// interrupted attempt has left is passed over by the next one.
class GenesisWriter final : public trie::NodeSink {
public:
    /// Keeps a reference to `store`.
    explicit GenesisWriter(KvStore& store) noexcept : store_(store), batch_(1) {}
    std::uint64_t store(const Bytes32& hash, ByteView rlp,
                        std::span<const std::uint64_t> locators) override;
    /// To be called before the first node.
    Result<void> begin();
    /// Writes what is left, in the caller's transaction.
    Result<void> finish(KvWrite& rows);

private:
    KvStore& store_;
    NodeBatch batch_;
    std::optional<Error> error_;
};

}  // namespace mezz::node
