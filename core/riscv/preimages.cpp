// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/riscv/preimages.hpp"

#include <algorithm>

#include "core/base/endian.hpp"

namespace mezz::riscv {
namespace {

Bytes32 hash_key(PreimageKind kind, const Bytes32& hash) noexcept {
    Bytes32 key = hash;
    key[0] = static_cast<std::uint8_t>(kind);
    return key;
}

}  // namespace

Bytes32 local_key(std::uint64_t index) noexcept {
    Bytes32 key;
    store_be64(key.data() + 24, index);
    return hash_key(PreimageKind::local, key);
}

Bytes32 keccak256_key(const Bytes32& hash) noexcept {
    return hash_key(PreimageKind::keccak256, hash);
}

Bytes32 sha256_key(const Bytes32& hash) noexcept {
    return hash_key(PreimageKind::sha256, hash);
}

Bytes32 blob_key(const Bytes32& versioned_hash) noexcept {
    return hash_key(PreimageKind::blob, versioned_hash);
}

Bytes32 preimage_leaf(ByteView preimage, std::uint64_t offset) noexcept {
    Bytes32 out;
    if (offset < preimage.size()) {
        const ByteView rest = preimage.subspan(offset);
        std::memcpy(out.data(), rest.data(), std::min<std::size_t>(rest.size(), 32));
    }
    return out;
}

}  // namespace mezz::riscv
