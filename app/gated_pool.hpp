// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A pool that takes transactions only while blocks can be made: what is accepted while the disk is
/// full would be lost with the process.

#include <functional>

#include "app/node_stats.hpp"
#include "node/ports/txn_pool.hpp"

namespace mezz::app {

/// Thread-safe as its parts are. Keeps the reference.
class GatedPool final : public node::TxnPool {
public:
    /// `trouble` gives why no block can be made, or "".
    GatedPool(node::TxnPool& pool, std::function<std::string()> trouble)
        : pool_(pool), trouble_(std::move(trouble)) {}

    std::expected<Bytes32, node::PoolRejection> submit(ByteView raw) override {
        auto taken = take(raw);
        if (!taken) rejections_.add(taken.error().message);
        return taken;
    }
    [[nodiscard]] const RejectionCount& rejections() const noexcept { return rejections_; }
    std::optional<node::PooledTxn> find(const Bytes32& hash) override { return pool_.find(hash); }
    std::optional<std::uint64_t> pending_nonce(const Address& sender) override {
        return pool_.pending_nonce(sender);
    }
    node::PoolStatus status() override { return pool_.status(); }
    Content content() override { return pool_.content(); }
    void on_pending(Listener listener) override { pool_.on_pending(std::move(listener)); }

private:
    std::expected<Bytes32, node::PoolRejection> take(ByteView raw) {
        if (const std::string why = trouble_(); !why.empty())
            return std::unexpected(
                node::PoolRejection{-32000, "no transactions are taken now: " + why});
        return pool_.submit(raw);
    }

    node::TxnPool& pool_;
    std::function<std::string()> trouble_;
    RejectionCount rejections_;
};

}  // namespace mezz::app
