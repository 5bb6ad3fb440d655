// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Montgomery products of six limbs with two carry chains at once (MULX, ADCX, ADOX), which no
/// compiler makes of the plain loop. Its twin is PrimeField::multiply.
///
/// spec: Intel, "New Instructions Supporting Large Integer Arithmetic" (2013).

#if defined(__x86_64__)
#include <array>
#include <cstdint>

namespace mezz::crypto::x86 {

/// Whether the processor has those instructions; false while constants of other files are made.
inline const bool has_adx = __builtin_cpu_supports("adx") && __builtin_cpu_supports("bmi2");

/// One limb of b: t := (t + a b + m p) / 2^64, where m makes the lowest limb vanish. In: limbs
/// T0 … T5; out: T1 … T6. The sum stays below a + p, which has six limbs where p has a spare bit.
#define MEZZ_MONTGOMERY_ROW(B, T0, T1, T2, T3, T4, T5, T6)                                \
    digit = (B);                                                                          \
    asm("xorl %k[x6], %k[x6]\n\t" /* clears both carries */                               \
        "mulxq 0(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x0]\n\tadoxq %[hi], %[x1]\n\t"     \
        "mulxq 8(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x1]\n\tadoxq %[hi], %[x2]\n\t"     \
        "mulxq 16(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x2]\n\tadoxq %[hi], %[x3]\n\t"    \
        "mulxq 24(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x3]\n\tadoxq %[hi], %[x4]\n\t"    \
        "mulxq 32(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x4]\n\tadoxq %[hi], %[x5]\n\t"    \
        "mulxq 40(%[a]), %[lo], %[hi]\n\tadcxq %[lo], %[x5]\n\tadoxq %[hi], %[x6]\n\t"    \
        "movl $0, %k[lo]\n\tadcxq %[lo], %[x6]\n\t"                                       \
        "movq %[x0], %%rdx\n\timulq %[inverse], %%rdx\n\txorl %k[lo], %k[lo]\n\t"         \
        "mulxq 0(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x0]\n\tadoxq %[hi], %[x1]\n\t"     \
        "mulxq 8(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x1]\n\tadoxq %[hi], %[x2]\n\t"     \
        "mulxq 16(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x2]\n\tadoxq %[hi], %[x3]\n\t"    \
        "mulxq 24(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x3]\n\tadoxq %[hi], %[x4]\n\t"    \
        "mulxq 32(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x4]\n\tadoxq %[hi], %[x5]\n\t"    \
        "mulxq 40(%[p]), %[lo], %[hi]\n\tadcxq %[lo], %[x5]\n\tadoxq %[hi], %[x6]\n\t"    \
        "movl $0, %k[lo]\n\tadcxq %[lo], %[x6]\n\t"                                       \
        : [x0] "+&r"(T0), [x1] "+&r"(T1), [x2] "+&r"(T2), [x3] "+&r"(T3), [x4] "+&r"(T4), \
          [x5] "+&r"(T5), [x6] "=&r"(T6), [lo] "=&r"(low), [hi] "=&r"(high), "+&d"(digit) \
        : [a] "r"(a.data()), [p] "r"(p.data()), [inverse] "m"(inverse), "m"(a), "m"(p)    \
        : "cc")

/// a b / 2^384 mod p, or that plus p. requires: has_adx; p is below 2^383, a below p;
/// inverse = -1 / p mod 2^64.
inline std::array<std::uint64_t, 6> multiply(const std::array<std::uint64_t, 6>& a,
                                             const std::array<std::uint64_t, 6>& b,
                                             const std::array<std::uint64_t, 6>& p,
                                             const std::uint64_t& inverse) noexcept {
    std::uint64_t t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6, low, high, digit;
    MEZZ_MONTGOMERY_ROW(b[0], t0, t1, t2, t3, t4, t5, t6);
    MEZZ_MONTGOMERY_ROW(b[1], t1, t2, t3, t4, t5, t6, t0);
    MEZZ_MONTGOMERY_ROW(b[2], t2, t3, t4, t5, t6, t0, t1);
    MEZZ_MONTGOMERY_ROW(b[3], t3, t4, t5, t6, t0, t1, t2);
    MEZZ_MONTGOMERY_ROW(b[4], t4, t5, t6, t0, t1, t2, t3);
    MEZZ_MONTGOMERY_ROW(b[5], t5, t6, t0, t1, t2, t3, t4);
    return {t6, t0, t1, t2, t3, t4};
}

#undef MEZZ_MONTGOMERY_ROW

}  // namespace mezz::crypto::x86
#endif
