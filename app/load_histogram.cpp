// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mezz::app {

std::size_t LoadHistogram::bucket_of(std::uint64_t value) noexcept {
    // Below 64 a bucket is one value.
    const auto width = static_cast<unsigned>(std::bit_width(value));
    const unsigned shift = width > fraction_bits + 1 ? width - fraction_bits - 1 : 0;
    return (std::size_t{shift} << fraction_bits) + (value >> shift);
}

std::uint64_t LoadHistogram::last_of(std::size_t bucket) noexcept {
    const std::size_t octave = bucket >> fraction_bits;
    const auto shift = static_cast<unsigned>(octave > 0 ? octave - 1 : 0);
    const std::uint64_t mantissa = bucket - (std::size_t{shift} << fraction_bits);
    return ((mantissa + 1) << shift) - 1;
}

void LoadHistogram::record(std::uint64_t value) {
    ++counts_[bucket_of(value)];
    ++count_;
    max_ = std::max(max_, value);
}

void LoadHistogram::merge(const LoadHistogram& other) {
    for (std::size_t i = 0; i < buckets; ++i) counts_[i] += other.counts_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

std::uint64_t LoadHistogram::percentile(double share) const {
    if (count_ == 0) return 0;
    const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_));
    const auto rank = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(wanted));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets; ++i) {
        seen += counts_[i];
        if (seen >= rank) return std::min(last_of(i), max_);
    }
    return max_;
}

}  // namespace mezz::app
