// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Keeps the chain's proposals honest: disputes every wrong one, joins every dispute about a block
/// of the chain with the true history, plays it to its end, and collects what it won.
///
/// Memory: of a proposal that is right or over nothing is kept but where it stands; traces are
/// bounded in number, and what was logged about disputes costs whoever disputes a stake each.
/// A move that waits too long bids more than others may (TxCandidate::urgent_at_ms).
///
/// Stateless across restarts: proposals and disputes are read from the parent, histories are made
/// anew. Owned by one thread, which a new dispute keeps busy for as long as its trace takes.

#include <map>
#include <set>

#include "node/host/signing/tx_manager.hpp"
#include "node/settle/challenger/dispute_player.hpp"
#include "node/settle/challenger/log_tail.hpp"
#include "node/settle/challenger/proposals.hpp"

namespace mezz::node {

struct ChallengerOptions {
    Address factory;
    DisputeTerms terms;
    std::uint64_t deployed_at = 0;  ///< parent block: nothing is older
    std::uint64_t retry_after_ms = 2'000;
    /// Traces kept; a dispute beyond them waits for its turn.
    std::size_t max_traces = 8;
    /// Gas of a whole dispute, for the warning about funds: contracts/gas.
    std::uint64_t dispute_gas = 3'500'000;
};

/// Something a person should know while it lasts.
struct ChallengerAlert {
    std::string name;  ///< wrong-proposal, unreadable-proposal, time-short, too-late, low-funds
    std::uint64_t proposal = 0;  ///< its place in the factory's list; 0 where it is about none
    std::string text;            ///< what, where, and what to do
};

struct ChallengerStatus {
    std::uint64_t proposals_checked = 0;
    std::uint64_t proposals_wrong = 0;
    std::uint64_t disputes_opened = 0;
    std::uint64_t disputes_decided = 0;
    std::uint64_t moves = 0;  ///< transactions sent
    std::size_t disputes_open = 0;
    std::vector<ChallengerAlert> alerts;
    std::string last_error;
};

class Challenger {
public:
    /// Keeps the references.
    Challenger(ClaimSource& claims, TraceSource& traces, Parent& parent, TxManager& txs,
               ChallengerOptions options);

    /// Does what can be done now; steps the transaction manager too.
    void step(std::uint64_t now_ms);
    [[nodiscard]] const ChallengerStatus& status() const noexcept { return status_; }

private:
    struct Known {
        Proposal proposal;
        bool checked = false;
        bool over = false;
        /// First claim that is not the chain's.
        std::optional<std::uint64_t> wrong_at;
    };

    struct Unread {
        Address game;
        std::uint64_t since = 0;  ///< units: seconds of the parent
        std::uint64_t tries = 0, retry_at_ms = 0;
        std::string error;
    };

    Result<std::optional<std::string>> look();
    Result<void> find_proposals(const ParentBlock& head);
    Result<bool> is_over(const Address& game);
    Result<void> check_funds();
    void warn(std::string name, std::uint64_t proposal, std::string text);
    Result<void> check(Known& known);
    Result<void> dispute(Known& known, std::uint64_t parent_time);
    Result<void> open(const Known& known);
    Result<void> link(const Known& known, const KnownDispute& with);
    Result<void> play(const KnownDispute& dispute, std::uint64_t parent_time);
    Result<void> finish(const KnownDispute& dispute, std::uint64_t parent_time);
    /// Sends what confirms roots, when there may be something.
    Result<void> confirm(const KnownDispute& dispute, DisputePlayer& player,
                         std::uint64_t parent_time);
    Result<bool> collect(const Bytes32& place);
    Result<void> claim_credit();
    /// The block whose claim the dispute starts from, if it is the chain's.
    Result<std::optional<std::uint64_t>> block_before(const KnownDispute& dispute);
    Result<DisputeTrace*> trace_of(const Bytes32& id, std::uint64_t block, std::uint64_t count);
    [[nodiscard]] const Known* known(const Address& game) const;
    [[nodiscard]] Bytes position(const Proposal& proposal, std::uint64_t index) const;
    TxId send(Move move);
    void settle_sent();

    ClaimSource& claims_;
    TraceSource& traces_;
    Parent& parent_;
    TxManager& txs_;
    ChallengerOptions options_;
    LogTail games_log_, disputes_log_;
    DisputeBook book_;
    std::map<std::uint64_t, Known> proposals_;  ///< by place in the list
    std::map<std::uint64_t, Unread> unread_;    ///< the same
    std::vector<ChallengerAlert> alerts_;       ///< of this look
    std::uint64_t now_ms_ = 0;
    std::map<Bytes32, std::shared_ptr<DisputeTrace>> traces_kept_;  ///< by dispute
    std::map<Bytes32, TxId> sent_;                                  ///< by hash of what was sent
    std::map<Bytes32, TxId> opening_;  ///< by claim that a dispute starts from
    /// By dispute: parent time before which no root can be confirmed unless something happens.
    std::map<Bytes32, std::uint64_t> confirm_at_;
    std::optional<ParentLog> last_log_;  ///< of the disputes
    std::set<Bytes32> decided_;
    std::set<Bytes32> closed_;  ///< decided, and everything is paid
    std::uint64_t wait_until_ms_ = 0;
    ChallengerStatus status_;
};

}  // namespace mezz::node
