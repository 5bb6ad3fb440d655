// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Accounts of a mnemonic, as every wallet derives them.
///
/// spec: BIP-39 (English words, no passphrase), BIP-32, BIP-44: path m/44'/60'/0'/0/i.

#include <string>
#include <string_view>

#include "app/dev_accounts.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

/// "test test … junk", whose ten first accounts every development tool knows.
inline constexpr std::string_view well_known_mnemonic =
    "test test test test test test test test test test test junk";

/// A private key from which others are derived.
struct ExtendedKey {
    Bytes32 key, chain_code;
};

/// Words are apart by white space. errors: fatal, naming the word, when there are not 12, 15, 18,
/// 21 or 24, one is not of the list, or the checksum is wrong.
node::Result<Bytes> entropy_of(std::string_view mnemonic);
/// Its words with one space between.
std::string plain_mnemonic(std::string_view mnemonic);
/// 64 bytes. Does not check the words. complexity: 2048 HMACs.
Bytes seed_of(std::string_view mnemonic, std::string_view passphrase = {});
ExtendedKey master_key(ByteView seed);
/// `index`: from 2^31 on hardened. returns: none for one index in 2^127.
std::optional<ExtendedKey> child_key(const ExtendedKey& parent, std::uint32_t index);

/// The first `count`. errors: as of entropy_of.
node::Result<std::vector<DevAccount>> accounts_of(std::string_view mnemonic, std::size_t count);

}  // namespace mezz::app
