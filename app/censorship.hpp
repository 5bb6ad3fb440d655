// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A sequencer and batcher that leave deposits out, for development networks, and the user who gets
/// one in all the same: by the inbox, once it is overdue.

#include "app/attacker.hpp"

namespace mezz::app {

class Censorship {
public:
    /// Keeps the reference.
    /// errors: fatal unless the network is one of `mezz dev`.
    static node::Result<std::unique_ptr<Censorship>> make(Network& network);
    /// The network is told to stop it.
    ~Censorship();
    Censorship(const Censorship&) = delete;
    Censorship& operator=(const Censorship&) = delete;

    /// Ends when the deposit has run, and a claim of its block is final.
    node::Result<Attacker::Outcome> step(std::uint64_t now_ms);
    [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }

private:
    Censorship(Network& network, node::Signer signer)
        : network_(network), txs_(network.parent(), std::move(signer), clock_) {}
    node::Result<void> set(bool on);
    node::Result<void> deposit();

    Network& network_;
    host::SystemClock clock_;
    node::TxManager txs_;
    Address recipient_;
    std::optional<node::TxId> deposit_;
    bool on_ = false, forced_ = false;
    std::optional<std::uint64_t> block_;  ///< of the chain, with the deposit
    std::uint64_t moves_ = 0;
};

}  // namespace mezz::app
