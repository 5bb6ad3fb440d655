// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The KZG provers of core/crypto with the embedded setup, equal in every byte and faster: sums
/// over the setup's fixed points go through tables, eight at a time, where the processor has
/// AVX-512 IFMA. Elsewhere these are core's functions. Thread-safe.

#include "core/crypto/kzg_prover.hpp"

namespace mezz::host {

[[nodiscard]] bool ifma_available() noexcept;

/// complexity: about 20 ms with IFMA, 75 ms without.
[[nodiscard]] std::expected<Bytes48, crypto::KzgError> blob_to_kzg_commitment(ByteView blob);
[[nodiscard]] std::expected<crypto::KzgOpening, crypto::KzgError> compute_kzg_proof(
    ByteView blob, const Bytes32& z);
/// complexity: about 90 ms with IFMA, 450 ms without.
[[nodiscard]] std::expected<crypto::CellsAndProofs, crypto::KzgError> compute_cells_and_kzg_proofs(
    ByteView blob);

}  // namespace mezz::host
