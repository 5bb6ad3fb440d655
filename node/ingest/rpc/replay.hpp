// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Executes the transactions of a block again, one by one, on the state of its parent.

#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/overlay_view.hpp"

namespace mezz::rpc {

/// Owned by one thread. Keeps a reference to the context.
class Replay {
public:
    /// The state after `parent`, with the system calls of `block` done. Throws when it is not
    /// there.
    Replay(Context& context, std::uint64_t parent, const BlockContext& block);
    ~Replay();

    [[nodiscard]] const BlockContext& block() const noexcept { return block_; }
    [[nodiscard]] Revision revision() const;
    /// The state so far: it moves on with every transaction.
    [[nodiscard]] OverlayView& state() noexcept { return state_; }
    /// Throws "tracing failed: …" for a transaction that is not valid here.
    /// returns: the receipt, its cumulative gas that of this transaction alone.
    Receipt apply(const Transaction& txn, const Address& sender, evm::Observer* observer = nullptr);

private:
    void check();

    Context& context_;
    BlockContext block_;
    std::unique_ptr<node::StateReader> parent_;
    OverlayView state_;
    node::ChainHashes hashes_;
    std::unique_ptr<evm::Runner> runner_;
};

}  // namespace mezz::rpc
