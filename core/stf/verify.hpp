// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// verify(statement, witness) = derive . execute . root check: what every proof proves.

#include "core/stf/claim.hpp"
#include "core/stf/inbox_reader.hpp"
#include "core/trie/trie.hpp"

namespace mezz::stf {

/// The claim that answers the question. A question of no further block is answered by its own
/// pre claim.
std::expected<Claim, StfError> run(const Question& question, PreimageSource& preimages);

/// The same, with the trie nodes of the pre state from elsewhere: who makes a witness lets a store
/// answer (its root node is at `root_locator`) and notes what was asked, so that prover and
/// verifier are one piece of code.
std::expected<Claim, StfError> run(const Question& question, PreimageSource& preimages,
                                   trie::NodeSource& nodes, std::uint64_t root_locator);

/// Total: any witness gives an answer.
std::expected<void, StfError> verify(const Statement& statement, PreimageSource& preimages);

}  // namespace mezz::stf
