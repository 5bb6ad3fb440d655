// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The only source of chance in a simulation. Standard distributions differ between libraries, so
/// numbers come from plain arithmetic on std::mt19937_64.

#include <cstdint>
#include <random>

namespace mezz::sim {

class Random {
public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t next() { return engine_(); }
    /// returns: 0 to n - 1. requires: n > 0.
    std::uint64_t below(std::uint64_t n) { return engine_() % n; }
    /// returns: from to to, both included.
    std::uint64_t between(std::uint64_t from, std::uint64_t to) {
        return from + below(to - from + 1);
    }
    /// True `parts` times in a million. Draws nothing when that is never.
    bool one(std::uint64_t parts_per_million) {
        return parts_per_million != 0 && below(1'000'000) < parts_per_million;
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace mezz::sim
