// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Which addresses a block is found by.

#include <vector>

#include "core/spec/chain_spec.hpp"
#include "core/state/diff.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {

/// Sender, recipient, or the contract a transaction creates.
std::vector<Address> parties_of(const BodyItem& item);

/// Parties of the transactions, and every account that the block changed but those which fees and
/// system calls change in every block. Sorted, each once.
std::vector<Address> appearances_in(const ChainSpec& spec, const Header& header,
                                    const std::vector<BodyItem>& body, const Diff& diff);

}  // namespace mezz::node
