// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/interpreter/arithmetic.hpp"

namespace mezz::node::interpreter {

void prepare(Modulus& m) noexcept {
    // Long division of 2^512 by the modulus, bit by bit: 513 bits of quotient, of which 320 count.
    uint256 rest{};
    for (std::uint64_t& word : m.reciprocal) word = 0;
    for (int bit = 512; bit >= 0; --bit) {
        const bool carry = rest.negative();
        rest = fast_shl(rest, 1);
        if (bit == 512) rest.limb[0] |= 1;
        if (carry || !(rest < m.value)) {
            rest = fast_sub(rest, m.value);
            if (bit < 320) m.reciprocal[bit / 64] |= std::uint64_t{1} << (bit % 64);
        }
    }
}

namespace {

/// Adds x * y to the number at `at`; returns the carry word. The loops have constant bounds.
template <int N>
MEZZ_INLINE std::uint64_t multiply_add(std::uint64_t* at, std::uint64_t x,
                                       const std::uint64_t* y) noexcept {
    std::uint64_t carry = 0;
#pragma clang loop unroll(full)
    for (int i = 0; i < N; ++i) {
        const u128 t = static_cast<u128>(x) * y[i] + at[i] + carry;
        at[i] = static_cast<std::uint64_t>(t);
        carry = static_cast<std::uint64_t>(t >> 64);
    }
    return carry;
}

/// The 512 bits of a product.
MEZZ_INLINE void multiply_full(std::uint64_t (&x)[8], const uint256& a, const uint256& b) noexcept {
    for (int i = 0; i < 4; ++i) x[i] = 0;
    for (int i = 0; i < 4; ++i) x[i + 4] = multiply_add<4>(x + i, a.limb[i], b.limb);
}

/// Divides the `words` words at u, and one above, by d of M words: the remainder replaces the
/// lowest M words. requires: the top bit of d is set, and u[words] < d[M - 1]. `quotient`: words -
/// M + 1 words, or nullptr. spec: Knuth, The Art of Computer Programming, 4.3.1, Algorithm D.
template <int M>
MEZZ_INLINE void divide_normalised(std::uint64_t* u, int words, const std::uint64_t* d,
                                   std::uint64_t* quotient) noexcept {
    const std::uint64_t top = d[M - 1], second = d[M - 2];
    for (int j = words - M; j >= 0; --j) {
        std::uint64_t* const w = u + j;
        std::uint64_t q = ~std::uint64_t{0}, rest = 0;
        if (w[M] < top) [[likely]] {
            q = divide_wide(w[M], w[M - 1], top, rest);
            u128 estimate = static_cast<u128>(q) * second;
            while (estimate > (static_cast<u128>(rest) << 64 | w[M - 2])) {
                --q;
                estimate -= second;
                if (__builtin_add_overflow(rest, top, &rest)) break;
            }
        }
        std::uint64_t carry = 0;
        unsigned long long borrow = 0;
#pragma clang loop unroll(full)
        for (int i = 0; i < M; ++i) {
            const u128 p = static_cast<u128>(q) * d[i] + carry;
            carry = static_cast<std::uint64_t>(p >> 64);
            w[i] = __builtin_subcll(w[i], static_cast<std::uint64_t>(p), borrow, &borrow);
        }
        w[M] = __builtin_subcll(w[M], carry, borrow, &borrow);
        while (borrow != 0) [[unlikely]] {
            --q;
            unsigned long long back = 0;
            for (int i = 0; i < M; ++i) w[i] = __builtin_addcll(w[i], d[i], back, &back);
            const std::uint64_t before = w[M];
            w[M] += back;
            borrow = w[M] < before ? 0 : 1;
        }
        if (quotient != nullptr) quotient[j] = q;
    }
}

/// The same for any divisor of M words; N: the most words of the dividend.
template <int M, int N>
uint256 divide_by(const std::uint64_t* a, const uint256& b, std::uint64_t* quotient) noexcept {
    int words = N;
    while (words > M && a[words - 1] == 0) --words;
    const auto shift = static_cast<unsigned>(__builtin_clzll(b.limb[M - 1]));
    const auto join = [shift](std::uint64_t high, std::uint64_t low) {
        return high << shift | (low >> 1) >> (63 - shift);
    };
    std::uint64_t d[M], u[N + 1];
    for (int i = M - 1; i > 0; --i) d[i] = join(b.limb[i], b.limb[i - 1]);
    d[0] = b.limb[0] << shift;
    u[words] = join(0, a[words - 1]);
    for (int i = words - 1; i > 0; --i) u[i] = join(a[i], a[i - 1]);
    u[0] = a[0] << shift;
    divide_normalised<M>(u, words, d, quotient);
    uint256 r;
    for (int i = 0; i + 1 < M; ++i) r.limb[i] = u[i] >> shift | (u[i + 1] << 1) << (63 - shift);
    r.limb[M - 1] = u[M - 1] >> shift;
    return r;
}

template <int N>
uint256 divide_words(const std::uint64_t* a, const uint256& b, std::uint64_t* quotient) noexcept {
    if (b.limb[3] != 0) return divide_by<4, N>(a, b, quotient);
    if (b.limb[2] != 0) return divide_by<3, N>(a, b, quotient);
    return divide_by<2, N>(a, b, quotient);
}

/// (a * b) mod m, by division. requires: m >= 2^64.
uint256 multiply_and_divide(const uint256& a, const uint256& b, const uint256& m) noexcept {
    std::uint64_t x[8];
    multiply_full(x, a, b);
    return divide_words<8>(x, m, nullptr);
}

}  // namespace

Division256 divide_long(const uint256& a, const uint256& b) noexcept {
    if (fast_less(a, b)) return {uint256{}, a};
    Division256 out;
    out.remainder = divide_words<4>(a.limb, b, out.quotient.limb);
    return out;
}

uint256 multiply_modulo_ones(const uint256& a, const uint256& b) noexcept {
    // 2^256 is 1, so the halves of the product add up; a sum that is the modulus itself is zero.
    std::uint64_t x[8];
    multiply_full(x, a, b);
    unsigned long long carry = 0;
    uint256 r;
    for (int i = 0; i < 4; ++i) r.limb[i] = __builtin_addcll(x[i], x[i + 4], carry, &carry);
    r = fast_add(r, uint256{carry});
    return (r.limb[0] & r.limb[1] & r.limb[2] & r.limb[3]) == ~std::uint64_t{0} ? uint256{} : r;
}

uint256 multiply_modulo(const uint256& a, const uint256& b, const Modulus& m) noexcept {
    std::uint64_t x[8];
    multiply_full(x, a, b);
    // q = floor(floor(x / 2^192) * reciprocal / 2^320): at most two below the true quotient.
    std::uint64_t q[10] = {};
    for (int i = 0; i < 5; ++i) q[i + 5] = multiply_add<5>(q + i, x[i + 3], m.reciprocal);
    std::uint64_t r[5];
    std::uint64_t product[10] = {};
    for (int i = 0; i < 5; ++i) {
        const std::uint64_t carry = multiply_add<4>(product + i, q[i + 5], m.value.limb);
        product[i + 4] += carry;
    }
    unsigned long long borrow = 0;
    for (int i = 0; i < 5; ++i) r[i] = __builtin_subcll(x[i], product[i], borrow, &borrow);
    for (;;) {
        std::uint64_t less[5];
        borrow = 0;
        for (int i = 0; i < 4; ++i)
            less[i] = __builtin_subcll(r[i], m.value.limb[i], borrow, &borrow);
        less[4] = __builtin_subcll(r[4], 0, borrow, &borrow);
        if (borrow != 0) return {r[0], r[1], r[2], r[3]};
        for (int i = 0; i < 5; ++i) r[i] = less[i];
    }
}

uint256 multiply_modulo(const uint256& a, const uint256& b, const uint256& m) noexcept {
    if (!has_reciprocal(m)) {
        const bool one_word = (m.limb[1] | m.limb[2] | m.limb[3]) == 0;
        return one_word ? mul_mod(a, b, m) : multiply_and_divide(a, b, m);
    }
    static thread_local Modulus known;
    static thread_local uint256 latest;
    if (!(known.value == m)) {
        // A reciprocal pays when its modulus comes again.
        if (!(latest == m)) {
            latest = m;
            return multiply_and_divide(a, b, m);
        }
        known.value = m;
        prepare(known);
    }
    return multiply_modulo(a, b, known);
}

uint256 add_modulo(const uint256& a, const uint256& b, const uint256& m) noexcept {
    // Both below a modulus with a high top word, as in field arithmetic: one subtraction.
    if (m.limb[3] != 0 && a < m && b < m) {
        const Sum256 sum = add_overflow(a, b);
        return sum.carry || !(sum.value < m) ? fast_sub(sum.value, m) : sum.value;
    }
    return add_mod(a, b, m);
}

}  // namespace mezz::node::interpreter
