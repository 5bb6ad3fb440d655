// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Whose accounts `mezz dev` shows and signs for: those of a mnemonic. They belong to the state
/// directory, which remembers them in accounts.json.

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "app/dev_accounts.hpp"
#include "app/mnemonic.hpp"
#include "node/execute/serial/genesis.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

struct DevWallet {
    std::string mnemonic{well_known_mnemonic};
    std::uint64_t count = 10;
    std::uint64_t balance = 10'000;  ///< units: ether, of each, on both floors
    friend bool operator==(const DevWallet&, const DevWallet&) = default;
};

/// Which parts of a wallet somebody asked for.
struct GivenWallet {
    bool mnemonic = false, count = false, balance = false;
};

/// The wallet of a state directory; the default one where nothing says another. errors: fatal,
/// naming the file, when it is damaged.
node::Result<DevWallet> read_wallet(const std::filesystem::path& state);
node::Result<void> write_wallet(const std::filesystem::path& state, const DevWallet& wallet);

/// The wallet with which `mezz dev` opens a state directory that may hold chains already. requires:
/// a mnemonic of known words with its checksum. errors:
/// fatal when a part that was asked for differs from theirs.
node::Result<DevWallet> wallet_for(const std::filesystem::path& state, const DevWallet& wanted,
                                   const GivenWallet& given);

/// Its accounts. errors: as of accounts_of.
node::Result<std::vector<DevAccount>> accounts_of(const DevWallet& wallet);

/// Who has how much in block 0. units: wei.
using Balances = std::vector<std::pair<Address, uint256>>;
[[nodiscard]] Balances balances_of(const std::vector<DevAccount>& accounts, std::uint64_t ether);
/// Gives them to accounts that a genesis has or lacks.
void set_balances(std::vector<node::GenesisAccount>& genesis, const Balances& balances);

}  // namespace mezz::app
