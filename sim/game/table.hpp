// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parent with the contracts on it and the chain they are about: equal for every seed.

#include "node/host/signing/signer.hpp"
#include "node/ports/rollup.hpp"
#include "node/settle/challenger/dispute_player.hpp"
#include "sim/game/evm_parent.hpp"
#include "sim/game/model_chain.hpp"

namespace mezz::sim {

struct Table {
    SimClock clock{1'700'000'000'000};
    std::unique_ptr<EvmParent> parent;
    std::unique_ptr<ModelChain> chain;
    node::ParentContracts contracts;
    node::DisputeTerms terms;
    uint256 bond;  ///< of a proposal. units: wei
};

/// Whose key is number `index`; all of the first `players` have money.
inline constexpr std::uint64_t players = 16;
node::Signer player(std::uint64_t index);

/// Made once.
Table& table();

}  // namespace mezz::sim
