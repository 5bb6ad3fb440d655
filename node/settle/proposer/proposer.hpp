// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Claims outputs of the chain on its parent, and sees its claims through: resolve, take the bond
/// back, move the anchor. Attested outputs (game type 300), or proposals that fraud proofs judge
/// (301), each with the claims of its blocks in a blob.
///
/// Stateless across restarts: what it proposed is read from the factory. Owned by one thread.

#include <map>

#include "node/host/signing/tx_manager.hpp"
#include "node/ports/claims.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

struct ProposerOptions {
    ParentContracts contracts;
    std::uint64_t interval_ms = 60'000;
    /// Claim what is derived from the parent's latest block, not only what is final there.
    bool propose_unfinalized = false;
    std::uint64_t retry_after_ms = 2'000;
    /// Games looked at after a start, newest first.
    std::uint64_t scan_games = 1'000;
    /// Set: proposals that fraud proofs judge. Must outlive the proposer.
    ClaimSource* claims = nullptr;
};

struct ProposerStatus {
    std::uint64_t games_created = 0;
    std::uint64_t games_resolved = 0;
    std::uint64_t bonds_claimed = 0;
    std::uint64_t last_proposed_block = 0;
    std::uint64_t anchor_block = 0;
    std::size_t open_games = 0;
    std::string last_error;
};

class Proposer {
public:
    /// Keeps the references.
    Proposer(RollupChain& chain, Parent& parent, TxManager& txs, ProposerOptions options);

    /// Does what can be done now; steps the transaction manager too.
    void step(std::uint64_t now_ms);
    [[nodiscard]] ProposerStatus status() const;

private:
    enum class Stage : std::uint8_t { open, resolved, paid };
    struct Game {
        std::uint64_t index = 0;  ///< in the factory's list
        Address address;
        std::uint64_t block = 0;
        std::uint64_t created_at = 0;
        Stage stage = Stage::open;
        std::uint64_t resolved_at = 0;
        bool won = false;
        std::optional<TxId> txn;
    };

    Result<void> start();
    Result<void> add_game(std::uint64_t index);
    Result<void> propose(std::uint64_t now_ms);
    Result<std::optional<TxCandidate>> attested(const DerivedPosition& position);
    Result<std::optional<TxCandidate>> proposal(const DerivedPosition& position);
    Result<bool> may_resolve(const Game& game);
    [[nodiscard]] std::uint64_t game_type() const noexcept;
    Result<void> finish_creation();
    Result<void> tend(Game& game, std::uint64_t parent_time);
    /// none: still under way.
    Result<std::optional<ParentReceipt>> finished(std::optional<TxId>& txn, std::string_view what);
    Result<uint256> read(const Address& to, const Bytes& input, std::size_t word = 0);

    RollupChain& chain_;
    Parent& parent_;
    TxManager& txs_;
    ProposerOptions options_;
    bool started_ = false;
    std::uint64_t clock_seconds_ = 0;
    std::uint64_t finality_seconds_ = 0;
    uint256 bond_;
    std::vector<Game> games_;
    std::map<std::uint64_t, std::uint64_t> standing_;  ///< not lost: block -> place in the list
    std::optional<TxId> creation_;
    std::uint64_t next_proposal_ms_ = 0;
    std::uint64_t wait_until_ms_ = 0;
    ProposerStatus status_;
};

}  // namespace mezz::node
