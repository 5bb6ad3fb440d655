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
    pieces,  ///< bench.elf: counted between its marks
    stf,     ///< stf.elf: counted from start to exit
};

struct Workload {
    std::string name;
    Image image = Image::pieces;
    Bytes input;
    Bytes output;             ///< what the same code gives natively
    std::uint64_t units = 1;  ///< what the count is divided by
    /// The same without the units: its count is taken off. Empty = nothing.
    Bytes base_input;
    Bytes base_output;
    std::uint64_t gas = 0;  ///< of one unit; 0 = not meant by gas
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
