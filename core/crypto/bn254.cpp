// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bn254.hpp"

#include <algorithm>
#include <vector>

#include "core/crypto/bn254_constants.hpp"
#include "core/crypto/curve.hpp"
#include "core/crypto/pairing_lines.hpp"

namespace mezz::crypto {
namespace {

using namespace bn254;
using G1 = AffinePoint<Fp>;
using G2 = AffinePoint<Fp2>;
using Fp12 = DodecicField<Tower>;

constexpr std::size_t PAIR_SIZE = 192;

std::expected<G1, Bn254Error> decode_g1(const std::uint8_t* in) noexcept {
    const auto x = Fp::from_be({in, 32}), y = Fp::from_be({in + 32, 32});
    if (!x || !y) return std::unexpected(Bn254Error::coordinate_range);
    if (x->is_zero() && y->is_zero()) return G1{};
    if (!(y->square() == x->square() * *x + Fp::from_u64(3)))
        return std::unexpected(Bn254Error::not_on_curve);
    return G1{*x, *y};
}

/// psi = untwist, Frobenius, twist.
G2 psi(const G2& q) noexcept {
    return {q.x.conjugate() * Tower::GAMMA[2], q.y.conjugate() * Tower::GAMMA[3]};
}
Jacobian<Fp2> psi(const Jacobian<Fp2>& q) noexcept {
    return {q.x.conjugate() * Tower::GAMMA[2], q.y.conjugate() * Tower::GAMMA[3], q.z.conjugate()};
}

/// Whether q has the order r: [x + 1] q + psi([x] q) + psi^2([x] q) = psi^3([2 x] q).
/// spec: Dai, Lin, Zhao, Zhou (2022), "Fast subgroup membership testings".
bool in_subgroup(const G2& q) noexcept {
    const std::uint64_t scalar[1] = {X};
    const Jacobian<Fp2> xq = multiply(Jacobian<Fp2>(q), scalar);
    const Jacobian<Fp2> left = xq + q + psi(xq) + psi(psi(xq));
    return left == psi(psi(psi(xq.twice())));
}

std::expected<G2, Bn254Error> decode_g2(const std::uint8_t* in) noexcept {
    const auto x1 = Fp::from_be({in, 32}), x0 = Fp::from_be({in + 32, 32});
    const auto y1 = Fp::from_be({in + 64, 32}), y0 = Fp::from_be({in + 96, 32});
    if (!x1 || !x0 || !y1 || !y0) return std::unexpected(Bn254Error::coordinate_range);
    const Fp2 x{*x0, *x1}, y{*y0, *y1};
    if (x.is_zero() && y.is_zero()) return G2{};
    if (!(y.square() == x.square() * x + TWIST_B)) return std::unexpected(Bn254Error::not_on_curve);
    const G2 q{x, y};
    if (!in_subgroup(q)) return std::unexpected(Bn254Error::not_in_subgroup);
    return q;
}

FixedBytes<64> encode(const G1& p) noexcept {
    FixedBytes<64> out;
    if (p.infinity) return out;
    p.x.to_be(out.data());
    p.y.to_be(out.data() + 32);
    return out;
}

struct Pair {
    G1 p;
    G2 q;
};

/// The product of optimal ate Miller loops, one squaring chain for all pairs.
Fp12 miller_loop(std::span<const Pair> pairs) {
    std::vector<Jacobian<Fp2>> t;
    t.reserve(pairs.size());
    for (const auto& pair : pairs) t.emplace_back(pair.q);
    Fp12 f = Fp12::one();
    for (int i = 63; i >= 0; --i) {
        f = f.square();
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            multiply_by_line_d(f, double_step(t[k]), pairs[k].p);
            if (((LOOP_COUNT >> i) & 1) != 0)
                multiply_by_line_d(f, add_step(t[k], pairs[k].q), pairs[k].p);
        }
    }
    for (std::size_t k = 0; k < pairs.size(); ++k) {
        const G2 q1 = psi(pairs[k].q);
        multiply_by_line_d(f, add_step(t[k], q1), pairs[k].p);
        multiply_by_line_d(f, add_step(t[k], psi(q1).negated()), pairs[k].p);
    }
    return f;
}

/// f^((p^12 - 1) / r). spec: Scott et al. (2009), "On the final exponentiation".
Fp12 final_exponentiation(const Fp12& f) noexcept {
    const Fp12 g = easy_part(f);
    const Fp12 gx = g.cyclotomic_power(X), gxx = gx.cyclotomic_power(X),
               gxxx = gxx.cyclotomic_power(X);
    const Fp12 gp = g.frobenius(), gpp = gp.frobenius(), gppp = gpp.frobenius();
    const Fp12 gxxp = gxx.frobenius();
    const Fp12 y0 = gp * gpp * gppp, y1 = g.conjugate(), y2 = gxxp.frobenius();
    const Fp12 y3 = gx.frobenius().conjugate(), y4 = (gx * gxxp).conjugate();
    const Fp12 y5 = gxx.conjugate(), y6 = (gxxx * gxxx.frobenius()).conjugate();
    // y0 y1^2 y2^6 y3^12 y4^18 y5^30 y6^36 by a shared addition chain.
    Fp12 t0 = y6.cyclotomic_square() * y4 * y5;
    Fp12 t1 = y3 * y5 * t0;
    t0 *= y2;
    t1 = (t1.cyclotomic_square() * t0).cyclotomic_square();
    t0 = t1 * y1;
    t1 *= y0;
    return t0.cyclotomic_square() * t1;
}

template <std::size_t N>
FixedBytes<N> padded(ByteView input) noexcept {
    FixedBytes<N> out;
    if (!input.empty()) std::memcpy(out.data(), input.data(), std::min(N, input.size()));
    return out;
}

}  // namespace

std::expected<FixedBytes<64>, Bn254Error> bn254_add(ByteView input) noexcept {
    const auto in = padded<128>(input);
    const auto p = decode_g1(in.data()), q = decode_g1(in.data() + 64);
    if (!p) return std::unexpected(p.error());
    if (!q) return std::unexpected(q.error());
    return encode((Jacobian<Fp>(*p) + *q).affine());
}

std::expected<FixedBytes<64>, Bn254Error> bn254_mul(ByteView input) noexcept {
    const auto in = padded<96>(input);
    const auto p = decode_g1(in.data());
    if (!p) return std::unexpected(p.error());
    return encode(multiply(Jacobian<Fp>(*p), limbs_from_be<4>({in.data() + 64, 32})).affine());
}

std::expected<bool, Bn254Error> bn254_pairing_check(ByteView input) {
    if (input.size() % PAIR_SIZE != 0) return std::unexpected(Bn254Error::input_length);
    std::vector<Pair> pairs;
    pairs.reserve(input.size() / PAIR_SIZE);
    for (std::size_t at = 0; at < input.size(); at += PAIR_SIZE) {
        const auto p = decode_g1(input.data() + at);
        if (!p) return std::unexpected(p.error());
        const auto q = decode_g2(input.data() + at + 64);
        if (!q) return std::unexpected(q.error());
        if (!p->infinity && !q->infinity) pairs.push_back({*p, *q});
    }
    return final_exponentiation(miller_loop(pairs)).is_one();
}

}  // namespace mezz::crypto
