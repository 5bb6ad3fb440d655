// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How often what goes wrong in one run. Each run has its own mix, so that rare faults are not
/// always drowned by frequent ones. units: parts in a million, of calls or of steps.

#include "sim/random.hpp"

namespace mezz::sim {

struct Faults {
    // Of calls to the parent.
    std::uint64_t lost_call = 0, lost_answer = 0, delayed_send = 0, doubled_send = 0;
    std::uint64_t reorg_in_call = 0;
    // Of steps.
    std::uint64_t reorg = 0, crash = 0, torn_crash = 0, batcher_crash = 0, full_disk = 0;
    std::uint64_t clock_jump = 0, hostile_batch = 0;

    /// Each kind is on in half of the runs.
    static Faults draw(Random& random) {
        Faults f;
        const auto some = [&](std::uint64_t most) -> std::uint64_t {
            const std::uint64_t rate = random.between(most / 10, most);
            return random.below(2) == 0 ? rate : 0;
        };
        f.lost_call = some(150'000);
        f.lost_answer = some(100'000);
        f.delayed_send = some(200'000);
        f.doubled_send = some(200'000);
        f.reorg_in_call = some(1'000);
        f.reorg = some(8'000);
        f.crash = some(6'000);
        f.torn_crash = some(6'000);
        f.batcher_crash = some(6'000);
        f.full_disk = some(8'000);
        f.clock_jump = some(5'000);
        f.hostile_batch = some(8'000);
        return f;
    }
};

}  // namespace mezz::sim
