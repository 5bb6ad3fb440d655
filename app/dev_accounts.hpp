// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The ten accounts every development tool knows, and the operators' own keys.
///
/// Mnemonic "test test test test test test test test test test test junk", path m/44'/60'/0'/0/i.
/// Everybody has these keys: they are for development chains only.

#include <functional>
#include <optional>
#include <vector>

#include "core/crypto/secp256k1.hpp"
#include "node/host/signing/signer.hpp"

namespace mezz::app {

/// How many of them `mezz dev` may have.
inline constexpr std::uint64_t max_dev_accounts = 1'000;

struct DevAccount {
    Address address;
    Bytes32 private_key;
};

/// Index 0 to 9.
const std::vector<DevAccount>& dev_accounts();

/// The key of an operator ("deployer", "batcher", …) on a development chain: keccak256 of a fixed
/// text. Its own account, so that nonces never collide with a user's.
DevAccount dev_operator(std::string_view role);

/// Signs a hash for whoever of them it is asked for.
std::function<std::optional<crypto::Signature>(const Address&, const Bytes32&)> signing_for(
    std::vector<DevAccount> accounts);

}  // namespace mezz::app
