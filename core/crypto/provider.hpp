// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The seam between the rules and faster cryptography outside them.
///
/// The rules call core's portable functions or take results as input: executors receive recovered
/// senders, so the party that drives them chooses who recovers. There is no registry and no global
/// pointer. A provider is any type with the functions below; `PortableCrypto` is the one that core
/// brings, node/host/crypto has one over libsecp256k1. A provider must agree with PortableCrypto on
/// every input, accepted or rejected, and a differential test must show it.

#include <concepts>
#include <optional>

#include "core/crypto/secp256k1.hpp"

namespace mezz::crypto {

template <class P>
concept CryptoProvider =
    requires(const Bytes32& hash, const uint256& r, const uint256& s, bool odd_y) {
        { P::recover_address(hash, r, s, odd_y) } -> std::same_as<std::optional<Address>>;
        { P::sign(hash, hash) } -> std::same_as<std::optional<Signature>>;
    };

struct PortableCrypto {
    [[nodiscard]] static std::optional<Address> recover_address(const Bytes32& hash,
                                                                const uint256& r, const uint256& s,
                                                                bool odd_y) noexcept {
        return crypto::recover_address(hash, r, s, odd_y);
    }
    [[nodiscard]] static std::optional<Signature> sign(const Bytes32& hash,
                                                       const Bytes32& private_key) noexcept {
        return crypto::sign(hash, private_key);
    }
};
static_assert(CryptoProvider<PortableCrypto>);

}  // namespace mezz::crypto
