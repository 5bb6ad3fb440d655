// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The chain that bench-state measures: a rollup whose block 0 has many accounts, two ERC-20 tokens
/// that they hold, and in block 1 a Uniswap V2 factory, router and pair of the two.

#include <filesystem>

#include "node/execute/serial/chain.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::bench {

/// Accounts whose second token and allowance for the router make them traders.
inline constexpr std::uint64_t max_traders = 1'000'000;

/// Bytecode out of contracts.json.
struct Contracts {
    Bytes token;  ///< deployed
    Bytes factory, router, weth;
};
/// Ends the program with a message when the file is not as it should be.
Contracts read_contracts(const std::filesystem::path& file);

struct World {
    std::uint64_t accounts = 0;
    derive::RollupSpec spec;
    Address token_a, token_b;
    Address factory, weth, router;

    [[nodiscard]] std::uint64_t traders() const { return std::min(accounts, max_traders); }
};

/// The n-th account: its address is random to a trie.
Address account_address(std::uint64_t n);
World make_world(std::uint64_t accounts);
/// Block 0. Large: 10 M accounts take about 3 GiB while it is built.
std::vector<node::GenesisAccount> make_genesis(const World& world, const Contracts& contracts);
/// What block 1 does, by account 0: deploys the exchange and gives the pair its liquidity.
std::vector<Transaction> make_exchange(const World& world, const Contracts& contracts);

}  // namespace mezz::bench
