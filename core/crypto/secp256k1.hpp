// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// ECDSA over secp256k1: recovery of signers, deterministic signatures, keys and addresses.
///
/// Portable and self-contained. On the host a faster provider exists with equal results: see
/// provider.hpp. spec: SEC 1 §4.1, SEC 2 §2.4.1, RFC 6979, Yellow Paper appendix F.

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace mezz::crypto {

/// The group order n.
inline constexpr uint256 SECP256K1_ORDER{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe,
                                         0xffffffffffffffff};
/// Largest s of a transaction since Homestead: n / 2. spec: EIP-2.
inline constexpr uint256 SECP256K1_HALF_ORDER{0xdfe92f46681b20a0, 0x5d576e7357a4501d,
                                              0xffffffffffffffff, 0x7fffffffffffffff};

/// x | y, big-endian.
using PublicKey = std::array<std::uint8_t, 64>;

struct Signature {
    uint256 r, s;
    bool odd_y = false;  ///< parity of the nonce point's y
};

/// The key that signed `hash`. High s is accepted, as precompile 0x01 wants; transaction rules
/// check it themselves. returns: nothing when r or s is outside [1, n), r is not the x of a point,
/// or the result is the neutral element.
[[nodiscard]] std::optional<PublicKey> recover_public_key(const Bytes32& hash, const uint256& r,
                                                          const uint256& s, bool odd_y) noexcept;

/// The signer's address: the low 20 bytes of keccak256(public key). Same rejections.
[[nodiscard]] std::optional<Address> recover_address(const Bytes32& hash, const uint256& r,
                                                     const uint256& s, bool odd_y) noexcept;

/// Deterministic low-s signature. Time does not depend on the key or the nonce.
/// returns: nothing when the key is outside [1, n). spec: RFC 6979 §3.2 with HMAC-SHA-256; EIP-2.
[[nodiscard]] std::optional<Signature> sign(const Bytes32& hash,
                                            const Bytes32& private_key) noexcept;

/// Nothing when the key is outside [1, n). Time does not depend on the key.
[[nodiscard]] std::optional<PublicKey> public_key(const Bytes32& private_key) noexcept;

[[nodiscard]] Address address_of(const PublicKey& key) noexcept;
/// Nothing when the key is outside [1, n).
[[nodiscard]] std::optional<Address> address_of(const Bytes32& private_key) noexcept;

}  // namespace mezz::crypto
