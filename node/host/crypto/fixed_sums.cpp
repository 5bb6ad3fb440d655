// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/crypto/fixed_sums.hpp"

#include <algorithm>

#include "core/base/assert.hpp"

namespace mezz::host {
namespace {

using crypto::bls12_381::Fp;
using crypto::bls12_381::G1;
using crypto::bls12_381::G1Sum;
using crypto::bls12_381::Scalar;

constexpr unsigned half_bits = 128;  ///< of a scalar's halves
/// Multiples added in one go: many share an inversion, and all stay in the second-level cache.
constexpr std::size_t terms_at_once = 16'384;
constexpr std::size_t points_at_once = 256;

/// `count` bits of a number from bit `at` on.
unsigned bits_of(const std::array<std::uint64_t, 2>& k, unsigned at, unsigned count) noexcept {
    if (at >= half_bits) return 0;
    const unsigned limb = at / 64, shift = at % 64;
    std::uint64_t v = k[limb] >> shift;
    if (shift + count > 64 && limb == 0) v |= k[1] << (64 - shift);
    return static_cast<unsigned>(v & ((std::uint64_t{1} << count) - 1));
}

/// What is added to a bucket: a point of the table, or its image or negation.
struct Term {
    std::uint32_t point;   ///< place in the table
    std::uint32_t bucket;  ///< of all rows of the group
    bool high, negative;
};

/// Points in a row, to be added up.
struct Pile {
    std::size_t begin = 0, count = 0;
};

/// Halves every pile by adding neighbours. `slopes` is scratch.
void add_neighbours(std::vector<G1>& points, std::vector<Pile>& piles, std::vector<Fp>& slopes) {
    slopes.clear();
    for (const Pile& pile : piles)
        for (std::size_t i = 0; i + 1 < pile.count; i += 2) {
            const G1 &a = points[pile.begin + i], &b = points[pile.begin + i + 1];
            // Zero where the sum is neutral or one of them is.
            slopes.push_back(a.infinity || b.infinity ? Fp::zero()
                             : a.x == b.x             ? (a.y == b.y ? a.y.twice() : Fp::zero())
                                                      : b.x - a.x);
        }
    crypto::invert_all<Fp>(slopes);
    auto slope = slopes.begin();
    for (Pile& pile : piles) {
        for (std::size_t i = 0; i + 1 < pile.count; i += 2) {
            const G1 a = points[pile.begin + i], b = points[pile.begin + i + 1];
            G1& sum = points[pile.begin + i / 2];
            const Fp inverse = *slope++;
            if (a.infinity || b.infinity) {
                sum = a.infinity ? b : a;
            } else if (inverse.is_zero()) {
                sum = G1{};
            } else {
                const Fp xx = a.x.square();
                const Fp l = (a.x == b.x ? xx.twice() + xx : b.y - a.y) * inverse;
                const Fp x = l.square() - a.x - b.x;
                sum = {x, l * (a.x - x) - a.y};
            }
        }
        if (pile.count % 2 != 0)
            points[pile.begin + pile.count / 2] = points[pile.begin + pile.count - 1];
        pile.count = (pile.count + 1) / 2;
    }
}

/// 1 first + 2 second + 3 third + …; piles hold a point or none.
G1Sum weighed(const std::vector<G1>& points, std::span<const Pile> piles) {
    G1Sum above, total;
    for (std::size_t b = piles.size(); b-- > 0;) {
        if (piles[b].count != 0) above += points[piles[b].begin];
        total += above;
    }
    return total;
}

}  // namespace

FixedSums::FixedSums(std::span<const G1> points, std::size_t columns, unsigned width)
    : columns_(columns), width_(width), windows_(half_bits / width + 1) {
    ASSERT(width >= 2 && width <= 14 && columns != 0 && points.size() % columns == 0);
    shifted_.reserve(points.size() * windows_);
    std::vector<G1Sum> sums;
    for (std::size_t start = 0; start < points.size(); start += points_at_once) {
        sums.clear();
        for (std::size_t i = start; i < std::min(points.size(), start + points_at_once); ++i) {
            G1Sum p(points[i]);
            for (std::size_t w = 0; w < windows_; ++w) {
                sums.push_back(p);
                for (unsigned k = 0; k < width && w + 1 < windows_; ++k) p = p.twice();
            }
        }
        const auto affine = crypto::affine_all<Fp, false>(std::span<const G1Sum>(sums));
        shifted_.insert(shifted_.end(), affine.begin(), affine.end());
    }
}

std::vector<G1Sum> FixedSums::rows(std::span<const Scalar> scalars) const {
    ASSERT(scalars.size() * windows_ == shifted_.size());
    const std::size_t count = scalars.size() / columns_, buckets = std::size_t{1} << (width_ - 1);
    const std::size_t rows_at_once =
        std::max<std::size_t>(1, terms_at_once / (2 * columns_ * windows_));
    std::vector<Term> terms;
    std::vector<Pile> piles;
    std::vector<G1> points;
    std::vector<Fp> slopes;
    std::vector<G1Sum> out;
    for (std::size_t first = 0; first < count; first += rows_at_once) {
        const std::size_t rows = std::min(rows_at_once, count - first);
        terms.clear();
        piles.assign(rows * buckets, {});
        for (std::size_t i = first * columns_; i < (first + rows) * columns_; ++i) {
            const auto halves = crypto::bls12_381::split(scalars[i]);
            const std::size_t row = i / columns_ - first;
            for (const bool high : {false, true}) {
                int carry = 0;
                for (std::size_t w = 0; w < windows_; ++w) {
                    int digit =
                        static_cast<int>(bits_of(high ? halves.high : halves.low,
                                                 static_cast<unsigned>(w) * width_, width_)) +
                        carry;
                    carry = digit > static_cast<int>(buckets) ? 1 : 0;
                    digit -= carry << width_;
                    if (digit == 0) continue;
                    const auto bucket =
                        row * buckets + static_cast<std::size_t>(digit < 0 ? -digit : digit) - 1;
                    ++piles[bucket].count;
                    terms.push_back({static_cast<std::uint32_t>(i * windows_ + w),
                                     static_cast<std::uint32_t>(bucket), high, digit < 0});
                }
                ASSERT(carry == 0);
            }
        }
        std::size_t longest = 0;
        for (std::size_t b = 0, begin = 0; b < piles.size(); ++b) {
            longest = std::max(longest, piles[b].count);
            piles[b].begin = begin;
            begin += std::exchange(piles[b].count, 0);
        }
        points.resize(terms.size());
        for (const Term& term : terms) {
            Pile& pile = piles[term.bucket];
            G1& p = points[pile.begin + pile.count++];
            p = shifted_[term.point];
            if (term.high) p = crypto::bls12_381::times_square(p);
            if (term.negative) p = p.negated();
        }
        for (; longest > 1; longest = (longest + 1) / 2) add_neighbours(points, piles, slopes);
        for (std::size_t row = 0; row < rows; ++row)
            out.push_back(weighed(points, std::span(piles).subspan(row * buckets, buckets)));
    }
    return out;
}

}  // namespace mezz::host
