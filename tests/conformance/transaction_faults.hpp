// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What is wrong with the bytes of a transaction, in the words of the official vectors.
///
/// core's decoder stops at the first fault and says only that the bytes are none of its
/// transactions. The vectors name one fault of each transaction; which one comes first is an order
/// of checks and no rule. So this walks all fields and collects every fault.

#include <set>
#include <string>

#include "core/base/bytes.hpp"
#include "core/spec/revision.hpp"

namespace mezz::conformance {

/// Names of TransactionException, without prefix. Chain id 1 is the right one.
std::set<std::string> transaction_faults(ByteView bytes, Revision rev);

}  // namespace mezz::conformance
