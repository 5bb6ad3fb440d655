// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The tower Fp2 = Fp[i]/(i^2 + 1), Fp6 = Fp2[v]/(v^3 - xi), Fp12 = Fp6[w]/(w^2 - v).
///
/// Shared by alt_bn128 and BLS12-381, whose primes are 3 mod 4. A `Tower` names Fp, multiplies by
/// xi and lists GAMMA[k] = xi^(k (p - 1) / 6). Running time depends on the values: public data
/// only.

#include <cstdint>
#include <optional>
#include <span>

namespace mezz::crypto {

template <class Fp>
struct QuadraticField {
    Fp a0, a1;

    constexpr QuadraticField() noexcept = default;
    constexpr QuadraticField(const Fp& c0, const Fp& c1) noexcept : a0(c0), a1(c1) {}
    static constexpr QuadraticField zero() noexcept { return {}; }
    static constexpr QuadraticField one() noexcept { return {Fp::one(), Fp::zero()}; }

    [[nodiscard]] constexpr bool is_zero() const noexcept { return a0.is_zero() && a1.is_zero(); }
    friend constexpr bool operator==(const QuadraticField&,
                                     const QuadraticField&) noexcept = default;
    friend constexpr QuadraticField operator+(const QuadraticField& a,
                                              const QuadraticField& b) noexcept {
        return {a.a0 + b.a0, a.a1 + b.a1};
    }
    friend constexpr QuadraticField operator-(const QuadraticField& a,
                                              const QuadraticField& b) noexcept {
        return {a.a0 - b.a0, a.a1 - b.a1};
    }
    friend constexpr QuadraticField operator-(const QuadraticField& a) noexcept {
        return {-a.a0, -a.a1};
    }
    friend constexpr QuadraticField operator*(const QuadraticField& a,
                                              const QuadraticField& b) noexcept {
        const Fp low = a.a0 * b.a0, high = a.a1 * b.a1;
        return {low - high, (a.a0 + a.a1) * (b.a0 + b.a1) - low - high};
    }
    friend constexpr QuadraticField operator*(const QuadraticField& a, const Fp& b) noexcept {
        return {a.a0 * b, a.a1 * b};
    }
    constexpr QuadraticField& operator+=(const QuadraticField& b) noexcept {
        return *this = *this + b;
    }
    constexpr QuadraticField& operator*=(const QuadraticField& b) noexcept {
        return *this = *this * b;
    }
    [[nodiscard]] constexpr QuadraticField twice() const noexcept { return *this + *this; }
    [[nodiscard]] constexpr QuadraticField square() const noexcept {
        return {(a0 + a1) * (a0 - a1), (a0 * a1).twice()};
    }
    [[nodiscard]] constexpr QuadraticField conjugate() const noexcept { return {a0, -a1}; }
    /// 1 / this; zero for zero.
    [[nodiscard]] constexpr QuadraticField inverse() const noexcept {
        const Fp norm = (a0.square() + a1.square()).inverse();
        return {a0 * norm, -(a1 * norm)};
    }
    /// A square root, or nothing. The norm's root gives the real part of the root.
    [[nodiscard]] std::optional<QuadraticField> sqrt() const noexcept {
        if (a1.is_zero()) {  // in Fp either a0 or -a0 is a square
            if (const auto root = a0.sqrt()) return QuadraticField{*root, Fp::zero()};
            const auto root = (-a0).sqrt();
            if (!root) return std::nullopt;
            return QuadraticField{Fp::zero(), *root};
        }
        const auto norm_root = (a0.square() + a1.square()).sqrt();
        if (!norm_root) return std::nullopt;
        const Fp half = Fp::from_u64(2).inverse();
        auto real = ((a0 + *norm_root) * half).sqrt();
        if (!real) real = ((a0 - *norm_root) * half).sqrt();
        if (!real) return std::nullopt;
        const QuadraticField root{*real, a1 * half * real->inverse()};
        if (!(root.square() == *this)) return std::nullopt;
        return root;
    }
};

template <class Tower>
struct SexticField {
    using Fp2 = QuadraticField<typename Tower::Fp>;
    Fp2 c0, c1, c2;

    static constexpr SexticField one() noexcept { return {Fp2::one(), {}, {}}; }
    friend constexpr bool operator==(const SexticField&, const SexticField&) noexcept = default;
    friend constexpr SexticField operator+(const SexticField& a, const SexticField& b) noexcept {
        return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2};
    }
    friend constexpr SexticField operator-(const SexticField& a, const SexticField& b) noexcept {
        return {a.c0 - b.c0, a.c1 - b.c1, a.c2 - b.c2};
    }
    friend constexpr SexticField operator-(const SexticField& a) noexcept {
        return {-a.c0, -a.c1, -a.c2};
    }
    friend constexpr SexticField operator*(const SexticField& a, const SexticField& b) noexcept {
        const Fp2 t0 = a.c0 * b.c0, t1 = a.c1 * b.c1, t2 = a.c2 * b.c2;
        return {t0 + Tower::times_xi((a.c1 + a.c2) * (b.c1 + b.c2) - t1 - t2),
                (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1 + Tower::times_xi(t2),
                (a.c0 + a.c2) * (b.c0 + b.c2) - t0 - t2 + t1};
    }
    /// this * (b0 + b1 v).
    [[nodiscard]] constexpr SexticField times_01(const Fp2& b0, const Fp2& b1) const noexcept {
        const Fp2 t0 = c0 * b0, t1 = c1 * b1;
        return {t0 + Tower::times_xi((c1 + c2) * b1 - t1), (c0 + c1) * (b0 + b1) - t0 - t1,
                (c0 + c2) * b0 - t0 + t1};
    }
    /// this * b v.
    [[nodiscard]] constexpr SexticField times_1(const Fp2& b) const noexcept {
        return {Tower::times_xi(c2 * b), c0 * b, c1 * b};
    }
    template <class Scalar>
    [[nodiscard]] constexpr SexticField scaled(const Scalar& b) const noexcept {
        return {c0 * b, c1 * b, c2 * b};
    }
    [[nodiscard]] constexpr SexticField times_v() const noexcept {
        return {Tower::times_xi(c2), c0, c1};
    }
    [[nodiscard]] constexpr SexticField inverse() const noexcept {
        const Fp2 t0 = c0.square() - Tower::times_xi(c1 * c2);
        const Fp2 t1 = Tower::times_xi(c2.square()) - c0 * c1;
        const Fp2 t2 = c1.square() - c0 * c2;
        const Fp2 norm = (c0 * t0 + Tower::times_xi(c2 * t1 + c1 * t2)).inverse();
        return {t0 * norm, t1 * norm, t2 * norm};
    }
};

template <class Tower>
struct DodecicField {
    using Fp2 = QuadraticField<typename Tower::Fp>;
    using Fp6 = SexticField<Tower>;
    Fp6 c0, c1;

    static constexpr DodecicField one() noexcept { return {Fp6::one(), {}}; }
    [[nodiscard]] constexpr bool is_one() const noexcept { return *this == one(); }
    friend constexpr bool operator==(const DodecicField&, const DodecicField&) noexcept = default;
    friend constexpr DodecicField operator*(const DodecicField& a, const DodecicField& b) noexcept {
        const Fp6 t0 = a.c0 * b.c0, t1 = a.c1 * b.c1;
        return {t0 + t1.times_v(), (a.c0 + a.c1) * (b.c0 + b.c1) - t0 - t1};
    }
    constexpr DodecicField& operator*=(const DodecicField& b) noexcept { return *this = *this * b; }
    [[nodiscard]] constexpr DodecicField square() const noexcept {
        const Fp6 t = c0 * c1;
        const Fp6 real = (c0 + c1) * (c0 + c1.times_v()) - t - t.times_v();
        return {real, t + t};
    }
    /// this^(p^6): the inverse of an element of norm one.
    [[nodiscard]] constexpr DodecicField conjugate() const noexcept { return {c0, -c1}; }
    [[nodiscard]] constexpr DodecicField inverse() const noexcept {
        const Fp6 norm = (c0 * c0 - (c1 * c1).times_v()).inverse();
        return {c0 * norm, -(c1 * norm)};
    }
    /// this^p.
    [[nodiscard]] constexpr DodecicField frobenius() const noexcept {
        const auto& g = Tower::GAMMA;
        return {{c0.c0.conjugate(), c0.c1.conjugate() * g[2], c0.c2.conjugate() * g[4]},
                {c1.c0.conjugate() * g[1], c1.c1.conjugate() * g[3], c1.c2.conjugate() * g[5]}};
    }
    /// this^2 for elements of the cyclotomic subgroup (those after the easy part of the final
    /// exponentiation). spec: Granger, Scott (2010), §3.2.
    [[nodiscard]] constexpr DodecicField cyclotomic_square() const noexcept {
        struct Pair {
            Fp2 low, high;
        };
        auto square4 = [](const Fp2& a, const Fp2& b) -> Pair {
            const Fp2 aa = a.square(), bb = b.square();
            return {aa + Tower::times_xi(bb), (a + b).square() - aa - bb};
        };
        auto minus = [](const Fp2& t, const Fp2& z) { return (t - z).twice() + t; };
        auto plus = [](const Fp2& t, const Fp2& z) { return (t + z).twice() + t; };
        const Pair a = square4(c0.c0, c1.c1), b = square4(c1.c0, c0.c2), c = square4(c0.c1, c1.c2);
        return {{minus(a.low, c0.c0), minus(b.low, c0.c1), minus(c.low, c0.c2)},
                {plus(Tower::times_xi(c.high), c1.c0), plus(a.high, c1.c1), plus(b.high, c1.c2)}};
    }
    /// this^exponent in the cyclotomic subgroup.
    [[nodiscard]] constexpr DodecicField cyclotomic_power(std::uint64_t exponent) const noexcept {
        DodecicField r = one();
        for (int i = 63; i >= 0; --i) {
            r = r.cyclotomic_square();
            if (((exponent >> i) & 1) != 0) r *= *this;
        }
        return r;
    }
};

}  // namespace mezz::crypto
