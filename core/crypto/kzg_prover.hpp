// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Commitments and proofs for blobs and their cells. The caller holds the setup.
///
/// spec: EIP-4844, EIP-7594; consensus-specs, fulu/polynomial-commitments-sampling.md.

#include <cstdint>
#include <expected>
#include <span>
#include <vector>

#include "core/crypto/kzg_setup.hpp"

namespace mezz::crypto {

inline constexpr std::size_t CELL_SIZE = 32 * FIELD_ELEMENTS_PER_CELL;

/// complexity: one sum of 4096 scalar multiples.
[[nodiscard]] std::expected<Bytes48, KzgError> blob_to_kzg_commitment(const KzgSetup& setup,
                                                                      ByteView blob);

struct KzgOpening {
    Bytes48 proof;
    Bytes32 y;  ///< the polynomial's value at z
};
/// The proof of the blob's value at z. complexity: as a commitment.
[[nodiscard]] std::expected<KzgOpening, KzgError> compute_kzg_proof(const KzgSetup& setup,
                                                                    ByteView blob,
                                                                    const Bytes32& z);

/// The proof that verify_blob_kzg_proof checks.
[[nodiscard]] std::expected<Bytes48, KzgError> compute_blob_kzg_proof(const KzgSetup& setup,
                                                                      ByteView blob,
                                                                      const Bytes48& commitment);

struct CellsAndProofs {
    Bytes cells;                  ///< 128 cells of CELL_SIZE bytes
    std::vector<Bytes48> proofs;  ///< one a cell
};
/// The blob extended to twice its length, in 128 cells, with a proof each.
/// complexity: 128 sums of 64 scalar multiples and two transforms of 128 points.
[[nodiscard]] std::expected<CellsAndProofs, KzgError> compute_cells_and_kzg_proofs(
    const KzgSetup& setup, ByteView blob);

/// The cells alone. complexity: two transforms of field elements.
[[nodiscard]] std::expected<Bytes, KzgError> compute_cells(ByteView blob);

/// Whether every cell is the one at its index under its commitment. Lists of equal length; none
/// gives true. One pairing product for all.
[[nodiscard]] std::expected<bool, KzgError> verify_cell_kzg_proof_batch(
    const KzgSetup& setup, std::span<const Bytes48> commitments,
    std::span<const std::uint64_t> cell_indices, std::span<const ByteView> cells,
    std::span<const Bytes48> proofs);

}  // namespace mezz::crypto
