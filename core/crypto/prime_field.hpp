// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Arithmetic modulo an odd prime of N 64-bit limbs, in Montgomery form.
///
///     struct Modulus { static constexpr std::array<std::uint64_t, 4> LIMBS = {...}; };  //
///     little-endian using Field = PrimeField<Modulus>;
///
/// Values are always fully reduced. Addition, subtraction, multiplication and power() with a public
/// exponent take the same time for every value; comparisons, decoding and roots do not.
/// Everything is constexpr: constants are written in hex and converted by the compiler.
///
/// spec: Montgomery (1985); Koc, Acar, Kaliski (1996), method CIOS.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/uint256.hpp"
#include "core/crypto/montgomery_x86.hpp"

namespace mezz::crypto {

/// Little-endian limbs of big-endian bytes. requires: bytes.size() == 8 * N.
template <std::size_t N>
std::array<std::uint64_t, N> limbs_from_be(ByteView bytes) noexcept {
    std::array<std::uint64_t, N> limbs;
    for (std::size_t i = 0; i < N; ++i) limbs[i] = load_be64(bytes.data() + 8 * (N - 1 - i));
    return limbs;
}

/// Whether a < b as little-endian limbs.
template <std::size_t N>
constexpr bool less_limbs(const std::array<std::uint64_t, N>& a,
                          const std::array<std::uint64_t, N>& b) noexcept {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < N; ++i) (void)sub_borrow(a[i], b[i], borrow);
    return borrow != 0;
}

template <class Modulus>
class PrimeField {
public:
    static constexpr std::size_t N = Modulus::LIMBS.size();
    static constexpr std::size_t SIZE = 8 * N;  ///< bytes of the big-endian form
    using Limbs = std::array<std::uint64_t, N>;

    constexpr PrimeField() noexcept = default;
    static constexpr PrimeField zero() noexcept { return {}; }
    static constexpr PrimeField one() noexcept { return PrimeField(R); }
    static constexpr const Limbs& modulus() noexcept { return P; }

    /// The element with this value. requires: value < 2^(64 N); it is reduced.
    static constexpr PrimeField from_limbs(const Limbs& value) noexcept {
        return PrimeField(multiply(R2, value));
    }
    static constexpr PrimeField from_u64(std::uint64_t value) noexcept {
        Limbs limbs{};
        limbs[0] = value;
        return from_limbs(limbs);
    }
    /// A constant: up to 16 N hex digits with 0x, most significant first.
    template <std::size_t M>
    static consteval PrimeField from_hex(const char (&text)[M]) {
        static_assert(M - 3 <= 16 * N);
        Limbs limbs{};
        for (std::size_t i = 2; i + 1 < M; ++i) {
            const char c = text[i];
            const int digit = c <= '9' ? c - '0' : (c | 32) - 'a' + 10;
            const std::size_t at = M - 2 - i;
            limbs[at / 16] |= static_cast<std::uint64_t>(digit) << (4 * (at % 16));
        }
        return from_limbs(limbs);
    }
    /// Canonical decoding: nothing unless bytes.size() == SIZE and the number is below the modulus.
    static std::optional<PrimeField> from_be(ByteView bytes) noexcept {
        if (bytes.size() != SIZE) return std::nullopt;
        const Limbs limbs = limbs_from_be<N>(bytes);
        if (!less_limbs(limbs, P)) return std::nullopt;
        return from_limbs(limbs);
    }
    /// The value, below the modulus.
    [[nodiscard]] constexpr Limbs to_limbs() const noexcept {
        Limbs unit{};
        unit[0] = 1;
        return multiply(limbs_, unit);
    }
    void to_be(std::uint8_t* out) const noexcept {
        const Limbs limbs = to_limbs();
        for (std::size_t i = 0; i < N; ++i) store_be64(out + 8 * (N - 1 - i), limbs[i]);
    }

    [[nodiscard]] constexpr bool is_zero() const noexcept {
        std::uint64_t any = 0;
        for (const auto limb : limbs_) any |= limb;
        return any == 0;
    }
    /// Whether the value is odd.
    [[nodiscard]] constexpr bool is_odd() const noexcept { return (to_limbs()[0] & 1) != 0; }
    friend constexpr bool operator==(const PrimeField&, const PrimeField&) noexcept = default;

    friend constexpr PrimeField operator+(const PrimeField& a, const PrimeField& b) noexcept {
        Limbs sum;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < N; ++i) sum[i] = add_carry(a.limbs_[i], b.limbs_[i], carry);
        return PrimeField(subtract_once(sum, carry));
    }
    friend constexpr PrimeField operator-(const PrimeField& a, const PrimeField& b) noexcept {
        Limbs r;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < N; ++i) r[i] = sub_borrow(a.limbs_[i], b.limbs_[i], borrow);
        const std::uint64_t mask = 0 - borrow;
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < N; ++i) r[i] = add_carry(r[i], P[i] & mask, carry);
        return PrimeField(r);
    }
    friend constexpr PrimeField operator-(const PrimeField& a) noexcept { return PrimeField{} - a; }
    friend constexpr PrimeField operator*(const PrimeField& a, const PrimeField& b) noexcept {
        return PrimeField(multiply(a.limbs_, b.limbs_));
    }
    /// a * b by the plain loop, whatever the processor has.
    static constexpr PrimeField product_plainly(const PrimeField& a, const PrimeField& b) noexcept {
        return PrimeField(multiply_plainly(a.limbs_, b.limbs_));
    }
    constexpr PrimeField& operator+=(const PrimeField& b) noexcept { return *this = *this + b; }
    constexpr PrimeField& operator-=(const PrimeField& b) noexcept { return *this = *this - b; }
    constexpr PrimeField& operator*=(const PrimeField& b) noexcept { return *this = *this * b; }

    [[nodiscard]] constexpr PrimeField square() const noexcept { return *this * *this; }
    [[nodiscard]] constexpr PrimeField twice() const noexcept { return *this + *this; }

    /// this^exponent, exponent as little-endian limbs and public. complexity: 64 squarings and 16
    /// products a limb.
    [[nodiscard]] constexpr PrimeField power(
        std::span<const std::uint64_t> exponent) const noexcept {
        PrimeField table[16];
        table[0] = one();
        for (int i = 1; i < 16; ++i) table[i] = table[i - 1] * *this;
        PrimeField r = one();
        for (std::size_t i = 16 * exponent.size(); i-- > 0;) {
            for (int k = 0; k < 4; ++k) r = r.square();
            r *= table[(exponent[i / 16] >> (4 * (i % 16))) & 15];
        }
        return r;
    }
    /// 1 / this; zero for zero. spec: Fermat.
    [[nodiscard]] constexpr PrimeField inverse() const noexcept {
        Limbs exponent =
            P;  // P is odd and above 2: no borrow leaves the first limb but for P[0] = 1
        std::uint64_t borrow = 0;
        exponent[0] = sub_borrow(exponent[0], 2, borrow);
        for (std::size_t i = 1; i < N; ++i) exponent[i] = sub_borrow(exponent[i], 0, borrow);
        return power(exponent);
    }
    /// A square root, or nothing. requires: modulus = 3 mod 4.
    [[nodiscard]] std::optional<PrimeField> sqrt() const noexcept {
        static_assert(P[0] % 4 == 3);
        const PrimeField root = power(ROOT_EXPONENT);
        if (!(root.square() == *this)) return std::nullopt;
        return root;
    }
    /// this when flag is false, other when true, without a branch.
    constexpr void select(const PrimeField& other, bool flag) noexcept {
        const std::uint64_t mask = 0 - static_cast<std::uint64_t>(flag);
        for (std::size_t i = 0; i < N; ++i) limbs_[i] ^= mask & (limbs_[i] ^ other.limbs_[i]);
    }

private:
    explicit constexpr PrimeField(const Limbs& limbs) noexcept : limbs_(limbs) {}

    static constexpr Limbs P = Modulus::LIMBS;
    static constexpr bool SPARE_BIT = (P[N - 1] >> 63) == 0;

    /// value - P when carry:value >= P, else value.
    static constexpr Limbs subtract_once(const Limbs& value, std::uint64_t carry) noexcept {
        Limbs r;
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < N; ++i) r[i] = sub_borrow(value[i], P[i], borrow);
        const std::uint64_t keep = 0 - (borrow & (carry ^ 1));
        for (std::size_t i = 0; i < N; ++i) r[i] ^= keep & (r[i] ^ value[i]);
        return r;
    }
    static constexpr Limbs twice_repeatedly(std::size_t times) noexcept {
        Limbs r{};
        r[0] = 1;
        for (std::size_t k = 0; k < times; ++k) {
            const std::uint64_t carry = r[N - 1] >> 63;
            for (std::size_t i = N - 1; i > 0; --i) r[i] = (r[i] << 1) | (r[i - 1] >> 63);
            r[0] <<= 1;
            r = subtract_once(r, carry);
        }
        return r;
    }
    static constexpr std::uint64_t minus_inverse() noexcept {
        std::uint64_t inverse = 1;
        for (int i = 0; i < 6; ++i) inverse *= 2 - P[0] * inverse;
        return 0 - inverse;
    }
    static constexpr Limbs root_exponent() noexcept {  // (P + 1) / 4
        Limbs r = P;
        std::uint64_t carry = 1;
        for (std::size_t i = 0; i < N; ++i) r[i] = add_carry(r[i], 0, carry);
        for (std::size_t i = 0; i < N; ++i)
            r[i] = (r[i] >> 2) | ((i + 1 < N ? r[i + 1] : carry) << 62);
        return r;
    }
    static constexpr Limbs R = twice_repeatedly(64 * N);
    static constexpr Limbs R2 = twice_repeatedly(128 * N);
    static constexpr std::uint64_t INVERSE = minus_inverse();
    static constexpr Limbs ROOT_EXPONENT = root_exponent();

    /// a b / 2^(64 N) mod P. requires: a is below P; b is any number of N limbs. (The running sum
    /// stays below a + P, so with a spare bit it never leaves N limbs.)
    static constexpr Limbs multiply(const Limbs& a, const Limbs& b) noexcept {
#if defined(__x86_64__)
        if constexpr (N == 6 && SPARE_BIT) {
            if !consteval {
                if (x86::has_adx) return subtract_once(x86::multiply(a, b, P, INVERSE), 0);
            }
        }
#endif
        return multiply_plainly(a, b);
    }
    static constexpr Limbs multiply_plainly(const Limbs& a, const Limbs& b) noexcept {
        Limbs t{};
        std::uint64_t top = 0;
        for (std::size_t i = 0; i < N; ++i) {
            u128 v = static_cast<u128>(a[0]) * b[i] + t[0];
            std::uint64_t high_a = static_cast<std::uint64_t>(v >> 64);
            const std::uint64_t m = static_cast<std::uint64_t>(v) * INVERSE;
            u128 w = static_cast<u128>(m) * P[0] + static_cast<std::uint64_t>(v);
            std::uint64_t high_m = static_cast<std::uint64_t>(w >> 64);
            for (std::size_t j = 1; j < N; ++j) {
                v = static_cast<u128>(a[j]) * b[i] + t[j] + high_a;
                high_a = static_cast<std::uint64_t>(v >> 64);
                w = static_cast<u128>(m) * P[j] + static_cast<std::uint64_t>(v) + high_m;
                high_m = static_cast<std::uint64_t>(w >> 64);
                t[j - 1] = static_cast<std::uint64_t>(w);
            }
            if constexpr (SPARE_BIT) {
                t[N - 1] = high_a + high_m;
            } else {
                const u128 last = static_cast<u128>(high_a) + high_m + top;
                t[N - 1] = static_cast<std::uint64_t>(last);
                top = static_cast<std::uint64_t>(last >> 64);
            }
        }
        return subtract_once(t, top);
    }

    Limbs limbs_{};
};

}  // namespace mezz::crypto
