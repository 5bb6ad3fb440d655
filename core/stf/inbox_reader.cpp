// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/stf/inbox_reader.hpp"

#include <algorithm>

#include "core/codec/byte_reader.hpp"
#include "core/derive/channel.hpp"

namespace mezz::stf {
namespace {

std::uint64_t word(ByteReader& in) {
    const uint256 v = to_uint256(in.fixed<32>());
    if (!v.fits_u64()) in.fail();
    return v.limb[0];
}

}  // namespace

void InboxReader::error(StfError e) noexcept {
    if (!error_) error_ = e;
}

ByteView InboxReader::bytes(const Bytes32& hash) {
    const auto found = source_.get(hash);
    if (!found) error(StfError::missing_preimage);
    return found.value_or(ByteView{});
}

derive::Entry InboxReader::entry(const Bytes32& hash) {
    ByteReader in(bytes(hash));
    derive::Entry e;
    const std::uint64_t source = word(in);
    if (source <= 2)
        e.source = static_cast<derive::Source>(source);
    else
        in.fail();
    e.data_hash = in.fixed<32>();
    e.blobs_hash = in.fixed<32>();
    e.parent_number = word(in);
    e.parent_timestamp = word(in);
    e.origin_number = word(in);
    e.origin_hash = in.fixed<32>();
    e.queue_cursor = word(in);
    e.queue_acc = in.fixed<32>();
    if (!in.ok() || !in.at_end()) error(StfError::malformed);
    return e;
}

derive::QueueItem InboxReader::item(const Bytes32& hash) {
    ByteReader in(bytes(hash));
    derive::QueueItem q;
    q.index = word(in);
    q.from = to_address(to_uint256(in.fixed<32>()));
    q.to = to_address(to_uint256(in.fixed<32>()));
    q.parent_number = word(in);
    q.parent_timestamp = word(in);
    q.opaque_data = data(in.fixed<32>());
    if (!in.ok() || !in.at_end()) error(StfError::malformed);
    return q;
}

std::vector<derive::BlobOpening> InboxReader::openings(const Bytes32& hash) {
    std::vector<derive::BlobOpening> out;
    ByteReader in(bytes(hash));
    while (!in.at_end()) {
        const Bytes32 versioned_hash = in.fixed<32>();
        out.push_back({versioned_hash, to_uint256(in.fixed<32>())});
    }
    if (!in.ok()) error(StfError::malformed);
    return out;
}

Bytes InboxReader::data(const Bytes32& data_hash) {
    Bytes out;
    ByteReader hashes(bytes(data_hash));
    while (!hashes.at_end()) append(out, bytes(hashes.fixed<32>()));
    if (!hashes.ok()) error(StfError::malformed);
    return out;
}

std::optional<Bytes> InboxReader::data(std::span<const derive::BlobOpening> blobs,
                                       const Bytes32& data_hash) {
    std::vector<Bytes> read;
    for (const auto& opening : blobs) {
        const auto blob = source_.blob(opening.versioned_hash);
        if (!blob) {
            error(StfError::missing_preimage);
            return std::nullopt;
        }
        read.push_back(to_bytes(*blob));
    }
    return derive::published_data(read, data_hash);
}

std::vector<Bytes32> InboxReader::walk(Bytes32 acc, std::uint64_t count, const Bytes32& from_acc) {
    const Bytes32 last = acc;
    std::vector<Bytes32> elements;
    while (count-- > 0) {
        ByteReader in(bytes(acc));
        acc = in.fixed<32>();
        elements.push_back(in.fixed<32>());
        if (!in.ok() || !in.at_end()) error(StfError::malformed);
        if (error_) return {};
        // Preimages are named without the first byte of their hash; those within one are whole.
        if (elements.size() == 1 && derive::accumulate(acc, elements[0]) != last)
            error(StfError::malformed);
    }
    if (acc != from_acc) error(StfError::wrong_inbox);
    std::reverse(elements.begin(), elements.end());
    return elements;
}

}  // namespace mezz::stf
