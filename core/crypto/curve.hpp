// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Points of y^2 = x^3 + a x + b over any field with the interface of PrimeField, a in {0, -3}.
///
/// AffinePoint is the exchange form, Jacobian the working form (x = X / Z^2, y = Y / Z^3, Z = 0 is
/// the neutral element). The formulas never use b, so nothing here checks curve membership.
/// Running time depends on the values: public data only.
///
/// spec: Explicit-Formulas Database: dbl-2009-l, dbl-2001-b, add-2007-bl, madd-2007-bl.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mezz::crypto {

template <class F>
struct AffinePoint {
    F x, y;
    bool infinity = true;

    constexpr AffinePoint() noexcept = default;
    constexpr AffinePoint(const F& x_, const F& y_) noexcept : x(x_), y(y_), infinity(false) {}
    [[nodiscard]] constexpr AffinePoint negated() const noexcept {
        AffinePoint r = *this;
        r.y = -y;
        return r;
    }
    friend constexpr bool operator==(const AffinePoint& p, const AffinePoint& q) noexcept {
        return p.infinity == q.infinity && (p.infinity || (p.x == q.x && p.y == q.y));
    }
};

/// A_IS_MINUS_3 chooses the doubling; otherwise a = 0.
template <class F, bool A_IS_MINUS_3 = false>
struct Jacobian {
    F x, y, z;

    constexpr Jacobian() noexcept : x(F::one()), y(F::one()), z(F::zero()) {}
    constexpr Jacobian(const F& x_, const F& y_, const F& z_) noexcept : x(x_), y(y_), z(z_) {}
    explicit constexpr Jacobian(const AffinePoint<F>& p) noexcept : Jacobian() {
        if (!p.infinity) *this = Jacobian(p.x, p.y, F::one());
    }

    [[nodiscard]] constexpr bool infinity() const noexcept { return z.is_zero(); }
    [[nodiscard]] constexpr Jacobian negated() const noexcept { return {x, -y, z}; }

    [[nodiscard]] constexpr Jacobian twice() const noexcept {
        if constexpr (A_IS_MINUS_3) {
            const F delta = z.square(), gamma = y.square(), beta = x * gamma;
            const F t = (x - delta) * (x + delta);
            const F alpha = t + t + t;
            const F beta4 = beta.twice().twice();
            const F x3 = alpha.square() - beta4.twice();
            const F z3 = (y + z).square() - gamma - delta;
            const F y3 = alpha * (beta4 - x3) - gamma.square().twice().twice().twice();
            return {x3, y3, z3};
        } else {
            const F a = x.square(), b = y.square(), c = b.square();
            const F d = ((x + b).square() - a - c).twice();
            const F e = a + a + a;
            const F x3 = e.square() - d.twice();
            const F y3 = e * (d - x3) - c.twice().twice().twice();
            const F z3 = (y * z).twice();
            return {x3, y3, z3};
        }
    }
    friend constexpr Jacobian operator+(const Jacobian& p, const Jacobian& q) noexcept {
        if (p.infinity()) return q;
        if (q.infinity()) return p;
        const F z1z1 = p.z.square(), z2z2 = q.z.square();
        const F u1 = p.x * z2z2, u2 = q.x * z1z1;
        const F s1 = p.y * q.z * z2z2, s2 = q.y * p.z * z1z1;
        const F h = u2 - u1, half = s2 - s1;
        if (h.is_zero()) return half.is_zero() ? p.twice() : Jacobian{};
        const F i = h.twice().square(), j = h * i, r = half.twice(), v = u1 * i;
        const F x3 = r.square() - j - v.twice();
        const F y3 = r * (v - x3) - (s1 * j).twice();
        const F z3 = ((p.z + q.z).square() - z1z1 - z2z2) * h;
        return {x3, y3, z3};
    }
    friend constexpr Jacobian operator+(const Jacobian& p, const AffinePoint<F>& q) noexcept {
        if (q.infinity) return p;
        if (p.infinity()) return Jacobian(q);
        const F z1z1 = p.z.square();
        const F u2 = q.x * z1z1, s2 = q.y * p.z * z1z1;
        const F h = u2 - p.x, half = s2 - p.y;
        if (h.is_zero()) return half.is_zero() ? p.twice() : Jacobian{};
        const F hh = h.square(), i = hh.twice().twice(), j = h * i, r = half.twice(), v = p.x * i;
        const F x3 = r.square() - j - v.twice();
        const F y3 = r * (v - x3) - (p.y * j).twice();
        const F z3 = (p.z + h).square() - z1z1 - hh;
        return {x3, y3, z3};
    }
    constexpr Jacobian& operator+=(const Jacobian& q) noexcept { return *this = *this + q; }
    constexpr Jacobian& operator+=(const AffinePoint<F>& q) noexcept { return *this = *this + q; }

    /// complexity: one field inversion.
    [[nodiscard]] constexpr AffinePoint<F> affine() const noexcept {
        if (infinity()) return {};
        const F i = z.inverse(), ii = i.square();
        return {x * ii, y * ii * i};
    }
    /// Equality of the points, not of the coordinates.
    friend constexpr bool operator==(const Jacobian& p, const Jacobian& q) noexcept {
        if (p.infinity() || q.infinity()) return p.infinity() == q.infinity();
        const F pp = p.z.square(), qq = q.z.square();
        return p.x * qq == q.x * pp && p.y * q.z * qq == q.y * p.z * pp;
    }
};

/// Signed digits of width W (odd or zero, |digit| < 2^(W-1)) of a number given as little-endian
/// limbs.
template <unsigned W>
class SignedDigits {
public:
    static_assert(W >= 2 && W <= 8);
    static constexpr std::size_t MAX = 64 * 4 + 1;

    /// requires: scalar.size() <= 4.
    explicit constexpr SignedDigits(std::span<const std::uint64_t> scalar) noexcept {
        const std::size_t bits = 64 * scalar.size();
        auto bit = [&](std::size_t i) -> int {
            return i < bits ? static_cast<int>((scalar[i / 64] >> (i % 64)) & 1) : 0;
        };
        int carry = 0;
        for (std::size_t i = 0; i <= bits;) {
            if (bit(i) == carry) {  // the bit plus carry is even
                ++i;
                continue;
            }
            int digit = carry;
            for (unsigned k = 0; k < W; ++k) digit += bit(i + k) << k;
            carry = digit >> (W - 1);
            digit_[i] = static_cast<std::int8_t>(digit - (carry << W));
            size_ = i + 1;
            i += W;
        }
    }
    /// One more than the index of the highest digit that is not zero.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    constexpr int operator[](std::size_t i) const noexcept { return digit_[i]; }

private:
    std::int8_t digit_[MAX + 8]{};
    std::size_t size_ = 0;
};

/// scalar * p, scalar as little-endian limbs (at most four) and public.
template <class F, bool A>
Jacobian<F, A> multiply(const Jacobian<F, A>& p, std::span<const std::uint64_t> scalar) noexcept {
    const SignedDigits<5> digits(scalar);
    Jacobian<F, A> odd[8];  // 1, 3, ... 15 times p
    odd[0] = p;
    const Jacobian<F, A> step = p.twice();
    for (int i = 1; i < 8; ++i) odd[i] = odd[i - 1] + step;
    Jacobian<F, A> r;
    for (std::size_t i = digits.size(); i-- > 0;) {
        r = r.twice();
        if (const int d = digits[i]; d > 0)
            r += odd[d / 2];
        else if (d < 0)
            r += odd[-d / 2].negated();
    }
    return r;
}

/// Replaces every element by its inverse; zeros stay. complexity: one inversion, 3 products each.
template <class F>
void invert_all(std::span<F> elements) {
    std::vector<F> prefix(elements.size());
    F product = F::one();
    for (std::size_t i = 0; i < elements.size(); ++i) {
        prefix[i] = product;
        if (!elements[i].is_zero()) product = product * elements[i];
    }
    F inverse = product.inverse();
    for (std::size_t i = elements.size(); i-- > 0;) {
        if (elements[i].is_zero()) continue;
        const F next = inverse * elements[i];
        elements[i] = inverse * prefix[i];
        inverse = next;
    }
}

/// The affine forms of many points with one inversion.
template <class F, bool A>
std::vector<AffinePoint<F>> affine_all(std::span<const Jacobian<F, A>> points) {
    std::vector<F> z(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) z[i] = points[i].z;
    invert_all<F>(z);
    std::vector<AffinePoint<F>> out(points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].infinity()) continue;
        const F ii = z[i].square();
        out[i] = {points[i].x * ii, points[i].y * ii * z[i]};
    }
    return out;
}

}  // namespace mezz::crypto
