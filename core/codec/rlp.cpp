// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/codec/rlp.hpp"

namespace mezz::rlp {
namespace {

unsigned byte_width(std::uint64_t v) noexcept {
    return v == 0 ? 0 : static_cast<unsigned>(64 - __builtin_clzll(v) + 7) / 8;
}

/// Writes a string (0x80) or list (0xc0) header; returns its size in bytes.
unsigned write_header(std::uint8_t (&buffer)[9], std::uint8_t base,
                      std::size_t payload_bytes) noexcept {
    if (payload_bytes < 56) {
        buffer[0] = static_cast<std::uint8_t>(base + payload_bytes);
        return 1;
    }
    const unsigned width = byte_width(payload_bytes);
    buffer[0] = static_cast<std::uint8_t>(base + 55 + width);
    for (unsigned i = 0; i < width; ++i)
        buffer[1 + i] = static_cast<std::uint8_t>(payload_bytes >> (8 * (width - 1 - i)));
    return 1 + width;
}

}  // namespace

void append(Bytes& out, ByteView value) {
    if (value.size() == 1 && value[0] < 0x80) {
        out.push_back(value[0]);
        return;
    }
    std::uint8_t header[9];
    const unsigned n = write_header(header, 0x80, value.size());
    out.insert(out.end(), header, header + n);
    mezz::append(out, value);
}

void append(Bytes& out, std::uint64_t value) {
    std::uint8_t buffer[8];
    store_be64(buffer, value);
    append(out, ByteView(buffer).subspan(8 - byte_width(value)));
}

void append(Bytes& out, const uint256& value) {
    const Bytes32 b = to_bytes32(value);
    append(out, ByteView(b).subspan(32 - significant_bytes(value)));
}

void append_list_header(Bytes& out, std::size_t payload_bytes) {
    std::uint8_t header[9];
    const unsigned n = write_header(header, 0xc0, payload_bytes);
    out.insert(out.end(), header, header + n);
}

List::~List() {
    std::uint8_t header[9];
    const unsigned n = write_header(header, 0xc0, out_.size() - start_);
    out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(start_), header, header + n);
}

std::optional<Reader::Header> Reader::header() noexcept {
    if (error_ != Error::none) return std::nullopt;
    if (rest_.empty()) {
        fail(Error::input_too_short);
        return std::nullopt;
    }
    const std::uint8_t first = rest_[0];
    if (first < 0x80) return Header{false, 0, 1};
    const bool is_list = first >= 0xc0;
    const std::uint8_t base = is_list ? 0xc0 : 0x80;
    Header h{is_list, 1, static_cast<std::size_t>(first - base)};
    if (h.payload_bytes > 55) {
        const std::size_t width = h.payload_bytes - 55;
        if (rest_.size() < 1 + width) {
            fail(Error::input_too_short);
            return std::nullopt;
        }
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < width; ++i) length = length << 8 | rest_[1 + i];
        if (rest_[1] == 0 || length < 56) {
            fail(Error::non_canonical_size);
            return std::nullopt;
        }
        h.header_bytes = 1 + width;
        h.payload_bytes = length;
    }
    if (h.payload_bytes > rest_.size() - h.header_bytes) {
        fail(Error::input_too_short);
        return std::nullopt;
    }
    if (!is_list && h.payload_bytes == 1 && rest_[h.header_bytes] < 0x80) {
        fail(Error::non_canonical_size);
        return std::nullopt;
    }
    return h;
}

ByteView Reader::string() noexcept {
    const auto h = header();
    if (!h) return {};
    if (h->is_list) {
        fail(Error::expected_string);
        return {};
    }
    const ByteView out = rest_.subspan(h->header_bytes, h->payload_bytes);
    rest_ = rest_.subspan(h->header_bytes + h->payload_bytes);
    return out;
}

Reader Reader::list() noexcept {
    const auto h = header();
    if (!h) return Reader({});
    if (!h->is_list) {
        fail(Error::expected_list);
        return Reader({});
    }
    const Reader nested(rest_.subspan(h->header_bytes, h->payload_bytes));
    rest_ = rest_.subspan(h->header_bytes + h->payload_bytes);
    return nested;
}

ByteView Reader::raw_item() noexcept {
    const auto h = header();
    if (!h) return {};
    const ByteView out = rest_.first(h->header_bytes + h->payload_bytes);
    rest_ = rest_.subspan(out.size());
    return out;
}

std::uint64_t Reader::u64() noexcept {
    const ByteView s = string();
    if (error_ != Error::none) return 0;
    if (!s.empty() && s[0] == 0) {
        fail(Error::leading_zero);
        return 0;
    }
    if (s.size() > 8) {
        fail(Error::integer_overflow);
        return 0;
    }
    std::uint64_t v = 0;
    for (auto b : s) v = v << 8 | b;
    return v;
}

uint256 Reader::u256() noexcept {
    const ByteView s = string();
    if (error_ != Error::none) return {};
    if (!s.empty() && s[0] == 0) {
        fail(Error::leading_zero);
        return {};
    }
    if (s.size() > 32) {
        fail(Error::integer_overflow);
        return {};
    }
    return from_be(s);
}

void Reader::take(const Reader& nested) noexcept {
    if (const Error e = nested.finish(); e != Error::none) fail(e);
}

Error Reader::finish() const noexcept {
    if (error_ != Error::none) return error_;
    return rest_.empty() ? Error::none : Error::trailing_bytes;
}

}  // namespace mezz::rlp
