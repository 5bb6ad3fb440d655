// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/recovery_lanes.hpp"

#include <memory>

#include "core/crypto/secp256k1_group.hpp"
#include "node/host/crypto/ifma.hpp"
#include "node/host/crypto/kzg_native.hpp"

namespace mezz::host {

#ifdef MEZZ_IFMA
#pragma clang attribute push(__attribute__((target("avx512f,avx512ifma"))), apply_to = function)

namespace ifma {

/// Eight elements of the field of secp256k1: five 52-bit limbs, value below 16 * 2^256.
///
/// Products come out below 2^256 + 2^76 (called 1 below), so sums of up to sixteen of them are
/// operands; differences add 4 p and are of numbers of at most 3.
struct S {
    __m512i l[5];
};

inline constexpr std::uint64_t FOLD = 0x1000003d1;  ///< 2^256 mod p
inline constexpr std::uint64_t MASK48 = (std::uint64_t{1} << 48) - 1;
/// 4 p = 2^258 - 4 FOLD.
inline constexpr std::uint64_t FOUR_P[5] = {(MASK52 + 1) - 4 * FOLD, MASK52, MASK52, MASK52,
                                            (std::uint64_t{1} << 50) - 1};

__attribute__((always_inline)) inline void carry(S& a) noexcept {
    const __m512i mask = all(MASK52);
    for (int i = 0; i < 4; ++i) {
        a.l[i + 1] = _mm512_add_epi64(a.l[i + 1], _mm512_srai_epi64(a.l[i], 52));
        a.l[i] = _mm512_and_si512(a.l[i], mask);
    }
}
/// Takes what is above 2^256 of carried limbs, and `above` times 2^260, back to the bottom.
__attribute__((always_inline)) inline void fold(S& a, __m512i above) noexcept {
    const __m512i over =
        _mm512_add_epi64(_mm512_srli_epi64(a.l[4], 48), _mm512_slli_epi64(above, 4));
    a.l[4] = _mm512_and_si512(a.l[4], all(MASK48));
    a.l[0] = _mm512_madd52lo_epu64(a.l[0], over, all(FOLD));
    a.l[1] = _mm512_madd52hi_epu64(a.l[1], over, all(FOLD));
    carry(a);
}
__attribute__((always_inline)) inline S operator+(const S& a, const S& b) noexcept {
    S r;
    for (int i = 0; i < 5; ++i) r.l[i] = _mm512_add_epi64(a.l[i], b.l[i]);
    carry(r);
    return r;
}
__attribute__((always_inline)) inline S operator-(const S& a, const S& b) noexcept {
    S r;
    for (int i = 0; i < 5; ++i)
        r.l[i] = _mm512_sub_epi64(_mm512_add_epi64(a.l[i], all(FOUR_P[i])), b.l[i]);
    carry(r);
    return r;
}
/// 21 a, folded.
__attribute__((always_inline)) inline S times_b3(const S& a) noexcept {
    S r;
    for (int i = 0; i < 5; ++i)
        r.l[i] = _mm512_add_epi64(
            a.l[i], _mm512_add_epi64(_mm512_slli_epi64(a.l[i], 4), _mm512_slli_epi64(a.l[i], 2)));
    carry(r);
    fold(r, _mm512_setzero_si512());
    return r;
}
inline S operator*(const S& a, const S& b) noexcept {
    const __m512i zero = _mm512_setzero_si512(), mask = all(MASK52), fold_260 = all(FOLD << 4);
    __m512i t[10];
    for (auto& v : t) v = zero;
#pragma clang loop unroll(full)
    for (int i = 0; i < 5; ++i) {
#pragma clang loop unroll(full)
        for (int j = 0; j < 5; ++j) {
            t[i + j] = _mm512_madd52lo_epu64(t[i + j], a.l[j], b.l[i]);
            t[i + j + 1] = _mm512_madd52hi_epu64(t[i + j + 1], a.l[j], b.l[i]);
        }
    }
    for (int k = 5; k < 9; ++k) {
        t[k + 1] = _mm512_add_epi64(t[k + 1], _mm512_srli_epi64(t[k], 52));
        t[k] = _mm512_and_si512(t[k], mask);
    }
    S r;
    for (int k = 0; k < 5; ++k) r.l[k] = _mm512_madd52lo_epu64(t[k], t[5 + k], fold_260);
    for (int k = 0; k < 4; ++k) r.l[k + 1] = _mm512_madd52hi_epu64(r.l[k + 1], t[5 + k], fold_260);
    const __m512i above = _mm512_madd52hi_epu64(zero, t[9], fold_260);
    carry(r);
    fold(r, above);
    return r;
}
inline S blend(__mmask8 mask, const S& when_clear, const S& when_set) noexcept {
    S r;
    for (int i = 0; i < 5; ++i)
        r.l[i] = _mm512_mask_blend_epi64(mask, when_clear.l[i], when_set.l[i]);
    return r;
}
inline Lanes<S> blend(__mmask8 mask, const Lanes<S>& when_clear,
                      const Lanes<S>& when_set) noexcept {
    return {blend(mask, when_clear.x, when_set.x), blend(mask, when_clear.y, when_set.y),
            blend(mask, when_clear.z, when_set.z)};
}
inline S number(std::uint64_t v) noexcept {
    S r;
    for (auto& l : r.l) l = _mm512_setzero_si512();
    r.l[0] = all(v);
    return r;
}
inline S negated(__mmask8 mask, const S& y) noexcept {
    return blend(mask, y, number(0) - y);
}
inline S load_s(const Element* const (&from)[8]) noexcept {
    const F all_limbs = load(from);
    S r;
    for (int i = 0; i < 5; ++i) r.l[i] = all_limbs.l[i];
    return r;
}
inline void store_s(const S& v, Element* const (&to)[8]) noexcept {
    F wide;
    for (int i = 0; i < 8; ++i) wide.l[i] = i < 5 ? v.l[i] : _mm512_setzero_si512();
    store(wide, to);
}
inline S squared(S v, int times) noexcept {
    for (int i = 0; i < times; ++i) v = v * v;
    return v;
}
/// The candidate square root: a^((p + 1) / 4), whose exponent starts with 223 one bits.
inline S root(const S& a) noexcept {
    const S x2 = a * a * a, x3 = x2 * x2 * a;
    const S x6 = squared(x3, 3) * x3, x9 = squared(x6, 3) * x3, x11 = squared(x9, 2) * x2;
    const S x22 = squared(x11, 11) * x11, x44 = squared(x22, 22) * x22;
    const S x88 = squared(x44, 44) * x44, x176 = squared(x88, 88) * x88;
    const S x220 = squared(x176, 44) * x44, x223 = squared(x220, 3) * x3;
    return squared(squared(squared(x223, 23) * x22, 6) * x2, 2);
}

}  // namespace ifma

namespace {

using namespace crypto::secp256k1;
using ifma::Element;
using ifma::Lanes;
using ifma::S;

constexpr std::size_t lanes = 8;
constexpr std::size_t base_width = 7, base_windows = 256 / base_width + 1,
                      base_entries = std::size_t{1} << (base_width - 1);
constexpr std::size_t width = 4, windows = 132 / width, entries = 8;

Element element(const uint256& v) noexcept {
    const std::uint64_t limbs[4] = {v.limb[0], v.limb[1], v.limb[2], v.limb[3]};
    const auto narrow = ifma::to_52(limbs);
    Element out;
    std::memcpy(out.limb, narrow.data(), sizeof out.limb);
    return out;
}
/// requires: value below 16 * 2^256, limbs of 52 bits.
Fp field(const Element& e) noexcept {
    // The bits above 2^256 fold to the bottom; then at most one subtraction is left.
    const auto low = ifma::to_64(e.limb);
    const uint256 value{low[0], low[1], low[2], low[3]};
    const Fp top = Fp::from_u64(low[4]) * Fp::from_u64(ifma::FOLD);
    const auto reduced = Fp::from_uint256(value);
    const Fp rest = reduced ? *reduced : *Fp::from_uint256(value + uint256{ifma::FOLD});
    return rest + top;
}
S gather(const std::array<Element, lanes>& values) noexcept {
    const Element* from[lanes];
    for (std::size_t i = 0; i < lanes; ++i) from[i] = &values[i];
    return ifma::load_s(from);
}
std::array<Element, lanes> scatter(const S& v) noexcept {
    std::array<Element, lanes> out;
    Element* to[lanes];
    for (std::size_t i = 0; i < lanes; ++i) to[i] = &out[i];
    ifma::store_s(v, to);
    return out;
}

/// In window i the multiples 1 to 64 of 2^(7 i) G.
struct BaseTable {
    std::vector<ifma::Affine> at;

    BaseTable() : at(base_windows * base_entries) {
        std::vector<Point> sums;
        sums.reserve(at.size());
        Point base(Affine{
            Fp::from_hex("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
            Fp::from_hex("0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")});
        for (std::size_t w = 0; w < base_windows; ++w) {
            Point p = base;
            for (std::size_t m = 0; m < base_entries; ++m) {
                sums.push_back(p);
                p += base;
            }
            for (std::size_t k = 0; k < base_width; ++k) base = base.twice();
        }
        const auto affine = crypto::affine_all<Fp, false>(std::span<const Point>(sums));
        for (std::size_t i = 0; i < at.size(); ++i)
            at[i] = {element(affine[i].x.to_uint256()), element(affine[i].y.to_uint256())};
    }
};
const BaseTable& base_table() {
    static const BaseTable table;
    return table;
}

/// Signed digits of WIDTH bits, |digit| <= 2^(WIDTH - 1), lowest first.
template <std::size_t WIDTH, std::size_t COUNT>
std::array<std::int8_t, COUNT> digits_of(const uint256& k, bool negative) noexcept {
    std::array<std::int8_t, COUNT> out;
    int carry = 0;
    for (std::size_t i = 0; i < COUNT; ++i) {
        const std::size_t at = WIDTH * i, limb = at / 64, shift = at % 64;
        std::uint64_t v = limb < 4 ? k.limb[limb] >> shift : 0;
        if (shift + WIDTH > 64 && limb + 1 < 4) v |= k.limb[limb + 1] << (64 - shift);
        int d = static_cast<int>(v & ((1u << WIDTH) - 1)) + carry;
        carry = d > (1 << (WIDTH - 1)) ? 1 : 0;
        d -= carry << WIDTH;
        out[i] = static_cast<std::int8_t>(negative ? -d : d);
    }
    return out;
}

using HalfDigits = std::array<std::int8_t, windows>;
HalfDigits half_digits(const Half& half) noexcept {
    return digits_of<width, windows>(half.size, half.negative);
}

struct Work {
    std::array<std::int8_t, base_windows> generator;
    HalfDigits low, high;
    uint256 x;
};

/// Which lanes add an entry, which subtract it, and where the entries are.
struct Choice {
    unsigned used = 0, negative = 0;
    std::size_t entry[lanes];

    void set(std::size_t lane, int digit) noexcept {
        if (digit != 0) used |= 1u << lane;
        if (digit < 0) negative |= 1u << lane;
        entry[lane] = digit == 0 ? 0 : static_cast<std::size_t>(digit < 0 ? -digit : digit) - 1;
    }
};

/// Multiples 1 to 8 of each lane's point.
struct Multiples {
    ifma::Point at[entries][lanes];

    Lanes<S> choose(const Choice& c) const noexcept {
        const Element *x[lanes], *y[lanes], *z[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const ifma::Point& p = at[c.entry[lane]][lane];
            x[lane] = &p.x;
            y[lane] = &p.y;
            z[lane] = &p.z;
        }
        Lanes<S> p{ifma::load_s(x), ifma::load_s(y), ifma::load_s(z)};
        p.y = ifma::negated(static_cast<__mmask8>(c.negative), p.y);
        return p;
    }
    void keep(std::size_t m, const Lanes<S>& p) noexcept {
        Element *x[lanes], *y[lanes], *z[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            x[lane] = &at[m][lane].x;
            y[lane] = &at[m][lane].y;
            z[lane] = &at[m][lane].z;
        }
        ifma::store_s(p.x, x);
        ifma::store_s(p.y, y);
        ifma::store_s(p.z, z);
    }
};

Lanes<S> add_chosen(const Lanes<S>& total, const Multiples& multiples, const Choice& c,
                    bool rotated, const S& beta) noexcept {
    if (c.used == 0) return total;
    Lanes<S> p = multiples.choose(c);
    if (rotated) p.x = p.x * beta;
    return ifma::blend(static_cast<__mmask8>(c.used), total, total + p);
}

/// Sums of multiples of G and of each lane's nonce point (x, y).
Lanes<S> multiply_two_each(const std::array<Work, lanes>& work, const S& x, const S& y) {
    const S one = ifma::number(1), zero = ifma::number(0);
    auto multiples = std::make_unique<Multiples>();
    Lanes<S> next{x, y, one};
    multiples->keep(0, next);
    for (std::size_t m = 1; m < entries; ++m) {
        next = ifma::add_affine(next, x, y);
        multiples->keep(m, next);
    }
    std::array<Element, lanes> betas;
    betas.fill(element(BETA.to_uint256()));
    const S beta = gather(betas);
    Lanes<S> total{zero, one, zero};
    for (std::size_t w = windows; w-- > 0;) {
        if (w + 1 != windows)
            for (std::size_t k = 0; k < width; ++k) total = ifma::twice(total);
        Choice low, high;
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            low.set(lane, work[lane].low[w]);
            high.set(lane, work[lane].high[w]);
        }
        total = add_chosen(total, *multiples, low, false, beta);
        total = add_chosen(total, *multiples, high, true, beta);
    }
    const BaseTable& table = base_table();
    for (std::size_t w = 0; w < base_windows; ++w) {
        Choice c;
        const Element *px[lanes], *py[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            c.set(lane, work[lane].generator[w]);
            const auto& entry = table.at[w * base_entries + c.entry[lane]];
            px[lane] = &entry.x;
            py[lane] = &entry.y;
        }
        if (c.used == 0) continue;
        const S ey = ifma::negated(static_cast<__mmask8>(c.negative), ifma::load_s(py));
        total = ifma::blend(static_cast<__mmask8>(c.used), total,
                            ifma::add_affine(total, ifma::load_s(px), ey));
    }
    return total;
}

bool in_range(const uint256& v) noexcept {
    return !v.is_zero() && v < crypto::SECP256K1_ORDER;
}

/// Up to eight. What no lane can say for certain is left to the library.
void recover_group(std::span<const SignedHash> inputs, std::span<std::optional<Address>> out) {
    std::array<Work, lanes> work;
    std::array<bool, lanes> good{};
    std::array<Scalar, lanes> inverse;
    for (std::size_t i = 0; i < lanes; ++i) {
        good[i] = i < inputs.size() && in_range(inputs[i].r) && in_range(inputs[i].s);
        inverse[i] = good[i] ? scalar_from(inputs[i].r) : Scalar::one();
    }
    crypto::invert_all<Scalar>(inverse);
    std::array<Element, lanes> xs;
    for (std::size_t i = 0; i < lanes; ++i) {
        Scalar of_generator = Scalar::one(), of_point = Scalar::one();
        work[i].x = 1;
        if (good[i]) {
            const SignedHash& in = inputs[i];
            of_generator = -(scalar_from(to_uint256(in.hash)) * inverse[i]);
            of_point = scalar_from(in.s) * inverse[i];
            work[i].x = in.r;
        }
        work[i].generator = digits_of<base_width, base_windows>(to_uint256(of_generator), false);
        const Halves halves = split(of_point);
        work[i].low = half_digits(halves.low);
        work[i].high = half_digits(halves.high);
        xs[i] = element(work[i].x);
    }
    const S x = gather(xs);
    const S y = ifma::root(x * x * x + ifma::number(7));
    auto ys = scatter(y);
    for (std::size_t i = 0; i < lanes; ++i) {
        Fp root = field(ys[i]);
        const auto px = Fp::from_uint256(work[i].x);
        good[i] = good[i] && px && root.square() == px->square() * *px + Fp::from_u64(7);
        if (good[i] && root.is_odd() != inputs[i].odd_y) root = -root;
        ys[i] = element(root.to_uint256());
    }
    const Lanes<S> keys = multiply_two_each(work, x, gather(ys));
    const auto kx = scatter(keys.x), ky = scatter(keys.y), kz = scatter(keys.z);
    std::array<Fp, lanes> z;
    for (std::size_t i = 0; i < lanes; ++i) z[i] = field(kz[i]);
    std::array<Fp, lanes> z_inverse = z;
    crypto::invert_all<Fp>(z_inverse);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (!good[i] || z[i].is_zero()) {
            out[i] =
                recover_address_native(inputs[i].hash, inputs[i].r, inputs[i].s, inputs[i].odd_y);
            continue;
        }
        crypto::PublicKey key;
        (field(kx[i]) * z_inverse[i]).to_be(key.data());
        (field(ky[i]) * z_inverse[i]).to_be(key.data() + 32);
        out[i] = crypto::address_of(key);
    }
}

}  // namespace

#pragma clang attribute pop
#endif

std::vector<std::optional<Address>> recover_addresses(std::span<const SignedHash> inputs) {
    std::vector<std::optional<Address>> out(inputs.size());
    std::size_t at = 0;
#ifdef MEZZ_IFMA
    // A group costs as much as three or four recoveries by the library.
    if (ifma_available())
        for (; at + 4 <= inputs.size(); at += std::min<std::size_t>(8, inputs.size() - at)) {
            const std::size_t n = std::min<std::size_t>(8, inputs.size() - at);
            recover_group(inputs.subspan(at, n), std::span(out).subspan(at, n));
        }
#endif
    for (; at < inputs.size(); ++at)
        out[at] =
            recover_address_native(inputs[at].hash, inputs[at].r, inputs[at].s, inputs[at].odd_y);
    return out;
}

}  // namespace mezz::host
