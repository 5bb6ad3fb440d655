// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Byte strings and fixed-size byte arrays: the vocabulary every other module speaks.
///
/// `ByteView` never owns. `Bytes` owns. `FixedBytes<N>` is a value with lexicographic order, so it
/// can key an ordered map; `Address`, `Bytes32` and friends are distinct names of it.

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace mezz {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

/// N bytes, zero by default. Compares as a big-endian number.
template <std::size_t N>
struct FixedBytes {
    std::uint8_t bytes[N]{};

    static constexpr std::size_t size() noexcept { return N; }
    [[nodiscard]] constexpr const std::uint8_t* data() const noexcept { return bytes; }
    [[nodiscard]] constexpr std::uint8_t* data() noexcept { return bytes; }
    constexpr std::uint8_t operator[](std::size_t i) const noexcept { return bytes[i]; }
    constexpr std::uint8_t& operator[](std::size_t i) noexcept { return bytes[i]; }
    [[nodiscard]] constexpr const std::uint8_t* begin() const noexcept { return bytes; }
    [[nodiscard]] constexpr const std::uint8_t* end() const noexcept { return bytes + N; }
    constexpr operator ByteView() const noexcept { return {bytes, N}; }

    [[nodiscard]] constexpr bool is_zero() const noexcept {
        for (auto b : bytes)
            if (b != 0) return false;
        return true;
    }

    friend bool operator==(const FixedBytes& a, const FixedBytes& b) noexcept {
        return std::memcmp(a.bytes, b.bytes, N) == 0;
    }
    friend std::strong_ordering operator<=>(const FixedBytes& a, const FixedBytes& b) noexcept {
        return std::memcmp(a.bytes, b.bytes, N) <=> 0;
    }

    /// The N bytes at the start of `view`. requires: view.size() >= N.
    static FixedBytes from(ByteView view) noexcept {
        FixedBytes out;
        std::memcpy(out.bytes, view.data(), N);
        return out;
    }
};

using Address = FixedBytes<20>;
using Bytes32 = FixedBytes<32>;
using Bytes48 = FixedBytes<48>;
using Bytes8 = FixedBytes<8>;
using Bloom = FixedBytes<256>;

inline Bytes to_bytes(ByteView view) {
    return Bytes(view.begin(), view.end());
}

inline void append(Bytes& out, ByteView view) {
    out.insert(out.end(), view.begin(), view.end());
}

inline bool equal(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

/// Never defined: a call during constant evaluation is the compile error.
void hex_literal_is_malformed();

/// Compile-time hex literal: `hex<Address>("0x4200…")`. Wrong length or digit does not compile.
template <class Fixed, std::size_t M>
consteval Fixed hex(const char (&text)[M]) {
    const std::size_t start = (M > 2 && text[0] == '0' && text[1] == 'x') ? 2 : 0;
    if (M - 1 - start != 2 * Fixed::size()) hex_literal_is_malformed();
    auto digit = [](char c) -> std::uint8_t {
        if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
        if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
        if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
        hex_literal_is_malformed();
        return 0;
    };
    Fixed out;
    for (std::size_t i = 0; i < Fixed::size(); ++i)
        out.bytes[i] = static_cast<std::uint8_t>(digit(text[start + 2 * i]) * 16 +
                                                 digit(text[start + 2 * i + 1]));
    return out;
}

}  // namespace mezz
