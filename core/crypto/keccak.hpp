// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Keccak-256 as Ethereum uses it: rate 136 bytes, padding byte 0x01 (not SHA-3's 0x06).
///
///     Bytes32 digest = keccak256(bytes);
///     Keccak256 hasher;  hasher.update(a);  hasher.update(b);  Bytes32 same = hasher.finish();
///
/// spec: the Keccak submission, c = 512; Yellow Paper, appendix "KEC".

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// keccak256 of the empty string: the code hash of an account without code.
inline constexpr Bytes32 EMPTY_KECCAK =
    hex<Bytes32>("0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");

/// The 1600-bit permutation, in place. Lane (x, y) is state[x + 5 * y].
/// spec: Keccak-f[1600], 24 rounds.
void keccak_f1600(std::uint64_t (&state)[25]) noexcept;

/// The digest of `data`. complexity: one permutation per started 136 bytes, no allocation.
[[nodiscard]] Bytes32 keccak256(ByteView data) noexcept;

/// The same digest over pieces. After finish() the object is as new.
class Keccak256 {
public:
    void update(ByteView data) noexcept;
    [[nodiscard]] Bytes32 finish() noexcept;

private:
    std::uint64_t state_[25]{};
    std::size_t filled_ = 0;  // bytes of the current block already mixed in, < 136
};

}  // namespace mezz::crypto
