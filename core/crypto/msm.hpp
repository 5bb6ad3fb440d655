// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Sums of scalar multiples (Pippenger's bucket method). Public data only. Internal to core/crypto.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/crypto/curve.hpp"

namespace mezz::crypto {

/// Window width for n points: the sum costs about (bits / w) (n + 2^w) additions.
constexpr unsigned msm_window(std::size_t n) noexcept {
    const unsigned log = static_cast<unsigned>(std::bit_width(n));
    return log <= 4 ? 3 : log - (log > 8 ? 3 : 2);
}

/// The sum of scalars[i] * points[i]; scalars are L limbs, little-endian, below 2^bits.
/// requires: equal sizes, bits <= 64 L.
template <std::size_t L, class F>
Jacobian<F> multi_scalar_multiply(std::span<const AffinePoint<F>> points,
                                  std::span<const std::array<std::uint64_t, L>> scalars,
                                  unsigned bits) {
    const unsigned width = msm_window(points.size());
    const std::size_t windows = bits / width + 1;  // the extra one takes the last carry
    const std::size_t half = std::size_t{1} << (width - 1);

    // Signed digits, |digit| <= 2^(width - 1), a window after another.
    std::vector<std::int16_t> digits(windows * points.size());
    for (std::size_t i = 0; i < points.size(); ++i) {
        std::int32_t carry = 0;
        for (std::size_t w = 0; w < windows; ++w) {
            const std::size_t at = w * width, limb = at / 64, shift = at % 64;
            std::uint64_t v = limb < L ? scalars[i][limb] >> shift : 0;
            if (shift + width > 64 && limb + 1 < L) v |= scalars[i][limb + 1] << (64 - shift);
            auto digit = static_cast<std::int32_t>(v & ((std::uint64_t{1} << width) - 1)) + carry;
            carry = digit > static_cast<std::int32_t>(half) ? 1 : 0;
            digit -= carry << width;
            digits[w * points.size() + i] = static_cast<std::int16_t>(digit);
        }
    }

    Jacobian<F> total;
    std::vector<Jacobian<F>> buckets(half);
    for (std::size_t w = windows; w-- > 0;) {
        for (unsigned k = 0; k < width; ++k) total = total.twice();
        for (auto& bucket : buckets) bucket = {};
        for (std::size_t i = 0; i < points.size(); ++i) {
            const int digit = digits[w * points.size() + i];
            if (digit > 0) buckets[static_cast<std::size_t>(digit - 1)] += points[i];
            if (digit < 0) buckets[static_cast<std::size_t>(-digit - 1)] += points[i].negated();
        }
        Jacobian<F> running;  // sum over k of k * bucket[k] by suffix sums
        for (std::size_t k = half; k-- > 0;) {
            running += buckets[k];
            total += running;
        }
    }
    return total;
}

}  // namespace mezz::crypto
