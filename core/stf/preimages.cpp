// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/preimages.hpp"

#include "core/base/endian.hpp"
#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::stf {

std::optional<Witness> Witness::decode(ByteView bytes, BlobAuthority& authority) {
    Witness out;
    ByteReader in(bytes);
    while (!in.at_end()) {
        const std::uint8_t kind = in.u8();
        const ByteView size = in.take(4);
        if (!in.ok()) return std::nullopt;
        const ByteView item = in.take(load_le32(size.data()));
        if (!in.ok()) return std::nullopt;
        if (kind == static_cast<std::uint8_t>(PreimageKind::keccak256)) {
            out.items_.emplace(riscv::keccak256_key(crypto::keccak256(item)), item);
            continue;
        }
        if (kind != static_cast<std::uint8_t>(PreimageKind::blob) || item.size() < 32)
            return std::nullopt;
        const auto versioned_hash = Bytes32::from(item);
        const ByteView blob = item.subspan(32);
        if (!authority.holds(versioned_hash, blob)) return std::nullopt;
        out.items_.emplace(riscv::blob_key(versioned_hash), blob);
    }
    return out;
}

std::optional<ByteView> Witness::find(const PreimageKey& key) const {
    const auto it = items_.find(key);
    if (it == items_.end()) return std::nullopt;
    return it->second;
}

std::optional<ByteView> Witness::get(const Bytes32& hash) {
    return find(riscv::keccak256_key(hash));
}

std::optional<ByteView> Witness::blob(const Bytes32& versioned_hash) {
    return find(riscv::blob_key(versioned_hash));
}

Bytes32 WitnessBuilder::add(ByteView bytes) {
    const Bytes32 hash = crypto::keccak256(bytes);
    add(hash, bytes);
    return hash;
}

void WitnessBuilder::add_blob(const Bytes32& versioned_hash, ByteView blob) {
    Bytes item = to_bytes(versioned_hash);
    append(item, blob);
    items_.try_emplace(riscv::blob_key(versioned_hash), std::move(item));
}

Bytes WitnessBuilder::encode() const {
    Bytes out;
    for (const auto& [key, bytes] : items_) {
        out.push_back(key[0]);
        std::uint8_t size[4];
        store_le32(size, static_cast<std::uint32_t>(bytes.size()));
        append(out, size);
        append(out, bytes);
    }
    return out;
}

}  // namespace mezz::stf
