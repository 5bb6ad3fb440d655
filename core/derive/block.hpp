// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// From attributes to a sealed block: the same function for the sequencer, the derivation of a
/// verifier, and the proof.

#include "core/derive/derivation.hpp"
#include "core/exec/transition.hpp"
#include "core/state/state_trie.hpp"

namespace mezz::derive {

struct Block {
    Header header;
    std::vector<Transaction> transactions;  ///< the included ones
    std::vector<Receipt> receipts;
};

/// The EVM's view of the block to be made on `parent`.
BlockContext block_context(const RollupSpec& spec, const Header& parent, const Bytes32& parent_hash,
                           const BlockAttributes& attributes);

/// The header of an executed block.
Header seal(const RollupSpec& spec, const BlockContext& context, const Block& executed,
            std::uint64_t gas_used, const Bloom& bloom, const Bytes32& state_root,
            const Bytes32& withdrawals_root);

/// Hashes of ancestors out of the EIP-2935 history contract, so that a proof needs no old headers.
/// Keeps references.
class HistoryHashes final : public BlockHashes {
public:
    HistoryHashes(View& view, std::uint64_t block_number, const Bytes32& parent_hash) noexcept
        : view_(view), block_number_(block_number), parent_hash_(parent_hash) {}
    Bytes32 hash(std::uint64_t number) override;

private:
    View& view_;
    std::uint64_t block_number_;
    Bytes32 parent_hash_;
};

/// 0 | stateRoot | withdrawalsRoot | blockHash: the preimage of the output root.
Bytes output_preimage(const Header& header);
/// keccak(0 | stateRoot | withdrawalsRoot | blockHash). spec: OP Stack specs, "L2 Output Root".
Bytes32 output_root(const Header& header);

/// Executes attributes on `view` (the state of `parent`), serially.
exec::BlockOutput execute(View& view, const RollupSpec& spec, const Header& parent,
                          const Bytes32& parent_hash, const BlockAttributes& attributes,
                          Block& out);

}  // namespace mezz::derive
