// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev_accounts.hpp"

#include "core/crypto/keccak.hpp"
#include "node/host/crypto/secp256k1_native.hpp"

namespace mezz::app {
namespace {

constexpr Bytes32 keys[] = {
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"),
    hex<Bytes32>("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d"),
    hex<Bytes32>("0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a"),
    hex<Bytes32>("0x7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6"),
    hex<Bytes32>("0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a"),
    hex<Bytes32>("0x8b3a350cf5c34c9194ca85829a2df0ec3153be0318b5e2d3348e872092edffba"),
    hex<Bytes32>("0x92db14e403b83dfe3df233f83dfa3a0d7096f21ca9b0d6d6b8d88b2b4ec1564e"),
    hex<Bytes32>("0x4bbbf85ce3377467afe5d46f804f221813b2bb87f24d81f60f1fcdbf7cbf4356"),
    hex<Bytes32>("0xdbda1821b80551c9d65939329250298aa3472ba22feea921c0cf5d620ea67b97"),
    hex<Bytes32>("0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6"),
};

DevAccount account_of(const Bytes32& key) {
    return {crypto::address_of(key).value_or(Address{}), key};
}

}  // namespace

const std::vector<DevAccount>& dev_accounts() {
    static const std::vector<DevAccount> accounts = [] {
        std::vector<DevAccount> out;
        for (const auto& key : keys) out.push_back(account_of(key));
        return out;
    }();
    return accounts;
}

std::function<std::optional<crypto::Signature>(const Address&, const Bytes32&)> signing_for(
    std::vector<DevAccount> accounts) {
    return [all = std::move(accounts)](const Address& a,
                                       const Bytes32& h) -> std::optional<crypto::Signature> {
        for (const auto& account : all)
            if (account.address == a) return host::sign_native(h, account.private_key);
        return std::nullopt;
    };
}

DevAccount dev_operator(std::string_view role) {
    const std::string text = "mezzanine development " + std::string(role);
    return account_of(crypto::keccak256(
        ByteView(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())));
}

}  // namespace mezz::app
