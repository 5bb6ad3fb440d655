// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Counts of times in buckets that grow with the time: 32 for each doubling, so that a percentile
/// is at most 1/32 above the true one, in 15 KiB whatever is recorded.

#include <array>
#include <cstdint>

namespace mezz::app {

class LoadHistogram {
public:
    /// units: any, as microseconds.
    void record(std::uint64_t value);
    void merge(const LoadHistogram& other);
    /// The least recorded value, rounded up within its bucket, that at least `share` (0 to 1) of
    /// all do not exceed. returns: 0 when nothing was recorded.
    [[nodiscard]] std::uint64_t percentile(double share) const;
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::uint64_t max() const noexcept { return max_; }

private:
    static constexpr unsigned fraction_bits = 5;
    /// The last bucket holds 2^64 - 1.
    static constexpr std::size_t buckets = (64 - fraction_bits + 1) << fraction_bits;
    static std::size_t bucket_of(std::uint64_t value) noexcept;
    static std::uint64_t last_of(std::size_t bucket) noexcept;

    std::array<std::uint64_t, buckets> counts_{};
    std::uint64_t count_ = 0;
    std::uint64_t max_ = 0;
};

}  // namespace mezz::app
