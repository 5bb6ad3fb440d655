// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// One side of one dispute: given a trace, what it has to send now. Whoever holds the true trace
/// and sends this wins; whoever holds another plays the same way and loses. spec:
/// docs/explanation/fraud-proofs.md, "The game".

#include <string>

#include "node/ports/claims.hpp"
#include "node/settle/challenger/dispute_book.hpp"
#include "node/settle/challenger/places.hpp"

namespace mezz::node {

struct DisputeTerms {
    Address disputes, oracle;
    uint256 opening_stake, level_one_stake, level_two_stake;  ///< units: wei
    std::uint64_t clock_seconds = 0;
};

/// A transaction to send.
struct Move {
    std::string what;
    Address to;
    Bytes input;
    uint256 value;  ///< units: wei
};

class DisputePlayer {
public:
    /// Keeps the references.
    DisputePlayer(Parent& parent, const DisputeTerms& terms, const DisputeBook& book,
                  const KnownDispute& dispute, DisputeTrace& trace)
        : parent_(parent), terms_(terms), book_(book), dispute_(dispute), trace_(trace) {}

    /// Joins the dispute, and answers every rival of an edge that is a node of the trace. Of a
    /// decided one only those of level 2, where stakes of the trace may still be undecided.
    Result<std::vector<Move>> answers();
    struct Confirmations {
        std::vector<Move> moves;
        /// So long the answer stays the same while nothing happens in the dispute: timers grow no
        /// faster than time. units: seconds of the parent.
        std::uint64_t idle_seconds = 0;
    };
    /// Once a root of the trace has gone long enough without a rival on every way down: what brings
    /// its timer up to date and confirms it. Those of level 2 too, whose stakes are settled apart.
    Result<Confirmations> confirmations();

private:
    using History = riscv::PaddedTree;
    struct Spot {
        Bytes32 root;  ///< place of the level's roots
        unsigned depth = 0;
        std::uint64_t index = 0;
        std::optional<std::uint64_t> below;  ///< leaf of level 1 that the history is below
    };
    struct Clocks {
        std::uint64_t stored = 0, now = 0;  ///< timers, units: seconds
    };

    Result<std::vector<Move>> answers_below();
    /// Looks at each root of the trace on level 2 that has a place and no decision.
    template <class Look>
    Result<void> for_each_undecided_below(Look&& look);
    Result<void> visit(const History& history, const Spot& spot, std::vector<Move>& out);
    Result<void> go_below(const History& history, const Spot& spot, const Bytes32& place,
                          std::vector<Move>& out);
    Result<void> prove(const History& history, const Spot& spot, const Bytes32& place,
                       std::vector<Move>& out);
    /// Loads the word that the step reads, unless the oracle has it. returns: whether it has.
    Result<bool> load_preimage(ByteView witness, std::vector<Move>& out);
    [[nodiscard]] Move open(const History& history, const Spot& spot, const Bytes32& place) const;

    /// Rivalled leaves of level 1 that are nodes of the trace.
    void find_leaves(const History& history, const Spot& spot, std::vector<Spot>& out) const;
    /// What the timer of an edge could be now; adds the calls that make it so, children first.
    Result<Clocks> update(const History& history, const Spot& spot, std::vector<Move>& out);
    Result<std::uint64_t> call_number(const Bytes& input, std::size_t word = 0);
    void confirm(const Bytes32& place, const Bytes32& node, const Clocks& clocks,
                 std::vector<Move> updates, Confirmations& out) const;

    Parent& parent_;
    const DisputeTerms& terms_;
    const DisputeBook& book_;
    const KnownDispute& dispute_;
    DisputeTrace& trace_;
};

/// The Ending of BlockDisputes: root of a history, its last state, and that state's path.
Bytes encode_ending(DisputeTrace& trace);

}  // namespace mezz::node
