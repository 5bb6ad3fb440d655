// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// KZG verification for blobs: everything that needs only [1]_2 and [tau]_2 of the ceremony.
///
/// A blob is 4096 scalars of 32 big-endian bytes: the values of a polynomial at the 4096th roots of
/// unity in bit-reversed order. Committing and cell proofs need the whole setup: kzg_prover.hpp.
///
/// spec: EIP-4844; consensus-specs, deneb/polynomial-commitments.md.

#include <cstdint>
#include <expected>
#include <optional>
#include <span>

#include "core/base/bytes.hpp"

namespace mezz::crypto {

inline constexpr std::size_t FIELD_ELEMENTS_PER_BLOB = 4096;
inline constexpr std::size_t BLOB_SIZE = 32 * FIELD_ELEMENTS_PER_BLOB;
inline constexpr std::uint8_t VERSIONED_HASH_VERSION_KZG = 0x01;

enum class KzgError : std::uint8_t {
    input_length,    ///< a blob, cell or list has the wrong size
    scalar_range,    ///< a field element is not below the group order
    point_encoding,  ///< a commitment or proof is not the canonical form of a subgroup point
    cell_index,      ///< a cell index is not below 128
    setup_encoding,  ///< a trusted setup does not parse
};

/// 0x01 and the last 31 bytes of sha256(commitment). spec: EIP-4844, kzg_to_versioned_hash.
[[nodiscard]] Bytes32 kzg_to_versioned_hash(const Bytes48& commitment) noexcept;

/// Whether the committed polynomial has the value y at z. complexity: one product of two pairings.
[[nodiscard]] std::expected<bool, KzgError> verify_kzg_proof(const Bytes48& commitment,
                                                             const Bytes32& z, const Bytes32& y,
                                                             const Bytes48& proof);

/// The precompile 0x0a. input: versioned hash, z, y, commitment, proof (192 bytes).
/// returns: 4096 and the group order, 32 bytes each; nothing on any mismatch or malformed part.
[[nodiscard]] std::optional<FixedBytes<64>> point_evaluation(ByteView input);

/// Whether the blob is the one committed to.
[[nodiscard]] std::expected<bool, KzgError> verify_blob_kzg_proof(ByteView blob,
                                                                  const Bytes48& commitment,
                                                                  const Bytes48& proof);

/// Whether all blobs are. Lists of equal length; none gives true. One pairing product for all.
[[nodiscard]] std::expected<bool, KzgError> verify_blob_kzg_proof_batch(
    std::span<const ByteView> blobs, std::span<const Bytes48> commitments,
    std::span<const Bytes48> proofs);

}  // namespace mezz::crypto
