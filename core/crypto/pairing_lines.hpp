// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Steps of Miller's algorithm on a sextic twist in Jacobian coordinates. Internal to core/crypto.
///
/// A line is scaled by an element of Fp2, which the final exponentiation removes: it is
/// y c_y - x c_x + c_0 at the point (x, y) of G1, each coefficient at its power of w.

#include <vector>

#include "core/crypto/curve.hpp"
#include "core/crypto/tower.hpp"

namespace mezz::crypto {

template <class Fp2>
struct Line {
    Fp2 y, x, constant;
};

/// Replaces t by 2 t. returns: the tangent at t.
template <class Fp2>
Line<Fp2> double_step(Jacobian<Fp2>& t) noexcept {
    const Fp2 a = t.x.square(), b = t.y.square(), c = b.square(), zz = t.z.square();
    const Fp2 d = ((t.x + b).square() - a - c).twice(), e = a.twice() + a;
    const Fp2 z3 = (t.y * t.z).twice();
    const Line<Fp2> line{z3 * zz, e * zz, e * t.x - b.twice()};
    const Fp2 x3 = e.square() - d.twice();
    t = {x3, e * (d - x3) - c.twice().twice().twice(), z3};
    return line;
}

/// Replaces t by t + q. returns: the line through both. requires: t is neither q nor -q, which
/// holds in the loops below for points of order r.
template <class Fp2>
Line<Fp2> add_step(Jacobian<Fp2>& t, const AffinePoint<Fp2>& q) noexcept {
    const Fp2 zz = t.z.square();
    const Fp2 h = q.x * zz - t.x, r = q.y * t.z * zz - t.y;
    const Fp2 hh = h.square(), hhh = h * hh, v = t.x * hh, z3 = t.z * h;
    const Line<Fp2> line{z3, r, r * q.x - q.y * z3};
    const Fp2 x3 = r.square() - hhh - v.twice();
    t = {x3, r * (v - x3) - t.y * hhh, z3};
    return line;
}

/// f times a line at `p` for a D-type twist (b / xi): coefficients at 1, w, w^3.
template <class Tower, class Fp, class Fp2>
void multiply_by_line_d(DodecicField<Tower>& f, const Line<Fp2>& line,
                        const AffinePoint<Fp>& p) noexcept {
    const Fp2 c0 = line.y * p.y, c1 = -(line.x * p.x);
    const auto t0 = f.c0.scaled(c0), t1 = f.c1.times_01(c1, line.constant);
    f.c1 = (f.c0 + f.c1).times_01(c0 + c1, line.constant) - t0 - t1;
    f.c0 = t0 + t1.times_v();
}

/// f times a line at `p` for an M-type twist (b xi): coefficients at 1, w^2, w^3.
template <class Tower, class Fp, class Fp2>
void multiply_by_line_m(DodecicField<Tower>& f, const Line<Fp2>& line,
                        const AffinePoint<Fp>& p) noexcept {
    const Fp2 c1 = -(line.x * p.x), c4 = line.y * p.y;
    const auto t0 = f.c0.times_01(line.constant, c1), t1 = f.c1.times_1(c4);
    f.c1 = (f.c0 + f.c1).times_01(line.constant, c1 + c4) - t0 - t1;
    f.c0 = t0 + t1.times_v();
}

/// f^((p^6 - 1) (p^2 + 1)): the easy part of the final exponentiation.
template <class Tower>
DodecicField<Tower> easy_part(const DodecicField<Tower>& f) noexcept {
    const DodecicField<Tower> g = f.conjugate() * f.inverse();
    return g.frobenius().frobenius() * g;
}

}  // namespace mezz::crypto
