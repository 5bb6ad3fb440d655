// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// The workloads of workload.hpp on the machine, for bench/guest, which counts instructions. The
/// input is the preimage of the local value, the answer the hash of the output. No part of what is
/// proven.

#include "core/crypto/keccak.hpp"
#include "guest/preimages.hpp"
#include "guest/runtime.hpp"
#include "guest/workload.hpp"

int main() {
    using namespace mezz;
    guest::MachinePreimages preimages;
    const auto input = preimages.get(preimages.question());
    const auto output = guest::run_workload(*input);
    if (!output) return guest::exit_bad_framing;
    guest::answer(crypto::keccak256(*output));
    return 0;
}
