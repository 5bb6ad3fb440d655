// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The same state test on RV64IM: build/guest/state_test.elf on the proof machine.

#include <expected>
#include <string>

#include "core/exec/block_executor.hpp"
#include "core/state/memory_view.hpp"

namespace mezz::conformance {

/// What a state test starts from.
struct StateTest {
    ChainSpec spec;
    BlockContext block;
    MemoryView state;
    /// Absent where the vector's fields are no values a transaction can carry.
    std::optional<Transaction> txn;
    std::optional<Address> sender;
};

/// What both sides must agree on.
struct StateTestResult {
    Bytes32 state_root;
    std::uint64_t gas_used = 0;
    std::optional<exec::TxError> rejection;
    friend bool operator==(const StateTestResult&, const StateTestResult&) = default;
};

/// Whether the guest can be given this test: its transaction must have an encoding. Transactions
/// that the vectors make out of fields alone may have none, such as a blob transaction that
/// creates.
bool has_guest_input(const StateTest& test);

/// returns: 77, CTest's code of a skipped test, after saying so, where the command line asks for a
/// guest and it is not there; 0 otherwise.
int missing_guest(int argc, char** argv);

/// Runs `elf` on the test. returns: "" if it gives `native` too, or what is wrong.
std::string compare_in_guest(const std::string& elf, const StateTest& test,
                             const StateTestResult& native);

}  // namespace mezz::conformance
