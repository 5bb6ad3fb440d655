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

/// Divides the `n`-word number `u` in place by `v`; u becomes the quotient. returns: remainder.
/// requires: v != 0, n <= 8. spec: Knuth Algorithm D on 64-bit digits.
template <int n>
uint256 divide_words(std::uint64_t (&u)[n], const uint256& v) noexcept {
    int m = 4;
    while (v.limb[m - 1] == 0) --m;
    const unsigned shift = static_cast<unsigned>(__builtin_clzll(v.limb[m - 1]));
    const uint256 d = v << shift;

    std::uint64_t w[n + 1];
    w[n] = shift != 0 ? u[n - 1] >> (64 - shift) : 0;
    for (int i = n - 1; i > 0; --i)
        // The analyser tries shift >= 256. NOLINTNEXTLINE(clang-analyzer-core.BitwiseShift)
        w[i] = shift != 0 ? (u[i] << shift | u[i - 1] >> (64 - shift)) : u[i];
    w[0] = u[0] << shift;

    const std::uint64_t top = d.limb[m - 1];
    if (m == 1) {
        std::uint64_t r = w[n];
        for (int i = n - 1; i >= 0; --i) {
            const auto [q, rem] = divide_2by1(r, w[i], top);
            u[i] = q;
            r = rem;
        }
        return uint256{r >> shift};
    }
    for (int i = 0; i < n; ++i) u[i] = 0;
    for (int j = n - m; j >= 0; --j) {
        std::uint64_t q;
        if (w[j + m] >= top) {
            q = ~std::uint64_t{0};
        } else {
            auto [estimate, rem] = divide_2by1(w[j + m], w[j + m - 1], top);
            q = estimate;
            const std::uint64_t second = d.limb[m - 2];
            while (static_cast<u128>(q) * second > (static_cast<u128>(rem) << 64 | w[j + m - 2])) {
                --q;
                rem += top;
                if (rem < top) break;
            }
        }
        std::uint64_t borrow = 0, carry = 0;
        for (int i = 0; i < m; ++i) {
            const u128 p = static_cast<u128>(q) * d.limb[i] + carry;
            carry = static_cast<std::uint64_t>(p >> 64);
            w[i + j] = sub_borrow(w[i + j], static_cast<std::uint64_t>(p), borrow);
        }
        w[j + m] = sub_borrow(w[j + m], carry, borrow);
        while (borrow != 0) {
            --q;
            std::uint64_t c = 0;
            for (int i = 0; i < m; ++i) w[i + j] = add_carry(w[i + j], d.limb[i], c);
            const std::uint64_t before = w[j + m];
            w[j + m] += c;
            borrow = w[j + m] < before ? 0 : 1;
        }
        if (j < n) u[j] = q;
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
