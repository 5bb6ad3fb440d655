// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/modexp.hpp"

#include <algorithm>
#include <bit>
#include <vector>

#include "core/base/uint256.hpp"

namespace mezz::crypto {
namespace {

using Number = std::vector<std::uint64_t>;  // little-endian limbs

Number from_bytes(ByteView bytes) {
    Number n((bytes.size() + 7) / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        n[i / 8] |= std::uint64_t{bytes[bytes.size() - 1 - i]} << (8 * (i % 8));
    return n;
}

void trim(Number& n) {
    while (!n.empty() && n.back() == 0) n.pop_back();
}

/// a -= b over the limbs of b; returns the borrow.
std::uint64_t subtract(std::uint64_t* a, const Number& b) noexcept {
    std::uint64_t borrow = 0;
    for (std::size_t i = 0; i < b.size(); ++i) a[i] = sub_borrow(a[i], b[i], borrow);
    return borrow;
}

bool less(const std::uint64_t* a, const Number& b) noexcept {
    for (std::size_t i = b.size(); i-- > 0;)
        if (a[i] != b[i]) return a[i] < b[i];
    return false;
}

/// Calls step(digit) for every four bits of the exponent from the top, without leading zeros.
template <class Step>
void for_each_nibble(ByteView exponent, Step step) {
    bool started = false;
    for (const auto byte : exponent)
        for (const int nibble : {byte >> 4, byte & 15}) {
            started = started || nibble != 0;
            if (started) step(nibble);
        }
}

/// Arithmetic modulo an odd number > 1, in Montgomery form. spec: Koc, Acar, Kaliski, CIOS.
class OddModulus {
public:
    explicit OddModulus(Number m) : m_(std::move(m)), n_(m_.size()), scratch_(n_ + 2) {
        std::uint64_t inverse = 1;
        for (int i = 0; i < 6; ++i) inverse *= 2 - m_[0] * inverse;
        inverse_ = 0 - inverse;
        // 2^(64 n) mod m by doubling the largest power of two below m.
        one_.assign(n_, 0);
        const int top = 63 - std::countl_zero(m_.back());
        one_[n_ - 1] = std::uint64_t{1} << top;
        for (int i = top; i < 64; ++i) twice(one_);
        // 2^(128 n) mod m: the form of 2^(64 n), by square and double.
        squared_ = one_;
        const std::uint64_t exponent = 64 * n_;
        for (int i = 63 - std::countl_zero(exponent); i >= 0; --i) {
            multiply(squared_, squared_, squared_);
            if (((exponent >> i) & 1) != 0) twice(squared_);
        }
    }

    /// base^exponent mod m.
    Number power(const Number& base, ByteView exponent) {
        std::vector<Number> table(16, one_);
        table[1] = to_form(base);
        for (std::size_t i = 2; i < 16; ++i) multiply(table[i], table[i - 1], table[1]);
        Number r = one_;
        bool first = true;
        for_each_nibble(exponent, [&](int nibble) {
            if (first) {
                r = table[static_cast<std::size_t>(nibble)];
                first = false;
                return;
            }
            for (int k = 0; k < 4; ++k) multiply(r, r, r);
            if (nibble != 0) multiply(r, r, table[static_cast<std::size_t>(nibble)]);
        });
        Number unit(n_);
        unit[0] = 1;
        multiply(r, r, unit);
        return r;
    }

private:
    void twice(Number& a) const {
        std::uint64_t carry = 0;
        for (auto& limb : a) {
            const std::uint64_t out = limb >> 63;
            limb = (limb << 1) | carry;
            carry = out;
        }
        if (carry != 0 || !less(a.data(), m_)) (void)subtract(a.data(), m_);
    }
    void add(Number& a, const Number& b) const {
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < n_; ++i) a[i] = add_carry(a[i], b[i], carry);
        if (carry != 0 || !less(a.data(), m_)) (void)subtract(a.data(), m_);
    }
    /// r = a b / 2^(64 n). One of a, b is below m. r may be a or b.
    void multiply(Number& r, const Number& a, const Number& b) {
        std::uint64_t* t = scratch_.data();
        std::fill(scratch_.begin(), scratch_.end(), 0);
        for (std::size_t i = 0; i < n_; ++i) {
            const std::uint64_t bi = b[i];
            u128 v = static_cast<u128>(a[0]) * bi + t[0];
            std::uint64_t high_a = static_cast<std::uint64_t>(v >> 64);
            const std::uint64_t q = static_cast<std::uint64_t>(v) * inverse_;
            u128 w = static_cast<u128>(q) * m_[0] + static_cast<std::uint64_t>(v);
            std::uint64_t high_m = static_cast<std::uint64_t>(w >> 64);
            for (std::size_t j = 1; j < n_; ++j) {
                v = static_cast<u128>(a[j]) * bi + t[j] + high_a;
                high_a = static_cast<std::uint64_t>(v >> 64);
                w = static_cast<u128>(q) * m_[j] + static_cast<std::uint64_t>(v) + high_m;
                high_m = static_cast<std::uint64_t>(w >> 64);
                t[j - 1] = static_cast<std::uint64_t>(w);
            }
            const u128 last = static_cast<u128>(high_a) + high_m + t[n_];
            t[n_ - 1] = static_cast<std::uint64_t>(last);
            t[n_] = static_cast<std::uint64_t>(last >> 64);
        }
        if (t[n_] != 0 || !less(t, m_)) (void)subtract(t, m_);
        r.assign(t, t + n_);
    }
    /// The form of a number of any size: Horner's rule over pieces of n limbs.
    Number to_form(const Number& value) {
        Number r(n_), piece(n_);
        const std::size_t pieces = (value.size() + n_ - 1) / n_;
        for (std::size_t k = pieces; k-- > 0;) {
            for (std::size_t i = 0; i < n_; ++i)
                piece[i] = k * n_ + i < value.size() ? value[k * n_ + i] : 0;
            multiply(r, r, squared_);
            multiply(piece, piece, squared_);
            add(r, piece);
        }
        return r;
    }

    Number m_;
    std::size_t n_;
    Number scratch_;
    std::uint64_t inverse_ = 0;
    Number one_, squared_;
};

/// a b mod 2^(64 size).
Number multiply_low(const Number& a, const Number& b, std::size_t size) {
    Number r(size);
    for (std::size_t i = 0; i < std::min(a.size(), size); ++i) {
        std::uint64_t carry = 0;
        for (std::size_t j = 0; i + j < size; ++j) {
            const u128 v = static_cast<u128>(a[i]) * (j < b.size() ? b[j] : 0) + r[i + j] + carry;
            r[i + j] = static_cast<std::uint64_t>(v);
            carry = static_cast<std::uint64_t>(v >> 64);
        }
    }
    return r;
}

void keep_low_bits(Number& a, std::size_t bits) {
    a.resize((bits + 63) / 64);
    if (bits % 64 != 0) a.back() &= (std::uint64_t{1} << (bits % 64)) - 1;
}

/// base^exponent mod 2^bits.
Number power_of_two_modulus(const Number& base, ByteView exponent, std::size_t bits) {
    const std::size_t size = (bits + 63) / 64;
    Number one(size);
    one[0] = 1;
    std::vector<Number> table(16, one);
    for (std::size_t i = 1; i < 16; ++i) table[i] = multiply_low(table[i - 1], base, size);
    Number r = one;
    for_each_nibble(exponent, [&](int nibble) {
        for (int k = 0; k < 4; ++k) r = multiply_low(r, r, size);
        r = multiply_low(r, table[static_cast<std::size_t>(nibble)], size);
    });
    keep_low_bits(r, bits);
    return r;
}

/// 1 / odd mod 2^(64 size), by Newton's iteration.
Number inverse_low(const Number& odd, std::size_t size) {
    Number r{1};
    for (int i = 0; i < 6; ++i) r[0] *= 2 - odd[0] * r[0];
    for (std::size_t have = 1; have < size;) {
        have = std::min(2 * have, size);
        Number t = multiply_low(odd, r, have);  // r (2 - odd r)
        for (auto& limb : t) limb = ~limb;
        std::uint64_t carry = 3;
        for (auto& limb : t) {
            std::uint64_t out = 0;
            limb = add_carry(limb, carry, out);
            carry = out;
        }
        r = multiply_low(r, t, have);
    }
    return r;
}

Number shift_right(const Number& a, std::size_t bits) {
    Number r(a.begin() + static_cast<std::ptrdiff_t>(bits / 64), a.end());
    if (const unsigned s = bits % 64; s != 0)
        for (std::size_t i = 0; i < r.size(); ++i)
            r[i] = (r[i] >> s) | (i + 1 < r.size() ? r[i + 1] << (64 - s) : 0);
    trim(r);
    return r;
}

}  // namespace

Bytes modexp(ByteView base, ByteView exponent, ByteView modulus) {
    Bytes out(modulus.size());
    Number m = from_bytes(modulus);
    trim(m);
    if (m.empty()) return out;
    Number b = from_bytes(base);
    trim(b);

    // modulus = odd 2^bits; the two residues meet again by x = x1 + odd ((x2 - x1) / odd mod
    // 2^bits).
    std::size_t bits = 0;
    while (m[bits / 64] == 0) bits += 64;
    bits += static_cast<std::size_t>(std::countr_zero(m[bits / 64]));
    const Number odd = shift_right(m, bits);
    const bool odd_is_one = odd.size() == 1 && odd[0] == 1;

    Number x(m.size());
    if (!odd_is_one) {
        const Number x1 = OddModulus(odd).power(b, exponent);
        std::copy(x1.begin(), x1.end(), x.begin());
    }
    if (bits != 0) {
        const std::size_t size = (bits + 63) / 64;
        Number difference = power_of_two_modulus(b, exponent, bits);
        std::uint64_t borrow = 0;
        for (std::size_t i = 0; i < size; ++i)
            difference[i] = sub_borrow(difference[i], x[i], borrow);
        Number factor = multiply_low(difference, inverse_low(odd, size), size);
        keep_low_bits(factor, bits);
        const Number product = multiply_low(odd, factor, m.size());
        std::uint64_t carry = 0;
        for (std::size_t i = 0; i < m.size(); ++i) x[i] = add_carry(x[i], product[i], carry);
    }
    for (std::size_t i = 0; i < out.size() && i / 8 < x.size(); ++i)
        out[out.size() - 1 - i] = static_cast<std::uint8_t>(x[i / 8] >> (8 * (i % 8)));
    return out;
}

}  // namespace mezz::crypto
