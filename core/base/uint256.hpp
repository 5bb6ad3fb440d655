// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// 256-bit unsigned integers with the wrapping arithmetic of the EVM.
///
/// Four little-endian 64-bit limbs. +, -, * and << wrap modulo 2^256. Division by zero yields zero
/// (as the EVM wants), so no operation here can trap. Signed helpers read two's complement.
/// 128-bit *products* are used, 128-bit *division* never is: RV64IM has no such instruction.

#include <compare>
#include <cstdint>

#include "core/base/bytes.hpp"
#include "core/base/endian.hpp"

namespace mezz {

using u128 = unsigned __int128;

struct uint256 {
    std::uint64_t limb[4]{};

    constexpr uint256() noexcept = default;
    constexpr uint256(std::uint64_t v) noexcept : limb{v, 0, 0, 0} {}  // NOLINT: numbers convert
    constexpr uint256(std::uint64_t l0, std::uint64_t l1, std::uint64_t l2,
                      std::uint64_t l3) noexcept
        : limb{l0, l1, l2, l3} {}

    [[nodiscard]] constexpr bool is_zero() const noexcept {
        return (limb[0] | limb[1] | limb[2] | limb[3]) == 0;
    }
    explicit constexpr operator bool() const noexcept { return !is_zero(); }
    explicit constexpr operator std::uint64_t() const noexcept { return limb[0]; }
    /// Whether the value is below 2^64.
    [[nodiscard]] constexpr bool fits_u64() const noexcept {
        return (limb[1] | limb[2] | limb[3]) == 0;
    }
    [[nodiscard]] constexpr bool negative() const noexcept { return (limb[3] >> 63) != 0; }
    [[nodiscard]] constexpr bool bit(unsigned i) const noexcept {
        return ((limb[i / 64] >> (i % 64)) & 1) != 0;
    }

    friend constexpr bool operator==(const uint256& a, const uint256& b) noexcept {
        return ((a.limb[0] ^ b.limb[0]) | (a.limb[1] ^ b.limb[1]) | (a.limb[2] ^ b.limb[2]) |
                (a.limb[3] ^ b.limb[3])) == 0;
    }
    friend constexpr std::strong_ordering operator<=>(const uint256& a, const uint256& b) noexcept {
        for (int i = 3; i > 0; --i)
            if (a.limb[i] != b.limb[i]) return a.limb[i] <=> b.limb[i];
        return a.limb[0] <=> b.limb[0];
    }
};

/// Sum with carry in and out.
constexpr std::uint64_t add_carry(std::uint64_t a, std::uint64_t b, std::uint64_t& carry) noexcept {
    const std::uint64_t s = a + b, out = s < a ? 1 : 0;
    const std::uint64_t r = s + carry;
    carry = out | (r < s ? 1 : 0);
    return r;
}
/// Difference with borrow in and out.
constexpr std::uint64_t sub_borrow(std::uint64_t a, std::uint64_t b,
                                   std::uint64_t& borrow) noexcept {
    const std::uint64_t d = a - b, out = a < b ? 1 : 0;
    const std::uint64_t r = d - borrow;
    borrow = out | (d < borrow ? 1 : 0);
    return r;
}

struct Sum256 {
    uint256 value;
    bool carry;
};
constexpr Sum256 add_overflow(const uint256& a, const uint256& b) noexcept {
    Sum256 r{};
    std::uint64_t c = 0;
    for (int i = 0; i < 4; ++i) r.value.limb[i] = add_carry(a.limb[i], b.limb[i], c);
    r.carry = c != 0;
    return r;
}
constexpr Sum256 sub_overflow(const uint256& a, const uint256& b) noexcept {
    Sum256 r{};
    std::uint64_t c = 0;
    for (int i = 0; i < 4; ++i) r.value.limb[i] = sub_borrow(a.limb[i], b.limb[i], c);
    r.carry = c != 0;
    return r;
}

constexpr uint256 operator+(const uint256& a, const uint256& b) noexcept {
    return add_overflow(a, b).value;
}
constexpr uint256 operator-(const uint256& a, const uint256& b) noexcept {
    return sub_overflow(a, b).value;
}
constexpr uint256 operator-(const uint256& a) noexcept {
    return uint256{} - a;
}
constexpr uint256 operator~(const uint256& a) noexcept {
    return {~a.limb[0], ~a.limb[1], ~a.limb[2], ~a.limb[3]};
}
constexpr uint256 operator&(const uint256& a, const uint256& b) noexcept {
    return {a.limb[0] & b.limb[0], a.limb[1] & b.limb[1], a.limb[2] & b.limb[2],
            a.limb[3] & b.limb[3]};
}
constexpr uint256 operator|(const uint256& a, const uint256& b) noexcept {
    return {a.limb[0] | b.limb[0], a.limb[1] | b.limb[1], a.limb[2] | b.limb[2],
            a.limb[3] | b.limb[3]};
}
constexpr uint256 operator^(const uint256& a, const uint256& b) noexcept {
    return {a.limb[0] ^ b.limb[0], a.limb[1] ^ b.limb[1], a.limb[2] ^ b.limb[2],
            a.limb[3] ^ b.limb[3]};
}

/// Shifts by any amount; 256 and more give zero.
constexpr uint256 operator<<(const uint256& a, std::uint64_t n) noexcept {
    if (n >= 256) return {};
    const unsigned words = static_cast<unsigned>(n / 64);
    const unsigned bits = static_cast<unsigned>(n % 64);
    uint256 r;
    for (unsigned i = 3; i + 1 > words; --i) {
        r.limb[i] = a.limb[i - words] << bits;
        if (bits != 0 && i > words) r.limb[i] |= a.limb[i - words - 1] >> (64 - bits);
        if (i == 0) break;
    }
    return r;
}
constexpr uint256 operator>>(const uint256& a, std::uint64_t n) noexcept {
    if (n >= 256) return {};
    const unsigned words = static_cast<unsigned>(n / 64);
    const unsigned bits = static_cast<unsigned>(n % 64);
    uint256 r;
    for (unsigned i = 0; i + words < 4; ++i) {
        r.limb[i] = a.limb[i + words] >> bits;
        if (bits != 0 && i + words < 3) r.limb[i] |= a.limb[i + words + 1] << (64 - bits);
    }
    return r;
}
/// Arithmetic shift right: fills with the sign bit.
constexpr uint256 shift_right_signed(const uint256& a, std::uint64_t n) noexcept {
    if (!a.negative()) return a >> n;
    return n >= 256 ? ~uint256{} : ~(~a >> n);
}

constexpr uint256 operator*(const uint256& a, const uint256& b) noexcept {
    uint256 r;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; i + j < 4; ++j) {
            const u128 t = static_cast<u128>(a.limb[i]) * b.limb[j] + r.limb[i + j] + carry;
            r.limb[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
    }
    return r;
}

constexpr uint256& operator+=(uint256& a, const uint256& b) noexcept {
    return a = a + b;
}
constexpr uint256& operator-=(uint256& a, const uint256& b) noexcept {
    return a = a - b;
}
constexpr uint256& operator*=(uint256& a, const uint256& b) noexcept {
    return a = a * b;
}
constexpr uint256& operator|=(uint256& a, const uint256& b) noexcept {
    return a = a | b;
}

constexpr unsigned count_leading_zeros(const uint256& a) noexcept {
    for (int i = 3; i >= 0; --i)
        if (a.limb[i] != 0) return static_cast<unsigned>((3 - i) * 64 + __builtin_clzll(a.limb[i]));
    return 256;
}
/// Bytes needed to write the value, 0 for zero.
constexpr unsigned significant_bytes(const uint256& a) noexcept {
    return (256 - count_leading_zeros(a) + 7) / 8;
}

struct Division256 {
    uint256 quotient;
    uint256 remainder;
};
/// Quotient and remainder; both zero when the divisor is zero.
Division256 divide(const uint256& numerator, const uint256& denominator) noexcept;
inline uint256 operator/(const uint256& a, const uint256& b) noexcept {
    return divide(a, b).quotient;
}
inline uint256 operator%(const uint256& a, const uint256& b) noexcept {
    return divide(a, b).remainder;
}

/// Two's complement division truncating towards zero; zero divisor gives zero. spec: SDIV, SMOD.
Division256 divide_signed(const uint256& numerator, const uint256& denominator) noexcept;
/// (a + b) mod m without intermediate wrap; m = 0 gives 0. spec: ADDMOD.
uint256 add_mod(const uint256& a, const uint256& b, const uint256& m) noexcept;
/// (a * b) mod m over the 512-bit product; m = 0 gives 0. spec: MULMOD.
uint256 mul_mod(const uint256& a, const uint256& b, const uint256& m) noexcept;

/// A modulus of four words with what dividing by it needs, kept for when it comes again.
struct PreparedModulus {
    uint256 value;    ///< zero: none yet
    uint256 shifted;  ///< its top bit is set
    std::uint64_t reciprocal = 0;
    unsigned shift = 0;
};
/// The same, a quarter faster where the modulus is the one before.
uint256 mul_mod(const uint256& a, const uint256& b, const uint256& m,
                PreparedModulus& known) noexcept;
/// base^exponent mod 2^256. spec: EXP.
uint256 power(uint256 base, uint256 exponent) noexcept;
/// Whether a < b as two's complement numbers. spec: SLT.
constexpr bool less_signed(const uint256& a, const uint256& b) noexcept {
    return a.negative() == b.negative() ? a < b : a.negative();
}

/// Big-endian conversions.
inline uint256 load_be256(const std::uint8_t* p) noexcept {
    return {load_be64(p + 24), load_be64(p + 16), load_be64(p + 8), load_be64(p)};
}
inline void store_be256(std::uint8_t* p, const uint256& v) noexcept {
    store_be64(p, v.limb[3]);
    store_be64(p + 8, v.limb[2]);
    store_be64(p + 16, v.limb[1]);
    store_be64(p + 24, v.limb[0]);
}
inline uint256 to_uint256(const Bytes32& b) noexcept {
    return load_be256(b.data());
}
inline Bytes32 to_bytes32(const uint256& v) noexcept {
    Bytes32 b;
    store_be256(b.data(), v);
    return b;
}
/// Big-endian bytes of any length up to 32. requires: view.size() <= 32.
uint256 from_be(ByteView view) noexcept;
/// The low 20 bytes.
inline Address to_address(const uint256& v) noexcept {
    return Address::from(ByteView(to_bytes32(v)).subspan(12));
}
inline uint256 to_uint256(const Address& a) noexcept {
    return from_be(a);
}

}  // namespace mezz
