// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Arithmetic modulo p = 2^256 - 2^32 - 977, the base field of secp256k1.
///
/// The same interface as PrimeField; reduction folds the high half back as high * (2^32 + 977),
/// which needs 21 limb products rather than Montgomery's 36. Addition, subtraction and products
/// take the same time for every value. spec: SEC 2, "secp256k1".

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/uint256.hpp"

namespace mezz::crypto {

class Secp256k1Field {
public:
    static constexpr std::size_t N = 4;
    static constexpr std::size_t SIZE = 32;
    using Limbs = std::array<std::uint64_t, 4>;

    constexpr Secp256k1Field() noexcept = default;
    static constexpr Secp256k1Field zero() noexcept { return {}; }
    static constexpr Secp256k1Field one() noexcept { return Secp256k1Field({1, 0, 0, 0}); }
    static constexpr Secp256k1Field from_u64(std::uint64_t value) noexcept {
        return Secp256k1Field({value, 0, 0, 0});
    }
    template <std::size_t M>
    static consteval Secp256k1Field from_hex(const char (&text)[M]) {
        static_assert(M == 67);
        Limbs limbs{};
        for (std::size_t i = 2; i < 66; ++i) {
            const char c = text[i];
            const int digit = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
            limbs[(65 - i) / 16] |= static_cast<std::uint64_t>(digit) << (4 * ((65 - i) % 16));
        }
        return Secp256k1Field(limbs);
    }
    /// Nothing when value >= p.
    static constexpr std::optional<Secp256k1Field> from_uint256(const uint256& value) noexcept {
        if (value >= P) return std::nullopt;
        return Secp256k1Field({value.limb[0], value.limb[1], value.limb[2], value.limb[3]});
    }
    [[nodiscard]] constexpr uint256 to_uint256() const noexcept {
        return {limbs_[0], limbs_[1], limbs_[2], limbs_[3]};
    }
    void to_be(std::uint8_t* out) const noexcept { store_be256(out, to_uint256()); }

    [[nodiscard]] constexpr bool is_zero() const noexcept {
        return (limbs_[0] | limbs_[1] | limbs_[2] | limbs_[3]) == 0;
    }
    [[nodiscard]] constexpr bool is_odd() const noexcept { return (limbs_[0] & 1) != 0; }
    friend constexpr bool operator==(const Secp256k1Field&,
                                     const Secp256k1Field&) noexcept = default;

    friend constexpr Secp256k1Field operator+(const Secp256k1Field& a,
                                              const Secp256k1Field& b) noexcept {
        Limbs sum;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 4; ++i) sum[i] = add_carry(a.limbs_[i], b.limbs_[i], carry);
        return Secp256k1Field(subtract_once(sum, carry));
    }
    friend constexpr Secp256k1Field operator-(const Secp256k1Field& a,
                                              const Secp256k1Field& b) noexcept {
        Limbs r;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < 4; ++i) r[i] = sub_borrow(a.limbs_[i], b.limbs_[i], borrow);
        const std::uint64_t fold = FOLD & (0 - borrow);  // + p is - FOLD modulo 2^256
        borrow = 0;
        r[0] = sub_borrow(r[0], fold, borrow);
        for (std::size_t i = 1; i < 4; ++i) r[i] = sub_borrow(r[i], 0, borrow);
        return Secp256k1Field(r);
    }
    friend constexpr Secp256k1Field operator-(const Secp256k1Field& a) noexcept {
        return Secp256k1Field{} - a;
    }
    friend constexpr Secp256k1Field operator*(const Secp256k1Field& a,
                                              const Secp256k1Field& b) noexcept {
        std::uint64_t t[8]{};
        for (std::size_t i = 0; i < 4; ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = 0; j < 4; ++j) {
                const u128 v = static_cast<u128>(a.limbs_[i]) * b.limbs_[j] + t[i + j] + carry;
                t[i + j] = static_cast<std::uint64_t>(v);
                carry = static_cast<std::uint64_t>(v >> 64);
            }
            t[i + 4] = carry;
        }
        return reduce(t);
    }
    constexpr Secp256k1Field& operator+=(const Secp256k1Field& b) noexcept {
        return *this = *this + b;
    }
    constexpr Secp256k1Field& operator*=(const Secp256k1Field& b) noexcept {
        return *this = *this * b;
    }
    [[nodiscard]] constexpr Secp256k1Field twice() const noexcept { return *this + *this; }
    /// Ten limb products: those above the diagonal count twice.
    [[nodiscard]] constexpr Secp256k1Field square() const noexcept {
        std::uint64_t t[8]{};
        for (std::size_t i = 0; i < 3; ++i) {
            std::uint64_t carry = 0;
            for (std::size_t j = i + 1; j < 4; ++j) {
                const u128 v = static_cast<u128>(limbs_[i]) * limbs_[j] + t[i + j] + carry;
                t[i + j] = static_cast<std::uint64_t>(v);
                carry = static_cast<std::uint64_t>(v >> 64);
            }
            t[i + 4] = carry;
        }
        t[7] = t[6] >> 63;
        for (std::size_t i = 6; i > 1; --i) t[i] = (t[i] << 1) | (t[i - 1] >> 63);
        t[1] <<= 1;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            const u128 v = static_cast<u128>(limbs_[i]) * limbs_[i];
            t[2 * i] = add_carry(t[2 * i], static_cast<std::uint64_t>(v), carry);
            t[2 * i + 1] = add_carry(t[2 * i + 1], static_cast<std::uint64_t>(v >> 64), carry);
        }
        return reduce(t);
    }

    /// 1 / this; zero for zero. Both exponents below start with 223 one bits; the shared chain
    /// builds x^(2^k - 1) by doubling k.
    [[nodiscard]] constexpr Secp256k1Field inverse() const noexcept {
        Secp256k1Field x2, x22, x223;
        runs_of_ones(x2, x22, x223);
        Secp256k1Field r = x223.squared(23) * x22;
        r = r.squared(5) * *this;
        r = r.squared(3) * x2;
        return r.squared(2) * *this;
    }
    /// A square root, or nothing. spec: exponent (p + 1) / 4.
    [[nodiscard]] constexpr std::optional<Secp256k1Field> sqrt() const noexcept {
        Secp256k1Field x2, x22, x223;
        runs_of_ones(x2, x22, x223);
        Secp256k1Field r = x223.squared(23) * x22;
        r = r.squared(6) * x2;
        r = r.squared(2);
        if (!(r.square() == *this)) return std::nullopt;
        return r;
    }
    constexpr void select(const Secp256k1Field& other, bool flag) noexcept {
        const std::uint64_t mask = 0 - static_cast<std::uint64_t>(flag);
        for (std::size_t i = 0; i < 4; ++i) limbs_[i] ^= mask & (limbs_[i] ^ other.limbs_[i]);
    }

private:
    explicit constexpr Secp256k1Field(const Limbs& limbs) noexcept : limbs_(limbs) {}

    static constexpr std::uint64_t FOLD = 0x1000003d1;  // 2^256 mod p
    static constexpr uint256 P{0 - FOLD, ~std::uint64_t{0}, ~std::uint64_t{0}, ~std::uint64_t{0}};

    /// x2, x22, x223 = this^(2^k - 1) for k = 2, 22, 223.
    constexpr void runs_of_ones(Secp256k1Field& x2, Secp256k1Field& x22,
                                Secp256k1Field& x223) const noexcept {
        x2 = square() * *this;
        const Secp256k1Field x3 = x2.square() * *this;
        const Secp256k1Field x6 = x3.squared(3) * x3;
        const Secp256k1Field x9 = x6.squared(3) * x3;
        const Secp256k1Field x11 = x9.squared(2) * x2;
        x22 = x11.squared(11) * x11;
        const Secp256k1Field x44 = x22.squared(22) * x22;
        const Secp256k1Field x88 = x44.squared(44) * x44;
        const Secp256k1Field x176 = x88.squared(88) * x88;
        const Secp256k1Field x220 = x176.squared(44) * x44;
        x223 = x220.squared(3) * x3;
    }
    [[nodiscard]] constexpr Secp256k1Field squared(int times) const noexcept {
        Secp256k1Field r = *this;
        for (int i = 0; i < times; ++i) r = r.square();
        return r;
    }

    /// value - p when carry:value >= p, that is when value + FOLD carries out, else value.
    static constexpr Limbs subtract_once(const Limbs& value, std::uint64_t carry) noexcept {
        Limbs r;
        std::uint64_t out = 0;
        r[0] = add_carry(value[0], FOLD, out);
        for (std::size_t i = 1; i < 4; ++i) r[i] = add_carry(value[i], 0, out);
        const std::uint64_t keep = (out | carry) - 1;
        for (std::size_t i = 0; i < 4; ++i) r[i] ^= keep & (r[i] ^ value[i]);
        return r;
    }
    static constexpr Secp256k1Field reduce(const std::uint64_t (&t)[8]) noexcept {
        Limbs r;
        u128 v = 0;
        for (std::size_t i = 0; i < 4; ++i) {
            v += static_cast<u128>(t[i + 4]) * FOLD + t[i];
            r[i] = static_cast<std::uint64_t>(v);
            v >>= 64;
        }
        v = v * FOLD + r[0];  // the fifth limb is below 2^34
        r[0] = static_cast<std::uint64_t>(v);
        std::uint64_t carry = 0;
        r[1] = add_carry(r[1], static_cast<std::uint64_t>(v >> 64), carry);
        r[2] = add_carry(r[2], 0, carry);
        r[3] = add_carry(r[3], 0, carry);
        return Secp256k1Field(subtract_once(r, carry));
    }

    Limbs limbs_{};
};

}  // namespace mezz::crypto
