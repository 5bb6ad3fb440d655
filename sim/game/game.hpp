// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The game of fraud proofs as a model: the real contracts in our EVM, the challenger that nodes
/// run, and any number of liars, from one seed.
///
/// Liars propose, defend, join, open disputes against what is right, link, stop, come late, and
/// send again or altered what others sent. The honest party is censored for up to its clock, in
/// all. spec: docs/explanation/fraud-proofs.md.

#include <string>

#include "core/base/bytes.hpp"

namespace mezz::sim {

/// Times of the model. units: seconds.
inline constexpr std::uint64_t game_clock = 960, game_tick = 8;

struct GameOptions {
    std::uint64_t seed = 1;
    bool trace = false;  ///< every event to stderr
    /// Without the honest party a lie becomes final, which must be noticed.
    bool honest = true;
};

struct GameOutcome {
    bool ok = false;
    std::string invariant;  ///< the one that was violated
    std::string detail;
    Bytes32 digest;
    std::uint64_t proposals = 0, wrong = 0, disputes = 0, roots = 0, liars = 0;
    std::uint64_t honest_moves = 0, moves = 0;  ///< transactions to the contract of disputes
    std::uint64_t censored = 0;                 ///< units: seconds
    std::uint64_t longest = 0;                  ///< from a proposal to its end. units: seconds
};

/// Invariants, each by its name in `invariant`:
///   the honest root wins: what is wrong is lost, and what is right holds unless its parent is lost
///   delay: twice the clock, the time the honest party was censored, and a grace
///   conservation of bonds: the contract owns what is staked or owed; half of what is lost is burnt
///   conservation of ether: in all, to the wei
///   no one stuck: every stake of a decided place is paid out
///   the honest party loses nothing but fees
GameOutcome play(const GameOptions& options);

}  // namespace mezz::sim
