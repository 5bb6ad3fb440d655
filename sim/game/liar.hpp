// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A party to the game that plays wrong histories by the rules, as far as its style goes.

#include <map>

#include "app/lying_trace.hpp"
#include "node/host/signing/tx_manager.hpp"
#include "node/settle/challenger/dispute_player.hpp"
#include "node/settle/challenger/proposals.hpp"
#include "sim/game/evm_parent.hpp"
#include "sim/game/model_chain.hpp"

namespace mezz::sim {

/// What a liar does, drawn once. units: parts in a million, of its turns.
struct LiarStyle {
    std::uint64_t acts = 0;       ///< otherwise it lets the turn pass
    std::uint64_t joins = 0;      ///< a dispute that is not about its own proposal
    std::uint64_t opens = 0;      ///< a dispute against any proposal
    std::uint64_t links = 0;      ///< any proposal to any dispute
    std::uint64_t proposes = 0;   ///< something wrong
    std::uint64_t max_moves = 0;  ///< then it is silent
    std::uint64_t waits = 0;      ///< before it joins a dispute. units: seconds

    static LiarStyle draw(Random& random);
};

/// A proposal that is on the parent, and what the model knows of it.
struct ProposedGame {
    node::Proposal proposal;
    bool right = false;  ///< all claims are the chain's, and so are those of its parents
    std::optional<std::uint64_t> ended_at;
    /// Its claims and the one before it, as a position of BlockDisputes.
    [[nodiscard]] Bytes position(std::uint64_t index) const;
    [[nodiscard]] Bytes32 pre_claim(std::uint64_t index) const;
};

class Liar {
public:
    /// Keeps the references.
    Liar(EvmParent& parent, ModelChain& chain, const node::DisputeTerms& terms, SimClock& clock,
         Random& random, node::Signer signer);

    void step(const node::DisputeBook& book, const std::vector<ProposedGame>& games);
    /// Whether it wants to propose something wrong now.
    bool wants_to_propose() { return random_.one(style_.proposes); }
    node::TxManager& txs() { return txs_; }

private:
    struct Dispute {
        std::shared_ptr<node::DisputeTrace> trace;
        std::uint64_t since = 0;  ///< units: seconds
        bool plays = false;
    };

    void play(const node::DisputeBook& book, const node::KnownDispute& dispute);
    void open(const node::DisputeBook& book, const std::vector<ProposedGame>& games);
    void link(const node::DisputeBook& book, const std::vector<ProposedGame>& games);
    void send(const node::Move& move);
    std::shared_ptr<node::DisputeTrace> history(const Bytes32& pre_claim, const Bytes32& claim);

    EvmParent& parent_;
    ModelChain& chain_;
    const node::DisputeTerms& terms_;
    Random& random_;
    node::TxManager txs_;
    SimClock& clock_;
    LiarStyle style_;
    std::uint64_t moves_ = 0;
    std::map<Bytes32, Dispute> disputes_;
    std::map<Bytes32, node::TxId> sent_;
};

}  // namespace mezz::sim
