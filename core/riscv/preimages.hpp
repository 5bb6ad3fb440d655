// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the program may read: preimages by key, and who has them.
///
/// spec: docs/reference/machine.md, "Preimages".

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::riscv {

/// The first byte of a key.
enum class PreimageKind : std::uint8_t { local = 1, keccak256 = 2, sha256 = 4, blob = 5 };

/// Of what has to be hashed, honest programs ask for nothing longer.
inline constexpr std::size_t MAX_PREIMAGE_BYTES = 24'576;

/// What the question binds; index 0 is its hash.
[[nodiscard]] Bytes32 local_key(std::uint64_t index) noexcept;
[[nodiscard]] Bytes32 keccak256_key(const Bytes32& hash) noexcept;
[[nodiscard]] Bytes32 sha256_key(const Bytes32& hash) noexcept;
/// The bytes of the blob: field element i at offset 32 i.
[[nodiscard]] Bytes32 blob_key(const Bytes32& versioned_hash) noexcept;

/// Whoever answers `read`. It, not the program, checks data against keys.
class PreimageEnv {
public:
    PreimageEnv() = default;
    PreimageEnv(const PreimageEnv&) = default;
    PreimageEnv& operator=(const PreimageEnv&) = default;
    virtual ~PreimageEnv() = default;
    /// The preimage of `key`; nothing if it is not known, and then the state has no next.
    /// The bytes stay as they are until the next call.
    [[nodiscard]] virtual std::optional<ByteView> get(const Bytes32& key) = 0;
};

/// Bytes [offset, offset + 32) of `preimage`, zeros past its end: what `read` puts into memory.
[[nodiscard]] Bytes32 preimage_leaf(ByteView preimage, std::uint64_t offset) noexcept;

}  // namespace mezz::riscv
