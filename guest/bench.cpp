// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The workloads of workload.hpp on the machine, for bench/guest, which counts the instructions
/// between two marks. No part of what is proven.

#include "guest/runtime.hpp"
#include "guest/workload.hpp"

extern "C" long guest_ecall(long a0, long a1, long a2, long number);

namespace {

/// A number that no system has, so that elsewhere a mark is refused and changes nothing.
constexpr long ecall_mark = 0x6d61726b;

void mark() {
    guest_ecall(0, 0, 0, ecall_mark);
}

}  // namespace

int main() {
    const auto output = mezz::guest::run_workload(mezz::guest::read_input(), mark);
    if (!output) return mezz::guest::exit_bad_framing;
    mezz::guest::write_output(*output);
    return 0;
}
