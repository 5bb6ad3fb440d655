// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A block under way on the head state.

#include "core/exec/block_executor.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/execute/serial/head_state.hpp"

namespace mezz::node {

/// Ancestors of the block being made, from the store.
class StoredHashes final : public BlockHashes {
public:
    StoredHashes(Chain& chain, std::uint64_t block, const Bytes32& parent)
        : chain_(chain), block_(block), parent_(parent) {}
    Bytes32 hash(std::uint64_t number) override {
        if (number + 1 == block_) return parent_;
        return chain_.hash_of(number);
    }

private:
    Chain& chain_;
    std::uint64_t block_;
    Bytes32 parent_;
};

class Builder final : public BlockBuilder {
public:
    /// `state` is shared: the chain may leave it for another while this block still reads it.
    Builder(Chain& chain, std::shared_ptr<HeadState> state, const BlockPlan& plan);

    std::expected<void, exec::TxError> apply(const Transaction& txn, const Address& sender,
                                             const Bytes32& hash) override;
    [[nodiscard]] std::uint64_t gas_used() const override { return executor_.gas_used(); }
    [[nodiscard]] std::size_t count() const override { return body_.size(); }
    [[nodiscard]] const BlockContext& context() const override { return context_; }
    [[nodiscard]] const std::vector<BodyItem>& body() const override { return body_; }

    /// The header without its roots.
    [[nodiscard]] Header header() const;
    /// Transactions and receipts as they are stored, and the roots of both.
    struct Encoded {
        Bytes32 transactions_root, receipts_root;
        Bytes body, receipts;
    };
    [[nodiscard]] Encoded encoded() const;
    /// Ends execution.
    Diff finish();

private:
    BlockContext context_;
    StoredHashes hashes_;
    std::shared_ptr<HeadState> state_;
    HeadView view_;
    exec::BlockExecutor executor_;
    std::unique_ptr<evm::Runner> runner_;
    std::vector<StateEdit> edits_;
    std::vector<BodyItem> body_;
    std::vector<Receipt> receipts_;
    Bloom bloom_;
};

}  // namespace mezz::node
