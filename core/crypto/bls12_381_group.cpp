// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bls12_381_group.hpp"

#include <vector>

#include "core/crypto/msm.hpp"
#include "core/crypto/pairing_lines.hpp"

namespace mezz::crypto::bls12_381 {
namespace {

using Fp12 = DodecicField<Tower>;

constexpr Fp2 TWIST_B{Fp::from_u64(4), Fp::from_u64(4)};
constexpr uint256 X_SQUARED = uint256{MINUS_X} * uint256{MINUS_X};

/// [-x] p. The parameter has six one bits.
template <class F>
Jacobian<F> times_minus_x(const Jacobian<F>& p) noexcept {
    Jacobian<F> r = p;
    for (int i = 62; i >= 0; --i) {
        r = r.twice();
        if (((MINUS_X >> i) & 1) != 0) r += p;
    }
    return r;
}

G2Sum psi(const G2Sum& q) noexcept {
    return {q.x.conjugate() * PSI_X, q.y.conjugate() * PSI_Y, q.z.conjugate()};
}

/// Any 256-bit number modulo r: at most two subtractions, for 2^256 < 3 r.
Scalar reduced(Scalar k) noexcept {
    while (!less_limbs(k, OrderModulus::LIMBS)) {
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < 4; ++i) k[i] = sub_borrow(k[i], OrderModulus::LIMBS[i], borrow);
    }
    return k;
}

Fp12 miller_loop(std::span<const Pair> pairs) {
    std::vector<G2Sum> t;
    t.reserve(pairs.size());
    for (const auto& pair : pairs) t.emplace_back(pair.q);
    Fp12 f = Fp12::one();
    for (int i = 62; i >= 0; --i) {
        f = f.square();
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            multiply_by_line_m(f, double_step(t[k]), pairs[k].p);
            if (((MINUS_X >> i) & 1) != 0)
                multiply_by_line_m(f, add_step(t[k], pairs[k].q), pairs[k].p);
        }
    }
    return f.conjugate();  // x is negative
}

Fp12 power_x(const Fp12& f) noexcept {
    return f.cyclotomic_power(MINUS_X).conjugate();
}

/// f^(3 (p^12 - 1) / r): the hard part is (x - 1)^2 (x + p) (x^2 + p^2 - 1) + 3.
Fp12 final_exponentiation(const Fp12& f) noexcept {
    const Fp12 g = easy_part(f);
    Fp12 a = power_x(g) * g.conjugate();
    a = power_x(a) * a.conjugate();
    const Fp12 b = power_x(a) * a.frobenius();
    const Fp12 c = power_x(power_x(b)) * b.frobenius().frobenius() * b.conjugate();
    return c * g.cyclotomic_square() * g;
}

/// Whether y is larger than -y as a number.
bool is_larger(const Fp& y) noexcept {
    return less_limbs((-y).to_limbs(), y.to_limbs());
}
bool is_larger(const Fp2& y) noexcept {
    return y.a1.is_zero() ? is_larger(y.a0) : is_larger(y.a1);
}

constexpr std::uint8_t COMPRESSED = 0x80, NEUTRAL = 0x40, LARGER = 0x20, FLAGS = 0xe0;

/// Whether the encoding is the one neutral element's.
bool is_neutral_encoding(ByteView bytes) noexcept {
    if (bytes[0] != (COMPRESSED | NEUTRAL)) return false;
    for (std::size_t i = 1; i < bytes.size(); ++i)
        if (bytes[i] != 0) return false;
    return true;
}

}  // namespace

bool on_curve(const G1& p) noexcept {
    return p.infinity || p.y.square() == p.x.square() * p.x + Fp::from_u64(4);
}
bool on_curve(const G2& p) noexcept {
    return p.infinity || p.y.square() == p.x.square() * p.x + TWIST_B;
}

bool in_subgroup(const G1& p) noexcept {
    if (p.infinity) return true;
    const G1Sum rotated{p.x * BETA, p.y, Fp::one()};
    return rotated == times_minus_x(times_minus_x(G1Sum(p))).negated();
}
bool in_subgroup(const G2& p) noexcept {
    if (p.infinity) return true;
    return psi(G2Sum(p)) == times_minus_x(G2Sum(p)).negated();
}

Halves split(const Scalar& scalar) noexcept {
    const Scalar k = reduced(scalar);
    const auto [q, r] = divide({k[0], k[1], k[2], k[3]}, X_SQUARED);
    return {{r.limb[0], r.limb[1]}, {q.limb[0], q.limb[1]}};
}
G1 times_square(const G1& p) noexcept {
    return p.infinity ? p : G1{p.x * BETA, -p.y};
}

G1Sum multiply_subgroup(const G1Sum& p, const Scalar& scalar) noexcept {
    const Halves k = split(scalar);
    const SignedDigits<5> low(k.low), high(k.high);
    G1Sum odd[8], rotated[8];
    odd[0] = p;
    const G1Sum step = p.twice();
    for (int i = 1; i < 8; ++i) odd[i] = odd[i - 1] + step;
    for (int i = 0; i < 8; ++i) rotated[i] = {odd[i].x * BETA, -odd[i].y, odd[i].z};
    G1Sum r;
    auto add = [&r](const G1Sum(&row)[8], int digit) {
        if (digit > 0) r += row[digit / 2];
        if (digit < 0) r += row[-digit / 2].negated();
    };
    for (std::size_t i = low.size() > high.size() ? low.size() : high.size(); i-- > 0;) {
        r = r.twice();
        add(odd, low[i]);
        add(rotated, high[i]);
    }
    return r;
}

G1Sum multiply_sum(std::span<const G1> points, std::span<const Scalar> scalars) {
    std::vector<G1> both;
    std::vector<std::array<std::uint64_t, 2>> halves;
    both.reserve(2 * points.size());
    halves.reserve(2 * points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].infinity) continue;
        const Halves k = split(scalars[i]);
        both.push_back(points[i]);
        halves.push_back(k.low);
        both.push_back(times_square(points[i]));
        halves.push_back(k.high);
    }
    return multi_scalar_multiply<2, Fp>(both, halves, 128);
}
G2Sum multiply_sum(std::span<const G2> points, std::span<const Scalar> scalars) {
    return multi_scalar_multiply<4, Fp2>(points, scalars, 256);
}

G1Sum clear_cofactor(const G1Sum& p) noexcept {
    return times_minus_x(p) + p;
}
/// [x^2 - x - 1] p + [x - 1] psi(p) + psi^2([2] p). spec: Budroni, Pintore (2017).
G2Sum clear_cofactor(const G2Sum& p) noexcept {
    const G2Sum xp = times_minus_x(p).negated();
    const G2Sum psi_p = psi(p);
    const G2Sum t = xp + psi_p;  // [x] t = [x^2] p + [x] psi(p)
    return times_minus_x(t).negated() + xp.negated() + p.negated() + psi_p.negated() +
           psi(psi(p.twice()));
}

bool pairing_product_is_one(std::span<const Pair> pairs) {
    std::vector<Pair> proper;
    for (const auto& pair : pairs)
        if (!pair.p.infinity && !pair.q.infinity) proper.push_back(pair);
    return final_exponentiation(miller_loop(proper)).is_one();
}

std::optional<G1> decompress_g1(ByteView bytes) noexcept {
    if (bytes.size() != 48 || (bytes[0] & COMPRESSED) == 0) return std::nullopt;
    if ((bytes[0] & NEUTRAL) != 0)
        return is_neutral_encoding(bytes) ? std::optional<G1>(G1{}) : std::nullopt;
    Bytes48 digits = Bytes48::from(bytes);
    digits[0] &= static_cast<std::uint8_t>(~FLAGS);
    const auto x = Fp::from_be(digits);
    if (!x) return std::nullopt;
    const auto y = (x->square() * *x + Fp::from_u64(4)).sqrt();
    if (!y) return std::nullopt;
    const bool larger = (bytes[0] & LARGER) != 0;
    return G1{*x, is_larger(*y) == larger ? *y : -*y};
}

Bytes48 compress(const G1& p) noexcept {
    Bytes48 out;
    if (!p.infinity) p.x.to_be(out.data());
    out[0] |= COMPRESSED;
    if (p.infinity)
        out[0] |= NEUTRAL;
    else if (is_larger(p.y))
        out[0] |= LARGER;
    return out;
}

std::optional<G2> decompress_g2(ByteView bytes) noexcept {
    if (bytes.size() != 96 || (bytes[0] & COMPRESSED) == 0) return std::nullopt;
    if ((bytes[0] & NEUTRAL) != 0)
        return is_neutral_encoding(bytes) ? std::optional<G2>(G2{}) : std::nullopt;
    Bytes48 digits = Bytes48::from(bytes);
    digits[0] &= static_cast<std::uint8_t>(~FLAGS);
    const auto x1 = Fp::from_be(digits), x0 = Fp::from_be(bytes.subspan(48));
    if (!x1 || !x0) return std::nullopt;
    const Fp2 x{*x0, *x1};
    const auto y = (x.square() * x + TWIST_B).sqrt();
    if (!y) return std::nullopt;
    const bool larger = (bytes[0] & LARGER) != 0;
    return G2{x, is_larger(*y) == larger ? *y : -*y};
}

}  // namespace mezz::crypto::bls12_381
