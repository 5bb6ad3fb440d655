// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev_wallet.hpp"

#include <simdjson.h>

#include <algorithm>

#include "app/rollup_file.hpp"

namespace mezz::app {
namespace {

namespace dom = simdjson::dom;

constexpr const char* file_name = "accounts.json";

std::unexpected<node::Error> differs(const char* flag, const std::string& wanted,
                                     const std::filesystem::path& state, const std::string& has) {
    return node::fatal(std::string(flag) + " " + wanted + ": " + state.string() + " holds chains " +
                       has + "; choose another --state or leave " + flag + " out");
}

}  // namespace

node::Result<DevWallet> read_wallet(const std::filesystem::path& state) {
    const auto path = state / file_name;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return DevWallet{};
    dom::parser parser;
    dom::element root;
    DevWallet out;
    std::string_view mnemonic;
    if (parser.load(path.string()).get(root) != simdjson::SUCCESS ||
        root["mnemonic"].get(mnemonic) != simdjson::SUCCESS ||
        root["count"].get(out.count) != simdjson::SUCCESS ||
        root["balance"].get(out.balance) != simdjson::SUCCESS || out.count == 0 ||
        out.count > max_dev_accounts)
        return node::fatal(path.string() +
                           " is damaged: expected mnemonic, count and balance, as `mezz dev` "
                           "writes them; `mezz reset` deletes the whole state");
    out.mnemonic = mnemonic;
    if (auto words = entropy_of(out.mnemonic); !words)
        return node::fatal(path.string() + ": " + words.error().message);
    return out;
}

node::Result<void> write_wallet(const std::filesystem::path& state, const DevWallet& wallet) {
    // Words of the list need no escapes.
    return write_file(state / file_name, "{\"mnemonic\": \"" + wallet.mnemonic +
                                             "\", \"count\": " + std::to_string(wallet.count) +
                                             ", \"balance\": " + std::to_string(wallet.balance) +
                                             "}\n");
}

node::Result<DevWallet> wallet_for(const std::filesystem::path& state, const DevWallet& wanted,
                                   const GivenWallet& given) {
    DevWallet out = wanted;
    out.mnemonic = plain_mnemonic(wanted.mnemonic);
    std::error_code error;
    if (!std::filesystem::exists(state / file_name, error) &&
        !std::filesystem::exists(state / "rollup.json", error))
        return out;
    auto has = read_wallet(state);
    if (!has) return has;
    if (given.mnemonic && out.mnemonic != has->mnemonic)
        return differs("--mnemonic", "\"" + out.mnemonic + "\"", state,
                       "with another one's accounts");
    if (given.count && out.count != has->count)
        return differs("--accounts", std::to_string(out.count), state,
                       "with " + std::to_string(has->count) + " accounts");
    if (given.balance && out.balance != has->balance)
        return differs(
            "--balance", std::to_string(out.balance), state,
            "that began with " + std::to_string(has->balance) + " ether in each account");
    return has;
}

node::Result<std::vector<DevAccount>> accounts_of(const DevWallet& wallet) {
    return accounts_of(wallet.mnemonic, wallet.count);
}

Balances balances_of(const std::vector<DevAccount>& accounts, std::uint64_t ether) {
    const uint256 wei = uint256{ether} * uint256{1'000'000'000'000'000'000};
    Balances out;
    for (const auto& account : accounts) out.emplace_back(account.address, wei);
    return out;
}

void set_balances(std::vector<node::GenesisAccount>& genesis, const Balances& balances) {
    for (const auto& [address, balance] : balances) {
        const auto is_it = [&](const auto& account) { return account.address == address; };
        auto it = std::ranges::find_if(genesis, is_it);
        if (it == genesis.end()) {
            it = genesis.emplace(genesis.end());
            it->address = address;
        }
        it->balance = balance;
    }
}

}  // namespace mezz::app
