// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/base/uint256.hpp"

namespace mezz {
namespace {

struct WordDivision {
    std::uint64_t quotient;
    std::uint64_t remainder;
};

/// (high:low) / d with high < d and d normalised (top bit set).
/// spec: Knuth TAOCP 4.3.1 Algorithm D on 32-bit digits; no 128-bit division instruction is used.
WordDivision divide_2by1(std::uint64_t high, std::uint64_t low, std::uint64_t d) noexcept {
#if defined(__x86_64__)
    std::uint64_t q, r;
    __asm__("divq %4" : "=a"(q), "=d"(r) : "a"(low), "d"(high), "r"(d) : "cc");
    return {q, r};
#else
    const std::uint64_t d1 = d >> 32, d0 = d & 0xffffffff;
    const std::uint64_t l1 = low >> 32, l0 = low & 0xffffffff;
    std::uint64_t q1 = high / d1, r = high % d1;
    while (q1 >> 32 || q1 * d0 > (r << 32 | l1)) {
        --q1;
        r += d1;
        if (r >> 32) break;
    }
    const std::uint64_t mid = (high << 32 | l1) - q1 * d;
    std::uint64_t q0 = mid / d1;
    r = mid % d1;
    while (q0 >> 32 || q0 * d0 > (r << 32 | l0)) {
        --q0;
        r += d1;
        if (r >> 32) break;
    }
    return {q1 << 32 | q0, (mid << 32 | l0) - q0 * d};
#endif
}

/// floor((2^192 - 1) / (d1:d0)) - 2^64, for d1 normalised.
/// spec: Möller, Granlund, "Improved Division by Invariant Integers" (2011), algorithm 6.
std::uint64_t reciprocal_3by2(std::uint64_t d1, std::uint64_t d0) noexcept {
    std::uint64_t v = divide_2by1(~d1, ~std::uint64_t{0}, d1).quotient;
    std::uint64_t p = d1 * v + d0;
    if (p < d0) {
        --v;
        if (p >= d1) {
            --v;
            p -= d1;
        }
        p -= d1;
    }
    const u128 t = static_cast<u128>(v) * d0;
    const auto high = static_cast<std::uint64_t>(t >> 64);
    p += high;
    if (p < high) {
        --v;
        if ((static_cast<u128>(p) << 64 | static_cast<std::uint64_t>(t)) >=
            (static_cast<u128>(d1) << 64 | d0))
            --v;
    }
    return v;
}

struct Step {
    std::uint64_t quotient;
    u128 remainder;
};
/// (u2:u1:u0) / d with (u2:u1) < d and d normalised; v is d's reciprocal.
/// spec: the same, algorithm 5.
Step divide_3by2(std::uint64_t u2, std::uint64_t u1, std::uint64_t u0, u128 d,
                 std::uint64_t v) noexcept {
    const auto d1 = static_cast<std::uint64_t>(d >> 64);
    const u128 q = static_cast<u128>(v) * u2 + (static_cast<u128>(u2) << 64 | u1);
    auto q1 = static_cast<std::uint64_t>(q >> 64);
    const auto q0 = static_cast<std::uint64_t>(q);
    u128 r = (static_cast<u128>(u1 - q1 * d1) << 64 | u0) -
             static_cast<u128>(static_cast<std::uint64_t>(d)) * q1 - d;
    ++q1;
    if (static_cast<std::uint64_t>(r >> 64) >= q0) {
        --q1;
        r += d;
    }
    if (r >= d) [[unlikely]] {
        ++q1;
        r -= d;
    }
    return {q1, r};
}

/// One digit of a quotient: takes q (d[m-1]:...:d[0]) off the m + 1 words at w. returns: q.
/// requires: m >= 2; the top m words of w are at most d; d1:d0 is d's top two, v their reciprocal.
template <int m>
std::uint64_t divide_digit(std::uint64_t* w, const uint256& d, u128 top, std::uint64_t v) noexcept {
    if ((static_cast<u128>(w[m]) << 64 | w[m - 1]) >= top) [[unlikely]] {
        // The digit is the largest there is, and never too much: the top two words equal those of
        // d, so what is left, at least d minus its lower words shifted up by one, is positive.
        std::uint64_t borrow = 0, carry = 0;
        for (int i = 0; i < m; ++i) {
            const u128 p = static_cast<u128>(~std::uint64_t{0}) * d.limb[i] + carry;
            carry = static_cast<std::uint64_t>(p >> 64);
            w[i] = sub_borrow(w[i], static_cast<std::uint64_t>(p), borrow);
        }
        w[m] = sub_borrow(w[m], carry, borrow);
        return ~std::uint64_t{0};
    }
    // The top three words give the digit, or one too much when the rest does not fit.
    auto [q, rest] = divide_3by2(w[m], w[m - 1], w[m - 2], top, v);
    std::uint64_t borrow = 0, carry = 0;
    for (int i = 0; i < m - 2; ++i) {
        const u128 p = static_cast<u128>(q) * d.limb[i] + carry;
        carry = static_cast<std::uint64_t>(p >> 64);
        w[i] = sub_borrow(w[i], static_cast<std::uint64_t>(p), borrow);
    }
    const u128 taken = static_cast<u128>(carry) + borrow;
    const bool too_much = rest < taken;
    rest -= taken;
    w[m - 2] = static_cast<std::uint64_t>(rest);
    w[m - 1] = static_cast<std::uint64_t>(rest >> 64);
    w[m] = 0;
    if (too_much) [[unlikely]] {
        --q;
        std::uint64_t c = 0;
        for (int i = 0; i < m; ++i) w[i] = add_carry(w[i], d.limb[i], c);
    }
    return q;
}

/// The digits of w / d from the highest, into u; w becomes the remainder.
template <int n, int m>
void divide_digits(std::uint64_t (&u)[n], std::uint64_t* w, const uint256& d) noexcept {
    const u128 top = static_cast<u128>(d.limb[m - 1]) << 64 | d.limb[m - 2];
    const std::uint64_t v = reciprocal_3by2(d.limb[m - 1], d.limb[m - 2]);
    for (int j = n - 1; j > n - m; --j) u[j] = 0;
    for (int j = n - m; j >= 0; --j) u[j] = divide_digit<m>(w + j, d, top, v);
}

/// Divides the `n`-word number `u` in place by `v`; u becomes the quotient. returns: remainder.
/// requires: v != 0, n from 4 to 8. spec: Knuth TAOCP 4.3.1 Algorithm D on 64-bit digits.
template <int n>
uint256 divide_words(std::uint64_t (&u)[n], const uint256& v) noexcept {
    int m = 4;
    while (v.limb[m - 1] == 0) --m;
    const unsigned shift = static_cast<unsigned>(__builtin_clzll(v.limb[m - 1]));
    uint256 d = v;
    std::uint64_t w[n + 1];
    if (shift == 0) {
        for (int i = 0; i < n; ++i) w[i] = u[i];
        w[n] = 0;
    } else {
        const unsigned back = 64 - shift;
        for (int i = 3; i > 0; --i) d.limb[i] = v.limb[i] << shift | v.limb[i - 1] >> back;
        d.limb[0] = v.limb[0] << shift;
        w[n] = u[n - 1] >> back;
        for (int i = n - 1; i > 0; --i) w[i] = u[i] << shift | u[i - 1] >> back;
        w[0] = u[0] << shift;
    }
    switch (m) {
        case 4:
            divide_digits<n, 4>(u, w, d);
            break;
        case 3:
            divide_digits<n, 3>(u, w, d);
            break;
        case 2:
            divide_digits<n, 2>(u, w, d);
            break;
        default: {
            std::uint64_t r = w[n];
            for (int i = n - 1; i >= 0; --i) {
                const auto [q, rest] = divide_2by1(r, w[i], d.limb[0]);
                u[i] = q;
                r = rest;
            }
            return uint256{r >> shift};
        }
    }
    uint256 r;
    for (int i = 0; i < m; ++i) r.limb[i] = w[i];
    return r >> shift;
}

struct Product512 {
    std::uint64_t word[8]{};
};
Product512 multiply_full(const uint256& a, const uint256& b) noexcept {
    Product512 r;
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j) {
            const u128 t = static_cast<u128>(a.limb[i]) * b.limb[j] + r.word[i + j] + carry;
            r.word[i + j] = static_cast<std::uint64_t>(t);
            carry = static_cast<std::uint64_t>(t >> 64);
        }
        r.word[i + 4] = carry;
    }
    return r;
}

}  // namespace

Division256 divide(const uint256& numerator, const uint256& denominator) noexcept {
    if (denominator.is_zero()) return {};
    if (numerator < denominator) return {uint256{}, numerator};
    if (numerator.fits_u64())
        return {numerator.limb[0] / denominator.limb[0], numerator.limb[0] % denominator.limb[0]};
    std::uint64_t u[4] = {numerator.limb[0], numerator.limb[1], numerator.limb[2],
                          numerator.limb[3]};
    const uint256 remainder = divide_words(u, denominator);
    return {uint256{u[0], u[1], u[2], u[3]}, remainder};
}

Division256 divide_signed(const uint256& numerator, const uint256& denominator) noexcept {
    const uint256 n = numerator.negative() ? -numerator : numerator;
    const uint256 d = denominator.negative() ? -denominator : denominator;
    Division256 r = divide(n, d);
    if (numerator.negative() != denominator.negative()) r.quotient = -r.quotient;
    if (numerator.negative()) r.remainder = -r.remainder;
    return r;
}

uint256 add_mod(const uint256& a, const uint256& b, const uint256& m) noexcept {
    if (m.is_zero()) return {};
    const Sum256 s = add_overflow(a, b);
    if (!s.carry) return s.value % m;
    std::uint64_t u[5] = {s.value.limb[0], s.value.limb[1], s.value.limb[2], s.value.limb[3], 1};
    return divide_words(u, m);
}

uint256 mul_mod(const uint256& a, const uint256& b, const uint256& m) noexcept {
    if (m.is_zero()) return {};
    Product512 p = multiply_full(a, b);
    return divide_words(p.word, m);
}

uint256 power(uint256 base, uint256 exponent) noexcept {
    uint256 r = 1;
    while (!exponent.is_zero()) {
        if (exponent.limb[0] & 1) r *= base;
        base *= base;
        exponent = exponent >> 1;
    }
    return r;
}

uint256 from_be(ByteView view) noexcept {
    std::uint8_t buffer[32]{};
    if (!view.empty()) std::memcpy(buffer + 32 - view.size(), view.data(), view.size());
    return load_be256(buffer);
}

}  // namespace mezz
