// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A liar, for development networks: proposes something wrong and defends it as an honest party
/// would defend the truth. Every account and key it uses is known to everybody.

#include <filesystem>
#include <map>

#include "app/lying_trace.hpp"
#include "app/network.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/host/signing/tx_manager.hpp"
#include "node/settle/challenger/log_tail.hpp"
#include "node/settle/challenger/proposals.hpp"

namespace mezz::app {

enum class WrongPart : std::uint8_t { state_root, withdrawals_root, middle_block };

struct Attack {
    WrongPart wrong = WrongPart::state_root;
    /// Histories that are staked for it; none: it is not defended.
    std::vector<Lie> lies{};
    unsigned moves = 99;        ///< of each liar, joining included; then it is silent
    bool late = false;          ///< joins when the clock has nearly run out
    bool opens = false;         ///< opens the dispute itself, with another lie
    std::size_t proposals = 1;  ///< wrong ones, each with its own claim
    /// Lies at a step that reads a preimage: as if it had read what came before once more.
    bool stale_preimage = false;
    /// Its claims are in a blob, which the honest side is not given for half of the clock.
    bool withheld_blob = false;
    /// Undoes the last blocks of the parent, with its own moves and its rival's, in mid-game.
    bool reorganises = false;
};

class Attacker {
public:
    struct Outcome {
        std::string stage;  ///< what is going on, for people
        bool honest_won = false, liar_won = false;
    };

    /// errors: fatal when the directory is not that of a development network with fraud proofs.
    static node::Result<std::unique_ptr<Attacker>> make(const std::filesystem::path& state,
                                                        const std::filesystem::path& guest,
                                                        Attack attack);
    /// Blobs that are withheld for it are given again.
    ~Attacker();
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;
    node::Result<Outcome> step(std::uint64_t now_ms);
    [[nodiscard]] std::uint64_t moves() const noexcept { return moves_; }

private:
    struct Liar {
        std::shared_ptr<node::DisputeTrace> trace;
        unsigned moves = 0;
    };

    Attacker(std::unique_ptr<Network> network, Attack attack);
    node::Result<void> connect(const std::filesystem::path& guest);
    node::Result<bool> choose_block(std::uint64_t head);
    node::Result<void> propose();
    node::Result<node::TxCandidate> proposal(const std::vector<stf::Claim>& claims);
    node::Result<void> defend(std::uint64_t parent_time);
    node::Result<void> open_dispute();
    node::Result<void> disturb(const node::ParentBlock& head);
    node::Result<void> withhold(bool on);
    node::Result<Outcome> judge();
    void send(const node::Move& move);
    [[nodiscard]] stf::Claim wrong(const stf::Claim& claim, std::size_t variant) const;

    std::unique_ptr<Network> network_;
    Attack attack_;
    host::SystemClock clock_;
    std::unique_ptr<node::TxManager> txs_;
    std::shared_ptr<const node::prove::Program> program_;
    std::unique_ptr<node::LogTail> log_;
    node::DisputeTerms terms_;
    node::DisputeBook book_;
    std::vector<Address> games_;  ///< the wrong proposals
    std::vector<node::TxId> creations_;
    std::uint64_t first_block_ = 0, last_block_ = 0, wrong_block_ = 0;
    std::uint64_t inbox_count_ = 0;
    std::uint64_t salt_ = 0;                      ///< makes the lies of this run its own
    Bytes32 lie_;                                 ///< claim of wrong_block_ in the first proposal
    std::map<Bytes32, std::vector<Liar>> liars_;  ///< by dispute
    std::map<Bytes32, std::uint64_t> seen_at_;    ///< dispute -> parent time, seconds
    std::map<Bytes32, node::TxId> sent_;
    bool opened_ = false;
    bool reorganised_ = false;
    std::uint64_t proposed_by_ = 0;  ///< parent block that has the proposals, or a later one
    std::optional<std::uint64_t> withheld_until_{};  ///< units: seconds of the parent
    std::uint64_t moves_ = 0;
};

}  // namespace mezz::app
