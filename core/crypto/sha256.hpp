// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// SHA-256. spec: FIPS 180-4.

#include <cstddef>
#include <cstdint>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// The digest of `data`. complexity: one compression per started 64 bytes.
[[nodiscard]] Bytes32 sha256(ByteView data) noexcept;

/// The same digest over pieces. After finish() the object is as new.
class Sha256 {
public:
    Sha256& update(ByteView data) noexcept;
    [[nodiscard]] Bytes32 finish() noexcept;

private:
    std::uint32_t state_[8]{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::uint8_t block_[64]{};
    std::uint64_t size_bytes_ = 0;
};

/// HMAC over SHA-256. requires: key.size() <= 64. spec: RFC 2104.
[[nodiscard]] Bytes32 hmac_sha256(ByteView key, ByteView message) noexcept;

}  // namespace mezz::crypto
