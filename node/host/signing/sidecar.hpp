// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Commitments and proofs for the blobs of a transaction.

#include "core/types/blob_sidecar.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

/// Fails with fatal when a blob is not 4096 field elements below the modulus.
Result<std::vector<Bytes48>> commit_to(const std::vector<Bytes>& blobs);
/// Version 0: one proof a blob; version 1: 128 cell proofs a blob. requires: as many commitments.
Result<BlobSidecar> make_sidecar(const std::vector<Bytes>& blobs,
                                 const std::vector<Bytes48>& commitments, std::uint8_t version);

}  // namespace mezz::node
