// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/inbox.hpp"

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
    [[nodiscard]] Bytes32 hash() const { return crypto::keccak256(bytes_); }

private:
    Bytes bytes_;
};

constexpr uint256 bls_modulus{0xffffffff00000001, 0x53bda402fffe5bfe, 0x3339d80809a1d805,
                              0x73eda753299d7d48};

}  // namespace

Bytes32 chunk_hash(ByteView data) {
    Bytes hashes;
    while (!data.empty()) {
        const ByteView chunk = data.first(std::min(data.size(), data_chunk_bytes));
        append(hashes, crypto::keccak256(chunk));
        data = data.subspan(chunk.size());
    }
    return crypto::keccak256(hashes);
}

Bytes32 entry_hash(const Entry& e) {
    return Words()
        .add(static_cast<std::uint64_t>(e.source))
        .add(e.data_hash)
        .add(e.blobs_hash)
        .add(e.parent_number)
        .add(e.parent_timestamp)
        .add(e.origin_number)
        .add(e.origin_hash)
        .add(e.queue_cursor)
        .add(e.queue_acc)
        .hash();
}

Bytes32 item_hash(const QueueItem& item) {
    return Words()
        .add(item.index)
        .add(item.from)
        .add(item.to)
        .add(item.parent_number)
        .add(item.parent_timestamp)
        .add(chunk_hash(item.opaque_data))
        .hash();
}

Bytes32 accumulate(const Bytes32& acc, const Bytes32& element) {
    return Words().add(acc).add(element).hash();
}

Bytes32 blobs_hash(std::span<const BlobOpening> openings) {
    Words words;
    for (const auto& o : openings) words.add(o.versioned_hash).add(to_bytes32(o.y));
    return words.hash();
}

uint256 opening_point(const Bytes32& versioned_hash, const Bytes32& data_hash) {
    return to_uint256(Words().add(versioned_hash).add(data_hash).hash()) % bls_modulus;
}

}  // namespace mezz::derive
