// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Recursive Length Prefix: the encoding of everything Ethereum hashes.
///
/// Write:
///     Bytes out;
///     rlp::List list(out);            // closes when it goes out of scope
///     rlp::append(out, nonce);
/// Read: a `Reader` walks one payload. Its first failure sticks: later reads give zero values, so a
/// decoder reads every field and asks `finish()` once. Decoding is strict and total: any bytes give
/// a value or a reason, and only the canonical form is accepted.
/// spec: Yellow Paper, Appendix B.

#include <expected>
#include <optional>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace mezz::rlp {

enum class Error : std::uint8_t {
    none,
    input_too_short,     ///< a header promises more bytes than there are
    non_canonical_size,  ///< a length written longer than needed, or a single byte with a header
    leading_zero,        ///< an integer with a leading zero byte
    integer_overflow,    ///< an integer wider than its type
    wrong_length,        ///< a fixed-size value of another size
    expected_list,       ///< a string where a list belongs
    expected_string,     ///< a list where a string belongs
    trailing_bytes,      ///< bytes after the last field
    wrong_value,         ///< well-formed, but not a value this field can have
};

/// Appends a byte string.
void append(Bytes& out, ByteView value);
/// Appends an integer in its shortest big-endian form; zero is the empty string.
void append(Bytes& out, std::uint64_t value);
void append(Bytes& out, const uint256& value);
inline void append(Bytes& out, const Bytes& value) {
    append(out, ByteView(value));
}
template <std::size_t N>
void append(Bytes& out, const FixedBytes<N>& value) {
    append(out, ByteView(value));
}
/// Appends an already encoded item unchanged.
inline void append_raw(Bytes& out, ByteView encoded) {
    mezz::append(out, encoded);
}
/// Appends the header of a list whose payload has this many bytes.
void append_list_header(Bytes& out, std::size_t payload_bytes);

/// Everything appended to `out` during its life becomes one list.
class List {
public:
    explicit List(Bytes& out) noexcept : out_(out), start_(out.size()) {}
    ~List();
    List(const List&) = delete;
    List& operator=(const List&) = delete;

private:
    Bytes& out_;
    std::size_t start_;
};

/// Walks the items of one payload. Keeps views into the input: it must outlive the reader.
class Reader {
public:
    /// Reads a sequence of items (the payload of a list, or a whole input).
    explicit Reader(ByteView payload) noexcept : rest_(payload) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty() || error_ != Error::none; }
    [[nodiscard]] Error error() const noexcept { return error_; }
    void fail(Error error) noexcept {
        if (error_ == Error::none) error_ = error;
        rest_ = {};
    }

    ByteView string() noexcept;
    /// A reader over the payload of a nested list. Its own errors are its own: check it with
    /// take().
    Reader list() noexcept;
    std::uint64_t u64() noexcept;
    uint256 u256() noexcept;
    template <std::size_t N>
    FixedBytes<N> fixed() noexcept {
        const ByteView s = string();
        if (error_ != Error::none) return {};
        if (s.size() != N) {
            fail(Error::wrong_length);
            return {};
        }
        return FixedBytes<N>::from(s);
    }
    /// The empty string is none, otherwise N bytes.
    template <std::size_t N>
    std::optional<FixedBytes<N>> optional_fixed() noexcept {
        const ByteView s = string();
        if (error_ != Error::none || s.empty()) return std::nullopt;
        if (s.size() != N) {
            fail(Error::wrong_length);
            return std::nullopt;
        }
        return FixedBytes<N>::from(s);
    }
    /// The next item whole, header included.
    ByteView raw_item() noexcept;
    /// Whether the next item is a list.
    [[nodiscard]] bool next_is_list() const noexcept { return !rest_.empty() && rest_[0] >= 0xc0; }
    /// Takes over the error of a nested reader, which must have been read to its end.
    void take(const Reader& nested) noexcept;
    /// Error::none when every byte was read without failure.
    [[nodiscard]] Error finish() const noexcept;

private:
    struct Header {
        bool is_list;
        std::size_t header_bytes;
        std::size_t payload_bytes;
    };
    std::optional<Header> header() noexcept;

    ByteView rest_;
    Error error_ = Error::none;
};

}  // namespace mezz::rlp
