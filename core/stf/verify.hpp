// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// verify(statement, witness) = derive . execute . root check: what every proof proves.

#include "core/stf/claim.hpp"
#include "core/stf/preimages.hpp"
#include "core/trie/trie.hpp"

namespace mezz::stf {

enum class StfError : std::uint8_t {
    missing_preimage,  ///< the witness lacks something the transition reads
    malformed,         ///< bytes with the right hash that are not what belongs there
    wrong_inbox,       ///< the entries do not lead from the pre to the post accumulator
    wrong_post,        ///< the blocks end in another output root
};

/// The claim that the entries after `statement.pre` up to `post.inbox_count` lead to; the output
/// root of `statement.post` is not looked at.
std::expected<Claim, StfError> run(const Statement& statement, PreimageSource& preimages);

/// The same, with the trie nodes of the pre state from elsewhere: who makes a witness lets a store
/// answer (its root node is at `root_locator`) and notes what was asked, so that prover and
/// verifier are one piece of code.
std::expected<Claim, StfError> run(const Statement& statement, PreimageSource& preimages,
                                   trie::NodeSource& nodes, std::uint64_t root_locator);

/// Total: any witness gives an answer.
std::expected<void, StfError> verify(const Statement& statement, PreimageSource& preimages);

}  // namespace mezz::stf
