// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/spec/revision.hpp"
#include "core/types/blob_sidecar.hpp"

namespace mezz::node {

/// Checks a sidecar against its transaction and the form the fork wants: EIP-4844 proofs before
/// Osaka, cell proofs (EIP-7594) from then on. Verifies every commitment and proof.
/// errors: a sentence in the words of common clients.
std::expected<void, std::string> check_sidecar(const NetworkTransaction& txn, Revision revision);

}  // namespace mezz::node
