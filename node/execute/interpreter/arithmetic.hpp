// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The EVM's arithmetic as the fast interpreter does it: equal to core/base/uint256.hpp, tuned for
/// the host. Limbs stay in general registers: a wide load of four words just stored would wait.

#include <cstdint>

#include "core/base/uint256.hpp"
#include "node/execute/interpreter/program.hpp"

namespace mezz::node::interpreter {

#define MEZZ_INLINE [[gnu::always_inline]] inline

MEZZ_INLINE uint256 fast_add(const uint256& a, const uint256& b) noexcept {
    unsigned long long c = 0;
    uint256 r;
    for (int i = 0; i < 4; ++i) r.limb[i] = __builtin_addcll(a.limb[i], b.limb[i], c, &c);
    return r;
}
MEZZ_INLINE uint256 fast_sub(const uint256& a, const uint256& b) noexcept {
    unsigned long long c = 0;
    uint256 r;
    for (int i = 0; i < 4; ++i) r.limb[i] = __builtin_subcll(a.limb[i], b.limb[i], c, &c);
    return r;
}
MEZZ_INLINE bool fast_less(const uint256& a, const uint256& b) noexcept {
    unsigned long long c = 0;
    for (int i = 0; i < 4; ++i) (void)__builtin_subcll(a.limb[i], b.limb[i], c, &c);
    return c != 0;
}
MEZZ_INLINE bool fast_less_signed(const uint256& a, const uint256& b) noexcept {
    unsigned long long c = 0;
    for (int i = 0; i < 3; ++i) (void)__builtin_subcll(a.limb[i], b.limb[i], c, &c);
    const auto high = static_cast<__int128>(static_cast<std::int64_t>(a.limb[3])) -
                      static_cast<std::int64_t>(b.limb[3]) - static_cast<std::int64_t>(c);
    return high < 0;
}
MEZZ_INLINE std::uint64_t or_limbs(const uint256& a) noexcept {
    return a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3];
}

/// The low 256 bits of a product, column by column.
MEZZ_INLINE uint256 fast_mul(const uint256& a, const uint256& b) noexcept {
    const auto wide = [](std::uint64_t x, std::uint64_t y) { return static_cast<u128>(x) * y; };
    const u128 p00 = wide(a.limb[0], b.limb[0]);
    const u128 p01 = wide(a.limb[0], b.limb[1]), p10 = wide(a.limb[1], b.limb[0]);
    const u128 p02 = wide(a.limb[0], b.limb[2]), p11 = wide(a.limb[1], b.limb[1]),
               p20 = wide(a.limb[2], b.limb[0]);
    const std::uint64_t top = a.limb[0] * b.limb[3] + a.limb[1] * b.limb[2] +
                              a.limb[2] * b.limb[1] + a.limb[3] * b.limb[0];
    const auto low = [](u128 x) { return static_cast<std::uint64_t>(x); };
    const auto high = [](u128 x) { return static_cast<std::uint64_t>(x >> 64); };
    unsigned long long c1 = 0, c2 = 0, d1 = 0, d2 = 0, d3 = 0, ignored = 0;
    std::uint64_t r1 = __builtin_addcll(high(p00), low(p01), 0, &c1);
    std::uint64_t r2 = __builtin_addcll(high(p01), high(p10), c1, &c2);
    r1 = __builtin_addcll(r1, low(p10), 0, &d1);
    r2 = __builtin_addcll(r2, low(p02), d1, &d2);
    std::uint64_t r3 = __builtin_addcll(high(p02), c2, d2, &ignored);
    r2 = __builtin_addcll(r2, low(p11), 0, &d3);
    r3 = __builtin_addcll(r3, high(p11), d3, &ignored);
    r2 = __builtin_addcll(r2, low(p20), 0, &d3);
    r3 = __builtin_addcll(r3, high(p20), d3, &ignored);
    return {low(p00), r1, r2, r3 + top};
}

/// Shifts below 256 bits.
MEZZ_INLINE uint256 fast_shl(const uint256& a, std::uint64_t n) noexcept {
    const unsigned bits = n % 64;
    const auto join = [bits](std::uint64_t high, std::uint64_t low) {
        return high << bits | (low >> 1) >> (63 - bits);
    };
    switch (n / 64) {
        case 0:
            return {a.limb[0] << bits, join(a.limb[1], a.limb[0]), join(a.limb[2], a.limb[1]),
                    join(a.limb[3], a.limb[2])};
        case 1:
            return {0, a.limb[0] << bits, join(a.limb[1], a.limb[0]), join(a.limb[2], a.limb[1])};
        case 2:
            return {0, 0, a.limb[0] << bits, join(a.limb[1], a.limb[0])};
        default:
            return {0, 0, 0, a.limb[0] << bits};
    }
}
MEZZ_INLINE uint256 fast_shr(const uint256& a, std::uint64_t n) noexcept {
    const unsigned bits = n % 64;
    const auto join = [bits](std::uint64_t high, std::uint64_t low) {
        return low >> bits | (high << 1) << (63 - bits);
    };
    switch (n / 64) {
        case 0:
            return {join(a.limb[1], a.limb[0]), join(a.limb[2], a.limb[1]),
                    join(a.limb[3], a.limb[2]), a.limb[3] >> bits};
        case 1:
            return {join(a.limb[2], a.limb[1]), join(a.limb[3], a.limb[2]), a.limb[3] >> bits, 0};
        case 2:
            return {join(a.limb[3], a.limb[2]), a.limb[3] >> bits, 0, 0};
        default:
            return {a.limb[3] >> bits, 0, 0, 0};
    }
}
MEZZ_INLINE uint256 fast_negate(const uint256& a) noexcept {
    return fast_sub(uint256{}, a);
}

/// Quotient and remainder of high:low by d. requires: high < d.
MEZZ_INLINE std::uint64_t divide_wide(std::uint64_t high, std::uint64_t low, std::uint64_t d,
                                      std::uint64_t& remainder) noexcept {
#if defined(__x86_64__)
    std::uint64_t q;
    __asm__("divq %4" : "=a"(q), "=d"(remainder) : "a"(low), "d"(high), "r"(d) : "cc");
    return q;
#else
    const u128 n = static_cast<u128>(high) << 64 | low;
    remainder = static_cast<std::uint64_t>(n % d);
    return static_cast<std::uint64_t>(n / d);
#endif
}

/// Division by one word that is not zero.
MEZZ_INLINE Division256 divide_by_word(const uint256& a, std::uint64_t d) noexcept {
    Division256 out;
    std::uint64_t r = 0;
    int i = 3;
    while (i > 0 && a.limb[i] == 0) --i;
    out.quotient.limb[i] = a.limb[i] / d;
    r = a.limb[i] % d;
    while (--i >= 0) out.quotient.limb[i] = divide_wide(r, a.limb[i], d, r);
    out.remainder = uint256{r};
    return out;
}
/// Division by more than one word. requires: b >= 2^64.
[[nodiscard]] Division256 divide_long(const uint256& a, const uint256& b) noexcept;
/// Division by anything; by zero gives zeros.
MEZZ_INLINE Division256 fast_divide(const uint256& a, const uint256& b) noexcept {
    if ((b.limb[1] | b.limb[2] | b.limb[3]) == 0)
        return b.limb[0] == 0 ? Division256{} : divide_by_word(a, b.limb[0]);
    return divide_long(a, b);
}
MEZZ_INLINE Division256 fast_divide_signed(const uint256& a, const uint256& b) noexcept {
    Division256 r =
        fast_divide(a.negative() ? fast_negate(a) : a, b.negative() ? fast_negate(b) : b);
    if (a.negative() != b.negative()) r.quotient = fast_negate(r.quotient);
    if (a.negative()) r.remainder = fast_negate(r.remainder);
    return r;
}

/// Whether 2^512 / m fits the words of a reciprocal: m > 2^192.
MEZZ_INLINE bool has_reciprocal(const uint256& m) noexcept {
    return m.limb[3] > 1 || (m.limb[3] == 1 && (m.limb[0] | m.limb[1] | m.limb[2]) != 0);
}
/// Fills in the reciprocal. requires: has_reciprocal(m.value).
void prepare(Modulus& m) noexcept;
/// (a * b) mod m by Barrett reduction. spec: Menezes et al., Handbook of Applied Cryptography,
/// 14.42. requires: a prepared modulus.
[[nodiscard]] uint256 multiply_modulo(const uint256& a, const uint256& b,
                                      const Modulus& m) noexcept;
/// (a * b) mod 2^256 - 1, with which 512-bit products are taken apart.
[[nodiscard]] uint256 multiply_modulo_ones(const uint256& a, const uint256& b) noexcept;
/// The same for any modulus; remembers the latest one.
[[nodiscard]] uint256 multiply_modulo(const uint256& a, const uint256& b,
                                      const uint256& m) noexcept;
/// (a + b) mod m; m = 0 gives 0.
[[nodiscard]] uint256 add_modulo(const uint256& a, const uint256& b, const uint256& m) noexcept;

}  // namespace mezz::node::interpreter
