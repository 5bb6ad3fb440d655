// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/signing/abi.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz::node::abi {
namespace {

constexpr std::size_t word_bytes = 32;

void append_word(Bytes& out, const uint256& v) {
    append(out, to_bytes32(v));
}

/// Length, bytes, padding.
Bytes encode_bytes(ByteView v) {
    Bytes out;
    append_word(out, v.size());
    append(out, v);
    out.resize((out.size() + word_bytes - 1) / word_bytes * word_bytes);
    return out;
}

ByteView view_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

Selector selector(std::string_view signature) {
    return Selector::from(crypto::keccak256(view_of(signature)));
}

Bytes32 topic(std::string_view signature) {
    return crypto::keccak256(view_of(signature));
}

Words& Words::word(const uint256& v) {
    parts_.push_back({v, std::nullopt});
    return *this;
}

Words& Words::bytes(ByteView v) {
    parts_.push_back({{}, encode_bytes(v)});
    return *this;
}

Words& Words::bytes_array(std::span<const Bytes> v) {
    Words items;
    for (const auto& item : v) items.bytes(item);
    Bytes tail;
    append_word(tail, v.size());
    append(tail, items.finish());
    parts_.push_back({{}, std::move(tail)});
    return *this;
}

Words& Words::word_array(std::span<const Bytes32> v) {
    Bytes tail;
    append_word(tail, v.size());
    for (const auto& item : v) append(tail, item);
    return encoded(std::move(tail));
}

Words& Words::nested(const Words& fields) {
    return encoded(fields.finish());
}

Words& Words::encoded(Bytes tail) {
    parts_.push_back({{}, std::move(tail)});
    return *this;
}

Bytes Words::finish() const {
    Bytes out;
    std::size_t offset = parts_.size() * word_bytes;
    for (const auto& part : parts_) {
        append_word(out, part.tail ? uint256{offset} : part.head);
        if (part.tail) offset += part.tail->size();
    }
    for (const auto& part : parts_)
        if (part.tail) append(out, *part.tail);
    return out;
}

Bytes Call::finish() const {
    Bytes out = to_bytes(selector_);
    append(out, Words::finish());
    return out;
}

std::optional<uint256> word_at(ByteView answer, std::size_t index) {
    if (answer.size() / word_bytes <= index) return std::nullopt;
    return load_be256(answer.data() + index * word_bytes);
}

std::optional<Bytes> bytes_at(ByteView answer, std::size_t index) {
    const auto offset = word_at(answer, index);
    if (!offset || *offset > answer.size()) return std::nullopt;
    const ByteView tail = answer.subspan(offset->limb[0]);
    const auto size = word_at(tail, 0);
    if (!size || *size > tail.size() - word_bytes) return std::nullopt;
    return to_bytes(tail.subspan(word_bytes, size->limb[0]));
}

}  // namespace mezz::node::abi
