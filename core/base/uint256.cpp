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

/// a b + c + carry; carry becomes the high word. 64-bit sums alone: on RV64 the compiler makes less
/// of 128-bit ones.
[[gnu::always_inline]] inline std::uint64_t multiply_add(std::uint64_t a, std::uint64_t b,
                                                         std::uint64_t c,
                                                         std::uint64_t& carry) noexcept {
    const u128 p = static_cast<u128>(a) * b;
    auto low = static_cast<std::uint64_t>(p), high = static_cast<std::uint64_t>(p >> 64);
    low += c;
    high += low < c ? 1 : 0;
    low += carry;
    high += low < carry ? 1 : 0;
    carry = high;
    return low;
}

/// One digit of a quotient: takes q (d[m-1]:...:d[0]) off the m + 1 words at w. returns: q.
/// requires: m >= 2; the top m words of w are at most d; v is the reciprocal of d's top two.
/// Inlined with constant indices, so that all words stay in registers.
/// spec: Knuth TAOCP 4.3.1 Algorithm D, its digits by algorithm 5 of Möller and Granlund.
template <int m>
[[gnu::always_inline]] inline std::uint64_t divide_digit(std::uint64_t* w, const std::uint64_t* d,
                                                         std::uint64_t v) noexcept {
    const std::uint64_t d1 = d[m - 1], d0 = d[m - 2];
    if (w[m] >= d1 && (w[m] > d1 || w[m - 1] >= d0)) [[unlikely]] {
        // The digit is the largest there is, 2^64 - 1, and never too much: the top two words equal
        // those of d, so what is left, at least d minus its lower words shifted up by one, is
        // positive. It takes d off a word higher and gives it back here.
        std::uint64_t borrow = 0, carry = 0;
        for (int i = 0; i + 1 < m; ++i) w[i + 1] = sub_borrow(w[i + 1], d[i], borrow);
        for (int i = 0; i < m; ++i) w[i] = add_carry(w[i], d[i], carry);
        w[m] = 0;
        return ~std::uint64_t{0};
    }
    // Of the top three words: q, and what q d1:d0 leaves of them, or one more d1:d0 than that.
    const u128 p = static_cast<u128>(v) * w[m];
    const std::uint64_t q0 = static_cast<std::uint64_t>(p) + w[m - 1];
    std::uint64_t q = static_cast<std::uint64_t>(p >> 64) + w[m] + (q0 < w[m - 1] ? 1 : 0);
    const u128 t = static_cast<u128>(q) * d0;
    const auto t0 = static_cast<std::uint64_t>(t), t1 = static_cast<std::uint64_t>(t >> 64);
    std::uint64_t r0 = w[m - 2] - t0;
    std::uint64_t r1 = w[m - 1] - q * d1 - t1 - (w[m - 2] < t0 ? 1 : 0);
    const std::uint64_t less1 = r1 - d1 - (r0 < d0 ? 1 : 0);
    if (less1 < q0) {
        ++q;
        r0 -= d0;
        r1 = less1;
    }
    if (r1 >= d1 && (r1 > d1 || r0 >= d0)) [[unlikely]] {
        ++q;
        r1 -= d1 + (r0 < d0 ? 1 : 0);
        r0 -= d0;
    }
    // q d's lower words off the rest; where that does not fit, q was one too much.
    std::uint64_t carry = 0;
    for (int i = 0; i < m - 2; ++i) {
        const std::uint64_t low = multiply_add(q, d[i], 0, carry);
        carry += w[i] < low ? 1 : 0;
        w[i] -= low;
    }
    const std::uint64_t borrow = r0 < carry ? 1 : 0;
    w[m - 2] = r0 - carry;
    w[m - 1] = r1 - borrow;
    w[m] = 0;
    if (r1 < borrow) [[unlikely]] {
        --q;
        std::uint64_t c = 0;
        for (int i = 0; i < m; ++i) w[i] = add_carry(w[i], d[i], c);
    }
    return q;
}

/// The digits of w / d from the highest, into u; w becomes the remainder.
template <int n, int m>
void divide_digits(std::uint64_t (&u)[n], std::uint64_t* w, const uint256& d) noexcept {
    const std::uint64_t v = reciprocal_3by2(d.limb[m - 1], d.limb[m - 2]);
    for (int j = n - 1; j > n - m; --j) u[j] = 0;
    for (int j = n - m; j >= 0; --j) {
        const bool none = w[j + m] == 0 && w[j + m - 1] < d.limb[m - 1];
        u[j] = none ? 0 : divide_digit<m>(w + j, d.limb, v);
    }
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
                if (r == 0 && w[i] < d.limb[0]) {  // as for the words that a short number lacks
                    u[i] = 0;
                    r = w[i];
                    continue;
                }
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

/// r = a b.
[[gnu::always_inline]] inline void multiply_full(std::uint64_t* r, const std::uint64_t* a,
                                                 const std::uint64_t* b) noexcept {
    for (int i = 0; i < 4; ++i) {
        std::uint64_t carry = 0;
        for (int j = 0; j < 4; ++j)
            r[i + j] = multiply_add(a[i], b[j], i > 0 ? r[i + j] : 0, carry);
        r[i + 4] = carry;
    }
}

/// requires: m has four words.
void prepare(PreparedModulus& known, const uint256& m) noexcept {
    known.value = m;
    known.shift = static_cast<unsigned>(__builtin_clzll(m.limb[3]));
    known.shifted = m << known.shift;
    known.reciprocal = reciprocal_3by2(known.shifted.limb[3], known.shifted.limb[2]);
}

/// (a b) mod m.
uint256 multiply_reduced(const uint256& a, const uint256& b, const PreparedModulus& m) noexcept {
    // With a shifted as far as the modulus, the product comes out shifted.
    const unsigned shift = m.shift % 64, back = 64 - shift;
    std::uint64_t x[4] = {a.limb[0], a.limb[1], a.limb[2], a.limb[3]};
    std::uint64_t out = 0;
    if (shift != 0) {
        out = x[3] >> back;
        for (int i = 3; i > 0; --i) x[i] = x[i] << shift | x[i - 1] >> back;
        x[0] <<= shift;
    }
    std::uint64_t w[9];
    multiply_full(w, x, b.limb);
    w[8] = 0;
    if (out != 0) [[unlikely]] {
        std::uint64_t carry = 0;
        for (int i = 0; i < 4; ++i) w[i + 4] = multiply_add(out, b.limb[i], w[i + 4], carry);
        w[8] = carry;
    }
    const std::uint64_t d[4] = {m.shifted.limb[0], m.shifted.limb[1], m.shifted.limb[2],
                                m.shifted.limb[3]};
    // Operands below the modulus, as in field arithmetic, leave four digits.
    if (w[8] != 0 || w[7] >= d[3]) [[unlikely]]
        divide_digit<4>(w + 4, d, m.reciprocal);
    divide_digit<4>(w + 3, d, m.reciprocal);
    divide_digit<4>(w + 2, d, m.reciprocal);
    divide_digit<4>(w + 1, d, m.reciprocal);
    divide_digit<4>(w, d, m.reciprocal);
    if (shift == 0) return {w[0], w[1], w[2], w[3]};
    return {w[0] >> shift | w[1] << back, w[1] >> shift | w[2] << back,
            w[2] >> shift | w[3] << back, w[3] >> shift};
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
    // Both below the modulus, as their top words show: one subtraction at most.
    if (a.limb[3] < m.limb[3] && b.limb[3] < m.limb[3])
        return s.carry || s.value >= m ? s.value - m : s.value;
    if (!s.carry) return s.value % m;
    std::uint64_t u[5] = {s.value.limb[0], s.value.limb[1], s.value.limb[2], s.value.limb[3], 1};
    return divide_words(u, m);
}

uint256 mul_mod(const uint256& a, const uint256& b, const uint256& m,
                PreparedModulus& known) noexcept {
    if (m.limb[3] != 0) {
        if (!(known.value == m)) prepare(known, m);
        return multiply_reduced(a, b, known);
    }
    if (m.is_zero()) return {};
    std::uint64_t p[8];
    multiply_full(p, a.limb, b.limb);
    return divide_words(p, m);
}

uint256 mul_mod(const uint256& a, const uint256& b, const uint256& m) noexcept {
    PreparedModulus once;
    return mul_mod(a, b, m, once);
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
