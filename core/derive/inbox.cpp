// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/inbox.hpp"

#include <algorithm>
#include <utility>

#include "core/base/endian.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::derive {
namespace {

/// abi.encode of a sequence of one-word values.
class Words {
public:
    Words& add(std::uint64_t v) { return add(to_bytes32(uint256{v})); }
    Words& add(const Bytes32& v) {
        append(bytes_, v);
        return *this;
    }
    Words& add(const Address& v) { return add(to_bytes32(to_uint256(v))); }
    [[nodiscard]] Bytes bytes() && { return std::move(bytes_); }

private:
    Bytes bytes_;
};

constexpr uint256 bls_modulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                              0x73eda753299d7d48};

}  // namespace

Bytes chunk_hashes(ByteView data) {
    Bytes hashes;
    while (!data.empty()) {
        const ByteView chunk = data.first(std::min(data.size(), data_chunk_bytes));
        append(hashes, crypto::keccak256(chunk));
        data = data.subspan(chunk.size());
    }
    return hashes;
}

Bytes encode(const Entry& e) {
    Words words;
    words.add(static_cast<std::uint64_t>(e.source))
        .add(e.data_hash)
        .add(e.blobs_hash)
        .add(e.parent_number)
        .add(e.parent_timestamp)
        .add(e.origin_number)
        .add(e.origin_hash)
        .add(e.queue_cursor)
        .add(e.queue_acc);
    return std::move(words).bytes();
}

Bytes encode(const QueueItem& item) {
    Words words;
    words.add(item.index)
        .add(item.from)
        .add(item.to)
        .add(item.parent_number)
        .add(item.parent_timestamp)
        .add(chunk_hash(item.opaque_data));
    return std::move(words).bytes();
}

Bytes encode_link(const Bytes32& acc, const Bytes32& element) {
    Words words;
    words.add(acc).add(element);
    return std::move(words).bytes();
}

Bytes encode(std::span<const BlobOpening> openings) {
    Words words;
    for (const auto& o : openings) words.add(o.versioned_hash).add(to_bytes32(o.y));
    return std::move(words).bytes();
}

Bytes32 chunk_hash(ByteView data) {
    return crypto::keccak256(chunk_hashes(data));
}

Bytes32 entry_hash(const Entry& entry) {
    return crypto::keccak256(encode(entry));
}

Bytes32 item_hash(const QueueItem& item) {
    return crypto::keccak256(encode(item));
}

Bytes32 accumulate(const Bytes32& acc, const Bytes32& element) {
    return crypto::keccak256(encode_link(acc, element));
}

Bytes32 blobs_hash(std::span<const BlobOpening> openings) {
    return crypto::keccak256(encode(openings));
}

uint256 opening_point(const Bytes32& versioned_hash, const Bytes32& data_hash) {
    return to_uint256(accumulate(versioned_hash, data_hash)) % bls_modulus;
}

}  // namespace mezz::derive
