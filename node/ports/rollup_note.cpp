// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/byte_reader.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {

Bytes encode(const RollupNote& n) {
    Bytes out;
    append_varint(out, n.origin.number);
    append_varint(out, n.origin.timestamp);
    append(out, n.origin.hash);
    append_short(out, n.origin.base_fee);
    append_short(out, n.origin.blob_base_fee);
    append_varint(out, n.sequence_number);
    append_varint(out, n.queue_count);
    append_varint(out, n.labels.size());
    for (const auto& label : n.labels) {
        append(out, label.parent_hash);
        append_varint(out, label.log_index);
    }
    return out;
}

std::optional<RollupNote> decode_rollup_note(ByteView bytes) {
    ByteReader in(bytes);
    RollupNote n;
    n.origin.number = in.varint();
    n.origin.timestamp = in.varint();
    n.origin.hash = in.fixed<32>();
    n.origin.base_fee = in.short_u256();
    n.origin.blob_base_fee = in.short_u256();
    n.sequence_number = in.varint();
    n.queue_count = in.varint();
    const std::uint64_t count = in.varint();
    if (count > in.remaining()) return std::nullopt;
    for (std::uint64_t i = 0; i < count; ++i) {
        derive::DepositLabel label;
        label.parent_hash = in.fixed<32>();
        label.log_index = in.varint();
        n.labels.push_back(label);
    }
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return n;
}

}  // namespace mezz::node
