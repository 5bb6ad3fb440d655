// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What bench-guest measures: inputs of guest images with the outputs they must give.

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::bench {

enum class Image : std::uint8_t {
    pieces,  ///< bench.elf, on a workload of guest/workload.hpp
    stf,     ///< stf.elf, on a statement
};

/// Two runs of an image: what the second takes beyond the first is counted.
struct Workload {
    struct Run {
        Bytes input;     ///< of guest/workload.hpp, or node::guest_input
        Bytes32 answer;  ///< what the same code gives natively
    };
    std::string name;
    Image image = Image::pieces;
    Run without, with;
    std::uint64_t units = 1;  ///< between the two
    std::uint64_t gas = 0;    ///< of one unit; 0 = not meant by gas
};

/// Hashes and signatures; always there.
std::vector<Workload> crypto_workloads();
/// Transactions of a rollup, through all of stf::verify: derivation from a compressed batch,
/// recovery of the sender, execution, state and receipt roots.
std::vector<Workload> transaction_workloads();
/// Other precompiles by official vectors, and the contracts of evm-benchmarks; empty where the
/// vectors are absent.
std::vector<Workload> vector_workloads();

}  // namespace mezz::bench
