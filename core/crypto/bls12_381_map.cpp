// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/bls12_381_map.hpp"

#include "core/crypto/bls12_381_isogeny.hpp"

namespace mezz::crypto::bls12_381 {
namespace {

/// Parity of an element, by its lowest part that is not zero. spec: RFC 9380 §4.1.
bool sign(const Fp& a) noexcept {
    return a.is_odd();
}
bool sign(const Fp2& a) noexcept {
    return a.a0.is_zero() ? a.a1.is_odd() : a.a0.is_odd();
}

/// A point of y^2 = x^3 + a x + b. spec: RFC 9380 §6.6.2.
template <class F>
AffinePoint<F> map_swu(const F& u, const F& a, const F& b, const F& z) noexcept {
    const F zu2 = z * u.square();
    const F t = zu2.square() + zu2;
    F x = t.is_zero() ? b * (z * a).inverse() : -b * a.inverse() * (F::one() + t.inverse());
    auto right = [&](const F& v) { return (v.square() + a) * v + b; };
    auto y = right(x).sqrt();
    if (!y) {
        x = zu2 * x;
        y = right(x).sqrt();  // one of the two is a square, for z is not
    }
    const F root = y ? *y : F::zero();
    return {x, sign(root) == sign(u) ? root : -root};
}

template <class F, std::size_t M>
F evaluate(const F (&coefficients)[M], const F& x) noexcept {
    F r = coefficients[M - 1];
    for (std::size_t i = M - 1; i-- > 0;) r = r * x + coefficients[i];
    return r;
}

/// (xn / xd, y yn / yd) with Z = xd yd; a pole gives Z = 0, the neutral element, as wanted.
template <class F>
Jacobian<F> join(const F& xn, const F& xd, const F& y, const F& yn, const F& yd) noexcept {
    const F z = xd * yd, xd2 = xd.square();
    return {xn * z * yd, y * yn * xd * xd2 * yd.square(), z};
}

}  // namespace

G1Sum map_to_curve(const Fp& u) noexcept {
    const auto [x, y, infinity] = map_swu(u, iso11::A, iso11::B, iso11::Z);
    return join(evaluate(iso11::X_NUMERATOR, x), evaluate(iso11::X_DENOMINATOR, x), y,
                evaluate(iso11::Y_NUMERATOR, x), evaluate(iso11::Y_DENOMINATOR, x));
}

G2Sum map_to_curve(const Fp2& u) noexcept {
    const auto [x, y, infinity] = map_swu(u, iso3::A, iso3::B, iso3::Z);
    return join(evaluate(iso3::X_NUMERATOR, x), evaluate(iso3::X_DENOMINATOR, x), y,
                evaluate(iso3::Y_NUMERATOR, x), evaluate(iso3::Y_DENOMINATOR, x));
}

}  // namespace mezz::crypto::bls12_381
