// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Block 0 of development chains: who owns what, and which contracts stand from the start.

#include "node/execute/serial/chain.hpp"

namespace mezz::app {

/// State of the embedded parent: funded accounts, system contracts, Multicall3, CREATE2 factory.
std::vector<node::GenesisAccount> parent_genesis(const std::vector<Address>& funded);
Header parent_genesis_header(const std::vector<node::GenesisAccount>& accounts,
                             std::uint64_t timestamp);

/// State of a rollup: predeploys, system contracts and funded accounts. Fee vaults pay out to
/// `fee_recipient` on the parent.
std::vector<node::GenesisAccount> rollup_genesis(const std::vector<Address>& funded,
                                                 const Address& fee_recipient);

}  // namespace mezz::app
