// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A precompile's vector as a state test, so that the guest can be given it: a contract calls the
/// precompile with the data it was called with and stores whether that succeeded, the hash of what
/// came back, and its size.

#include "tests/conformance/state_tests.hpp"

namespace mezz::conformance {

struct PrecompileVector {
    unsigned number = 0;
    Revision revision = LATEST_REVISION;
    Bytes input;
    std::optional<Bytes> output;  ///< none: the precompile must fail
    std::uint64_t gas = 0;        ///< what it takes, as far as the vector says
};

/// Runs the vector natively and on the guest `elf`.
/// returns: what is wrong; empty when both end in the state that the vector asks for.
std::string run_precompile_twins(const std::string& elf, const PrecompileVector& vector);

/// Whether a transaction may have the gas that the vector takes. spec: EIP-7825.
bool fits_transaction(const PrecompileVector& vector);

}  // namespace mezz::conformance
