// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// BLS12-381 G1, and the formulas of curves y^2 = x^3 + b, in eight lanes of AVX-512 IFMA. Internal
/// to node/host/crypto; include only where MEZZ_IFMA is defined, and call only where
/// `ifma_available()`.
///
/// A field element is eight 52-bit limbs in Montgomery form with R = 2^416, lane by lane. The 35
/// bits to spare make reductions unnecessary: a product of numbers below 2^16 p is below 1.125 p,
/// so sums and differences (with 64 p added) go unreduced into the next product. Every result has
/// its carries propagated, since products read 52 bits of a limb.
///
/// Points are homogeneous projective (x = X/Z, y = Y/Z, neutral 0:1:0) under complete formulas:
/// the curve has odd order, so no pair of points is an exception and lanes need no branches.
/// spec: Renes, Costello, Batina (2016), "Complete addition formulas for prime order elliptic
/// curves", algorithms 7, 8 and 9 with a = 0, b3 = 3 b. Public data only.

#include "core/crypto/bls12_381_group.hpp"

#if defined(__clang__) && defined(__x86_64__)
#define MEZZ_IFMA 1
#endif

#ifdef MEZZ_IFMA
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx512f,avx512ifma"))), apply_to = function)

namespace mezz::host::ifma {

inline constexpr std::uint64_t MASK52 = (std::uint64_t{1} << 52) - 1;
using Limbs52 = std::array<std::uint64_t, 8>;

/// Numbers of up to 416 bits from 64-bit limbs to 52-bit limbs, and back (up to 384 bits).
constexpr Limbs52 to_52(std::span<const std::uint64_t> v) noexcept {
    Limbs52 r{};
    for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t at = 52 * i, limb = at / 64, shift = at % 64;
        if (limb >= v.size()) break;
        r[i] = v[limb] >> shift;
        if (shift > 12 && limb + 1 < v.size()) r[i] |= v[limb + 1] << (64 - shift);
        r[i] &= MASK52;
    }
    return r;
}
constexpr std::array<std::uint64_t, 6> to_64(const std::uint64_t* v) noexcept {
    std::array<std::uint64_t, 6> r{};
    for (std::size_t i = 0; i < 8; ++i) {
        const std::size_t at = 52 * i, limb = at / 64, shift = at % 64;
        if (limb < 6) r[limb] |= v[i] << shift;
        if (shift > 12 && limb + 1 < 6) r[limb + 1] |= v[i] >> (64 - shift);
    }
    return r;
}

struct Constants {
    Limbs52 p;
    Limbs52 p64;  ///< 64 p, as a sum of limbs that need no carries
    Limbs52 one;  ///< 2^416 mod p
    Limbs52 r2;   ///< 2^832 mod p
    std::uint64_t minus_inverse;
};
/// 2^exponent mod p.
constexpr Limbs52 power_of_two(std::uint64_t exponent) noexcept {
    const std::uint64_t e[1] = {exponent};
    return to_52(crypto::bls12_381::Fp::from_u64(2).power(e).to_limbs());
}
constexpr Constants make_constants() noexcept {
    const auto& modulus = crypto::bls12_381::Fp::modulus();
    Constants k{};
    k.p = to_52(modulus);
    std::array<std::uint64_t, 7> shifted{};
    for (std::size_t i = 0; i < 6; ++i) {
        shifted[i] |= modulus[i] << 6;
        shifted[i + 1] |= modulus[i] >> 58;
    }
    k.p64 = to_52(shifted);
    k.one = power_of_two(416);
    k.r2 = power_of_two(832);
    std::uint64_t inverse = 1;
    for (int i = 0; i < 6; ++i) inverse *= 2 - k.p[0] * inverse;
    k.minus_inverse = (0 - inverse) & MASK52;
    return k;
}
inline constexpr Constants K = make_constants();

/// Eight field elements.
struct F {
    __m512i l[8];
};

inline __m512i all(std::uint64_t v) noexcept {
    return _mm512_set1_epi64(static_cast<long long>(v));
}
inline F broadcast(const Limbs52& v) noexcept {
    F r;
    for (int i = 0; i < 8; ++i) r.l[i] = all(v[static_cast<std::size_t>(i)]);
    return r;
}
/// Signed carries upwards; the value must not be negative.
__attribute__((always_inline)) inline void carry(F& a) noexcept {
    const __m512i mask = all(MASK52);
    for (int i = 0; i < 7; ++i) {
        a.l[i + 1] = _mm512_add_epi64(a.l[i + 1], _mm512_srai_epi64(a.l[i], 52));
        a.l[i] = _mm512_and_si512(a.l[i], mask);
    }
}
__attribute__((always_inline)) inline F operator+(const F& a, const F& b) noexcept {
    F r;
    for (int i = 0; i < 8; ++i) r.l[i] = _mm512_add_epi64(a.l[i], b.l[i]);
    carry(r);
    return r;
}
__attribute__((always_inline)) inline F operator-(const F& a, const F& b) noexcept {
    const Limbs52& p64 = K.p64;
    F r;
    for (int i = 0; i < 8; ++i)
        r.l[i] = _mm512_sub_epi64(_mm512_add_epi64(a.l[i], all(p64[static_cast<std::size_t>(i)])),
                                  b.l[i]);
    carry(r);
    return r;
}
/// 12 a.
__attribute__((always_inline)) inline F times_b3(const F& a) noexcept {
    F r;
    for (int i = 0; i < 8; ++i)
        r.l[i] = _mm512_add_epi64(_mm512_slli_epi64(a.l[i], 3), _mm512_slli_epi64(a.l[i], 2));
    carry(r);
    return r;
}
inline F multiply(const F& a, const F& b) noexcept {
    const __m512i zero = _mm512_setzero_si512(), inverse = all(K.minus_inverse);
    __m512i p[8], t[9];
    for (int j = 0; j < 8; ++j) p[j] = all(K.p[static_cast<std::size_t>(j)]);
    for (auto& v : t) v = zero;
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; ++i) {
        const __m512i x = b.l[i];
#pragma clang loop unroll(full)
        for (int j = 0; j < 8; ++j) t[j] = _mm512_madd52lo_epu64(t[j], a.l[j], x);
        const __m512i m = _mm512_madd52lo_epu64(zero, t[0], inverse);
#pragma clang loop unroll(full)
        for (int j = 0; j < 8; ++j) t[j] = _mm512_madd52lo_epu64(t[j], p[j], m);
        const __m512i up = _mm512_srli_epi64(t[0], 52);  // the low 52 bits are zero now
#pragma clang loop unroll(full)
        for (int j = 0; j < 8; ++j) {
            __m512i high = j == 0 ? _mm512_add_epi64(t[1], up) : t[j + 1];
            high = _mm512_madd52hi_epu64(high, a.l[j], x);
            t[j] = _mm512_madd52hi_epu64(high, p[j], m);
        }
        t[8] = zero;
    }
    F r;
    for (int j = 0; j < 8; ++j) r.l[j] = t[j];
    carry(r);
    return r;
}
inline F operator*(const F& a, const F& b) noexcept {
    return multiply(a, b);
}
inline F blend(__mmask8 mask, const F& when_clear, const F& when_set) noexcept {
    F r;
    for (int i = 0; i < 8; ++i)
        r.l[i] = _mm512_mask_blend_epi64(mask, when_clear.l[i], when_set.l[i]);
    return r;
}

/// Rows to columns of eight rows of eight words.
inline F transpose(const __m512i (&row)[8]) noexcept {
    __m512i a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = _mm512_unpacklo_epi64(row[i], row[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi64(row[i], row[i + 1]);
    }
    for (int i = 0; i < 2; ++i) {
        b[i] = _mm512_shuffle_i64x2(a[i], a[i + 2], 0x88);
        b[i + 2] = _mm512_shuffle_i64x2(a[i], a[i + 2], 0xdd);
        b[i + 4] = _mm512_shuffle_i64x2(a[i + 4], a[i + 6], 0x88);
        b[i + 6] = _mm512_shuffle_i64x2(a[i + 4], a[i + 6], 0xdd);
    }
    F r;
    for (int i = 0; i < 2; ++i) {
        r.l[i] = _mm512_shuffle_i64x2(b[i], b[i + 4], 0x88);
        r.l[i + 4] = _mm512_shuffle_i64x2(b[i], b[i + 4], 0xdd);
        r.l[i + 2] = _mm512_shuffle_i64x2(b[i + 2], b[i + 6], 0x88);
        r.l[i + 6] = _mm512_shuffle_i64x2(b[i + 2], b[i + 6], 0xdd);
    }
    return r;
}

/// One element of memory.
struct alignas(64) Element {
    std::uint64_t limb[8];
};
/// A point of memory in affine form; never neutral.
struct Affine {
    Element x, y;
};
/// A point of memory in projective form.
struct Point {
    Element x, y, z;
};
/// Eight points.
template <class T>
struct Lanes {
    T x, y, z;
};
using Points = Lanes<F>;

inline F load(const Element* const (&from)[8]) noexcept {
    __m512i rows[8];
    for (int i = 0; i < 8; ++i) rows[i] = _mm512_load_si512(from[i]);
    return transpose(rows);
}
inline void store(const F& v, Element* const (&to)[8]) noexcept {
    const F rows = transpose(v.l);
    for (int i = 0; i < 8; ++i) _mm512_store_si512(to[i], rows.l[i]);
}
inline Points load(const Point* const (&from)[8]) noexcept {
    const Element *x[8], *y[8], *z[8];
    for (int i = 0; i < 8; ++i) x[i] = &from[i]->x, y[i] = &from[i]->y, z[i] = &from[i]->z;
    return {load(x), load(y), load(z)};
}
inline void store(const Points& v, Point* const (&to)[8]) noexcept {
    Element *x[8], *y[8], *z[8];
    for (int i = 0; i < 8; ++i) x[i] = &to[i]->x, y[i] = &to[i]->y, z[i] = &to[i]->z;
    store(v.x, x);
    store(v.y, y);
    store(v.z, z);
}

inline Points neutral() noexcept {
    const F zero = broadcast({});
    return {zero, broadcast(K.one), zero};
}
inline Points blend(__mmask8 mask, const Points& when_clear, const Points& when_set) noexcept {
    return {blend(mask, when_clear.x, when_set.x), blend(mask, when_clear.y, when_set.y),
            blend(mask, when_clear.z, when_set.z)};
}
/// Negates the lanes of the mask.
inline F negated(__mmask8 mask, const F& y) noexcept {
    return blend(mask, y, broadcast({}) - y);
}

/// The end that both additions share.
template <class T>
Lanes<T> finish_addition(const T& t0, const T& t1, const T& t2, const T& t3, const T& t4,
                         const T& y3) noexcept {
    const T three = t0 + t0 + t0, scaled = times_b3(t2);
    const T sum = t1 + scaled, difference = t1 - scaled, y = times_b3(y3);
    return {t3 * difference - t4 * y, y * three + difference * sum, sum * t4 + three * t3};
}
template <class T>
Lanes<T> operator+(const Lanes<T>& p, const Lanes<T>& q) noexcept {
    const T t0 = p.x * q.x, t1 = p.y * q.y, t2 = p.z * q.z;
    const T t3 = (p.x + p.y) * (q.x + q.y) - (t0 + t1);
    const T t4 = (p.y + p.z) * (q.y + q.z) - (t1 + t2);
    const T y3 = (p.x + p.z) * (q.x + q.z) - (t0 + t2);
    return finish_addition(t0, t1, t2, t3, t4, y3);
}
/// p + (x, y).
template <class T>
Lanes<T> add_affine(const Lanes<T>& p, const T& x, const T& y) noexcept {
    const T t0 = p.x * x, t1 = p.y * y;
    const T t3 = (x + y) * (p.x + p.y) - (t0 + t1);
    const T t4 = y * p.z + p.y, y3 = x * p.z + p.x;
    return finish_addition(t0, t1, p.z, t3, t4, y3);
}
template <class T>
Lanes<T> twice(const Lanes<T>& p) noexcept {
    const T t0 = p.y * p.y, t1 = p.y * p.z, t2 = times_b3(p.z * p.z);
    const T two = t0 + t0, four = two + two, eight = four + four;
    const T difference = t0 - (t2 + t2 + t2);
    const T xy = difference * (p.x * p.y);
    return {xy + xy, t2 * eight + difference * (t0 + t2), t1 * eight};
}

/// Bounds: products are below 1.125 p; coordinates of a result below 66 p; what enters a product
/// below 800 p = 2^9.7 p.

inline Element element(const crypto::bls12_381::Fp& v) noexcept {
    // Montgomery form by one vector product; only tables and transforms' ends pass here.
    const F r = broadcast(to_52(v.to_limbs())) * broadcast(K.r2);
    Element out;
    Element lanes[8];
    Element* to[8];
    for (int i = 0; i < 8; ++i) to[i] = &lanes[i];
    store(r, to);
    out = lanes[0];
    return out;
}
inline crypto::bls12_381::Fp value(const Element& e) noexcept {
    Limbs52 limbs, unit{1};
    std::memcpy(limbs.data(), e.limb, sizeof e.limb);
    const F r = broadcast(limbs) * broadcast(unit);
    Element lanes[8];
    Element* to[8];
    for (int i = 0; i < 8; ++i) to[i] = &lanes[i];
    store(r, to);
    return crypto::bls12_381::Fp::from_limbs(to_64(lanes[0].limb));
}
inline Point point(const crypto::bls12_381::G1Sum& p) noexcept {
    // Jacobian (X/Z^2, Y/Z^3) as projective: (X Z : Y : Z^3).
    return {element(p.x * p.z), element(p.infinity() ? crypto::bls12_381::Fp::one() : p.y),
            element(p.z.square() * p.z)};
}
inline crypto::bls12_381::G1Sum sum(const Point& p) noexcept {
    const auto x = value(p.x), y = value(p.y), z = value(p.z);
    if (z.is_zero()) return {};
    return {x * z, y * z.square(), z};
}

}  // namespace mezz::host::ifma

#pragma clang attribute pop
#endif
