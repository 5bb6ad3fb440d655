// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A chain read over the JSON-RPC of one of its nodes, as far as taking a withdrawal to the parent
/// needs it: headers, receipts, places of transactions, storage proofs. What it is told is not
/// checked here: the portal checks a proof, and a false claim about a block fails there.

#include "app/network.hpp"
#include "node/ports/chain_reader.hpp"

namespace mezz::app {

/// Owned by one thread. What it has not is an error that says so.
class RemoteChain final : public node::ChainReader {
public:
    /// Keeps the reference.
    explicit RemoteChain(Network& network) : network_(network) {}

    [[nodiscard]] const ChainSpec& spec() const override { return spec_; }
    /// Number 0: heads are not read here.
    [[nodiscard]] node::BlockRef head(node::Head) const override { return {}; }
    node::Result<std::optional<Header>> header(std::uint64_t number) override;
    node::Result<std::optional<std::uint64_t>> number_of(const Bytes32& block_hash) override;
    node::Result<std::optional<node::StoredBlock>> block(std::uint64_t number) override;
    node::Result<std::optional<node::BlockReceipts>> receipts(std::uint64_t number) override;
    node::Result<std::optional<node::TxnPlace>> find_transaction(const Bytes32& hash) override;
    node::Result<std::unique_ptr<node::StateReader>> state(std::uint64_t number) override;
    node::Result<BlockContext> context_of(std::uint64_t number) override;
    /// Zero when the node does not answer.
    Bytes32 hash_of(std::uint64_t number) override;
    /// Never called: nothing is followed.
    void on_new_head(Listener) override {}

private:
    Network& network_;
    ChainSpec spec_;
};

}  // namespace mezz::app
