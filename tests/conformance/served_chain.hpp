// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// An imported chain as the RPC sees a chain, and the pool beside it.
///
/// Its forks by block number and by total difficulty become forks by the time of their first block,
/// which is the same for the blocks that are there.

#include "node/ingest/pool/pool.hpp"
#include "node/ports/chain_reader.hpp"
#include "tests/conformance/chain.hpp"

namespace mezz::conformance {

class ServedChain final : public node::ChainReader {
public:
    /// Keeps a reference to `chain`, which must not change any more. All heads are its head.
    explicit ServedChain(const Chain& chain);

    [[nodiscard]] const ChainSpec& spec() const override { return spec_; }
    [[nodiscard]] node::BlockRef head(node::Head) const override;
    node::Result<std::optional<Header>> header(std::uint64_t number) override;
    node::Result<std::optional<std::uint64_t>> number_of(const Bytes32& block_hash) override;
    node::Result<std::optional<node::StoredBlock>> block(std::uint64_t number) override;
    node::Result<std::optional<node::BlockReceipts>> receipts(std::uint64_t number) override;
    node::Result<std::optional<node::TxnPlace>> find_transaction(const Bytes32& hash) override;
    node::Result<std::unique_ptr<node::StateReader>> state(std::uint64_t number) override;
    node::Result<BlockContext> context_of(std::uint64_t number) override;
    Bytes32 hash_of(std::uint64_t number) override;
    void on_new_head(Listener) override {}
    [[nodiscard]] std::vector<node::NumberedFork> numbered_forks() const override;

private:
    const Chain::Imported* at(std::uint64_t number) const;

    const Chain& chain_;
    ChainSpec spec_;
    std::vector<Bytes32> hashes_;  ///< of the canonical blocks, by number
    std::map<Bytes32, node::TxnPlace> places_;
};

/// The block to be made on block `number`, a second later.
node::Result<BlockContext> next_context(ServedChain& chain, std::uint64_t number);
/// A pool for transactions on the head of `chain`, which must outlive it.
std::unique_ptr<node::Pool> make_pool(ServedChain& chain);

}  // namespace mezz::conformance
