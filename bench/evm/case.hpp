// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What bench-evm times: a call of a contract.

#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::bench {

struct Contract {
    Address address;
    Bytes code;
};

struct Case {
    std::string name;
    Bytes code;  ///< of the zero address, which is called.
    Bytes input;
    Bytes output;
    std::uint64_t gas = 0;
    std::uint64_t instructions = 0;   ///< 0: not known.
    std::vector<Contract> contracts;  ///< that the code calls.
};

/// Loops of calls, creations, storage, logs and hashes, which the public corpus lacks. `output` and
/// `gas` are empty: the plain instructions tell what is expected of the fast ones.
[[nodiscard]] std::vector<Case> state_cases();

}  // namespace mezz::bench
