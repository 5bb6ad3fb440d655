// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// secp256k1 through libsecp256k1: the host's fast provider, equal to core/crypto on every input.
///
/// Thread-safe: the context is the library's static one for recovery; signing makes its own.

#include <optional>

#include "core/crypto/provider.hpp"

namespace mezz::host {

/// As crypto::recover_address, same rejections.
[[nodiscard]] std::optional<Address> recover_address_native(const Bytes32& hash, const uint256& r,
                                                            const uint256& s, bool odd_y) noexcept;

/// As crypto::sign, same bytes.
[[nodiscard]] std::optional<crypto::Signature> sign_native(const Bytes32& hash,
                                                           const Bytes32& private_key) noexcept;

/// The provider of crypto/provider.hpp.
struct NativeCrypto {
    [[nodiscard]] static std::optional<Address> recover_address(const Bytes32& hash,
                                                                const uint256& r, const uint256& s,
                                                                bool odd_y) noexcept {
        return recover_address_native(hash, r, s, odd_y);
    }
    [[nodiscard]] static std::optional<crypto::Signature> sign(
        const Bytes32& hash, const Bytes32& private_key) noexcept {
        return sign_native(hash, private_key);
    }
};
static_assert(crypto::CryptoProvider<NativeCrypto>);

}  // namespace mezz::host
