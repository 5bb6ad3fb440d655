// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The `state-tests` subcommand of mezz-conformance.

#include "core/codec/hex.hpp"
#include "core/codec/rlp.hpp"
#include "tests/conformance/guest_twin.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {

/// Runs with the arguments after the subcommand. returns: the process exit status.
int state_tests(int argc, char** argv);

/// One post entry of a test. errors: throws Malformed or simdjson_error; fields that no transaction
/// can carry make a test without transaction.
StateTest parse_state_test(simdjson::dom::element test, simdjson::dom::element post, Revision rev,
                           std::string_view fork);
/// `fast`: with the fast interpreter.
StateTestResult run_natively(const StateTest& test, bool fast, std::vector<Log>& logs);

}  // namespace mezz::conformance
