// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the actors of a rollup know of each other: blocks to publish, deposits to include, claims
/// to make. The app wires them; every implementation is thread-safe.

#include <optional>
#include <vector>

#include "core/derive/derivation.hpp"
#include "node/ports/chain_reader.hpp"
#include "node/ports/parent.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

/// A block as a batch holds it. `content.origin` is always set here.
struct PublishableBlock {
    BlockRef ref;
    derive::BatchBlock content;
    std::uint64_t queue_count = 0;  ///< queue items consumed up to this block
};

/// How far the chain is derived from the parent's latest block.
struct DerivedPosition {
    std::uint64_t inbox_count = 0;
    Bytes32 inbox_acc;
    BlockRef head;  ///< last block those entries derive to
};

/// How the inbox led to a block: what its claim commits to (core/stf/claim.hpp).
struct BlockPlace {
    derive::Position start;   ///< before the block's entry, or behind it if the block is its last
    std::uint64_t taken = 0;  ///< blocks of the entry behind `start`, up to this one
};

/// The batcher's and the proposer's view of the chain.
class RollupChain {
public:
    virtual ~RollupChain() = default;
    [[nodiscard]] virtual BlockRef unsafe_head() = 0;
    [[nodiscard]] virtual DerivedPosition derived() = 0;
    /// The position whose parent block is finalised: claims are made of it.
    [[nodiscard]] virtual DerivedPosition finalized() = 0;
    /// returns: none when there is no such block.
    virtual Result<std::optional<PublishableBlock>> publishable(std::uint64_t number) = 0;
    /// Fails with retry when the block is unknown.
    virtual Result<Header> header(std::uint64_t number) = 0;
};

/// A deposit on the parent, with the place that names it.
struct QueuedDeposit {
    derive::QueueItem item;
    derive::DepositLabel label;
    std::uint64_t parent_number = 0;
};

/// An inbox entry with everything derivation asks for.
struct InboxEntry {
    std::uint64_t index = 0;
    derive::Entry entry;
    Bytes32 acc;  ///< after the entry
    std::vector<derive::BlobOpening> openings;
    std::optional<Bytes> data;  ///< none: the blobs hold something else
    std::vector<Bytes> blobs;   ///< kept only then: they are what a proof reads
    BlockRef parent_block;
    Bytes32 transaction_hash;
};

/// The addresses a chain has on its parent.
struct ParentContracts {
    Address system_config, inbox, dispute_game_factory, anchor_state_registry, game_implementation,
        portal;
    std::uint64_t deployed_at = 0;  ///< parent block number
    /// Of fraud proofs; zero where claims are attested.
    Address preimage_oracle{}, block_disputes{}, proposal_implementation{};
    [[nodiscard]] bool has_fraud_proofs() const noexcept { return !block_disputes.is_zero(); }
};

}  // namespace mezz::node
