// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/store/records.hpp"

#include "core/codec/byte_reader.hpp"

namespace mezz::node {

Bytes number_key(std::uint64_t number) {
    Bytes out;
    append_be64(out, number);
    return out;
}

namespace {

void append_sized(Bytes& out, ByteView bytes) {
    append_varint(out, bytes.size());
    append(out, bytes);
}

}  // namespace

Bytes encode(const HeaderRecord& r) {
    Bytes out = to_bytes(r.hash);
    append_be64(out, r.state_root.locator);
    append_varint(out, r.size_bytes);
    append_sized(out, encode(r.header));
    append_sized(out, r.extra);
    return out;
}

std::optional<HeaderRecord> decode_header_record(ByteView bytes) {
    ByteReader in(bytes);
    HeaderRecord r;
    r.hash = in.fixed<32>();
    const ByteView locator = in.take(8);
    r.size_bytes = in.varint();
    const ByteView header = in.take(in.varint());
    const ByteView extra = in.take(in.varint());
    if (!in.ok() || !in.at_end()) return std::nullopt;
    auto decoded = decode_header(header);
    if (!decoded) return std::nullopt;
    r.header = std::move(*decoded);
    r.extra = to_bytes(extra);
    r.state_root = {r.header.state_root, load_be64(locator.data())};
    return r;
}

Bytes encode_body(const std::vector<BodyItem>& items) {
    std::vector<Bytes> encoded;
    encoded.reserve(items.size());
    for (const auto& item : items) encoded.push_back(encode(item.txn));
    return encode_body(items, encoded);
}

Bytes encode_body(const std::vector<BodyItem>& items, std::span<const Bytes> encoded) {
    Bytes out;
    append_varint(out, items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(out, items[i].hash);
        append(out, items[i].sender);
        append_sized(out, encoded[i]);
    }
    return out;
}

std::optional<std::vector<BodyItem>> decode_body(ByteView bytes) {
    ByteReader in(bytes);
    const std::uint64_t count = in.varint();
    if (count > in.remaining()) return std::nullopt;
    std::vector<BodyItem> out;
    out.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        BodyItem item;
        item.hash = in.fixed<32>();
        item.sender = in.fixed<20>();
        auto txn = decode_transaction(in.take(in.varint()));
        if (!in.ok() || !txn) return std::nullopt;
        item.txn = std::move(*txn);
        out.push_back(std::move(item));
    }
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return out;
}

Bytes encode_receipts(const std::vector<Receipt>& receipts) {
    std::vector<Bytes> encoded;
    encoded.reserve(receipts.size());
    for (const auto& r : receipts) encoded.push_back(encode(r));
    return encode_receipts(encoded);
}

Bytes encode_receipts(std::span<const Bytes> encoded) {
    Bytes out;
    append_varint(out, encoded.size());
    for (const auto& r : encoded) append_sized(out, r);
    return out;
}

std::optional<std::vector<Receipt>> decode_receipts(ByteView bytes) {
    ByteReader in(bytes);
    const std::uint64_t count = in.varint();
    if (count > in.remaining()) return std::nullopt;
    std::vector<Receipt> out;
    out.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        auto receipt = decode_receipt(in.take(in.varint()));
        if (!in.ok() || !receipt) return std::nullopt;
        out.push_back(std::move(*receipt));
    }
    if (!in.ok() || !in.at_end()) return std::nullopt;
    return out;
}

}  // namespace mezz::node
