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

}  // namespace

uint256 multiply_modulo(const uint256& a, const uint256& b, const Modulus& m) noexcept {
    std::uint64_t x[8] = {};
    for (int i = 0; i < 4; ++i) x[i + 4] = multiply_add<4>(x + i, a.limb[i], b.limb);
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
    if (!has_reciprocal(m)) return mul_mod(a, b, m);
    static thread_local Modulus known;
    static thread_local uint256 latest;
    if (!(known.value == m)) {
        // A reciprocal pays when its modulus comes again.
        if (!(latest == m)) {
            latest = m;
            return mul_mod(a, b, m);
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
