// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/preimages.hpp"

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::stf {

std::optional<Witness> Witness::decode(ByteView bytes) {
    Witness out;
    ByteReader in(bytes);
    while (!in.at_end()) {
        const ByteView size = in.take(4);
        if (!in.ok()) return std::nullopt;
        const ByteView item = in.take(load_le32(size.data()));
        if (!in.ok()) return std::nullopt;
        out.items_.emplace(crypto::keccak256(item), item);
    }
    return out;
}

std::optional<ByteView> Witness::get(const Bytes32& hash) {
    const auto it = items_.find(hash);
    if (it == items_.end()) return std::nullopt;
    return it->second;
}

Bytes32 WitnessBuilder::add(ByteView bytes) {
    const Bytes32 hash = crypto::keccak256(bytes);
    add(hash, bytes);
    return hash;
}

Bytes WitnessBuilder::encode() const {
    Bytes out;
    for (const auto& [hash, bytes] : items_) {
        std::uint8_t size[4];
        store_le32(size, static_cast<std::uint32_t>(bytes.size()));
        append(out, size);
        append(out, bytes);
    }
    return out;
}

}  // namespace mezz::stf
