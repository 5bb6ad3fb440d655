// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/genesis.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/codec/hex.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::app {
namespace {

using node::GenesisAccount;

/// units: wei. 10,000 ether.
const uint256 initial_balance = uint256{10'000} * uint256{1'000'000'000'000'000'000};

Bytes code(std::string_view hex_text) {
    auto bytes = from_hex(hex_text);
    ASSERT(bytes.has_value());
    return std::move(*bytes);
}

Bytes artefact(std::string_view name) {
    auto bytes = node::deployed_code(name);
    ASSERT(bytes.has_value());
    return std::move(*bytes);
}

GenesisAccount contract(const Address& address, Bytes code) {
    GenesisAccount a;
    a.address = address;
    a.nonce = 1;
    a.code = std::move(code);
    return a;
}

/// Contracts that the protocol itself calls, and those every tool expects.
void add_common(std::vector<GenesisAccount>& out) {
    // EIP-4788: beacon roots.
    out.push_back(contract(hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"),
                           code("0x3373fffffffffffffffffffffffffffffffffffffffe14604d57602036146024"
                                "575f5ffd5b5f3580156049"
                                "5762001fff810690815414603c575f5ffd5b62001fff01545f5260205ff35b5f5f"
                                "fd5b62001fff42064281555f"
                                "359062001fff015500")));
    // EIP-2935: block hashes.
    out.push_back(contract(
        hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935"),
        code("0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f356001430381116"
             "04257"
             "611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500")));
    // The deterministic deployment proxy that forge and others use for CREATE2.
    out.push_back(contract(hex<Address>("0x4e59b44847b379578588920ca78fbf26c0b4956c"),
                           code("0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
                                "e03601600081602082378035"
                                "828234f58015156039578182fd5b8082525050506014600cf3")));
    out.push_back(contract(hex<Address>("0xca11bde05977b3631167028862be2a173976ca11"),
                           artefact("Multicall3")));
}

void add_funded(std::vector<GenesisAccount>& out, const std::vector<Address>& funded) {
    for (const auto& address : funded) {
        GenesisAccount a;
        a.address = address;
        a.balance = initial_balance;
        out.push_back(std::move(a));
    }
}

}  // namespace

std::vector<GenesisAccount> parent_genesis(const std::vector<Address>& funded) {
    std::vector<GenesisAccount> out;
    add_common(out);
    add_funded(out, funded);
    return out;
}

Header parent_genesis_header(const std::vector<GenesisAccount>& accounts, std::uint64_t timestamp) {
    Header h;
    h.state_root = node::genesis_state_root(accounts);
    h.gas_limit = 60'000'000;
    h.timestamp = timestamp;
    h.base_fee_per_gas = uint256{1'000'000'000};
    h.withdrawals_root = EMPTY_TRIE_ROOT;
    h.blob_gas_used = 0;
    h.excess_blob_gas = 0;
    h.parent_beacon_block_root = Bytes32{};
    h.requests_hash = EMPTY_REQUESTS_HASH;
    return h;
}

std::vector<GenesisAccount> rollup_genesis(const std::vector<Address>& funded,
                                           const Address& fee_recipient) {
    std::vector<GenesisAccount> out;
    add_common(out);
    out.push_back(contract(hex<Address>("0x420000000000000000000000000000000000000f"),
                           artefact("GasPriceOracle")));
    out.push_back(contract(predeploy::L1_BLOCK, artefact("L1Block")));
    out.push_back(contract(predeploy::MESSAGE_PASSER, artefact("L2ToL1MessagePasser")));
    for (const auto& vault :
         {predeploy::SEQUENCER_FEE_VAULT, predeploy::BASE_FEE_VAULT, predeploy::L1_FEE_VAULT}) {
        GenesisAccount a = contract(vault, artefact("FeeVault"));
        a.storage.emplace_back(Bytes32{}, to_uint256(fee_recipient));
        out.push_back(std::move(a));
    }
    add_funded(out, funded);
    return out;
}

}  // namespace mezz::app
