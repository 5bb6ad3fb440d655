// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// States as the vectors write them: a map from address to balance, nonce, code and storage.

#include "core/state/memory_view.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {

/// Numbers may be hex or decimal; absent ones are zero.
/// errors: throws Malformed.
MemoryView parse_allocation(simdjson::dom::element accounts);

}  // namespace mezz::conformance
