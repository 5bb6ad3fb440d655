// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The powers-of-tau ceremony's output in the form the prover wants.

#include <expected>
#include <vector>

#include "core/crypto/bls12_381_group.hpp"
#include "core/crypto/kzg.hpp"

namespace mezz::crypto {

inline constexpr std::size_t FIELD_ELEMENTS_PER_CELL = 64;
inline constexpr std::size_t CELLS_PER_EXT_BLOB = 128;

struct KzgSetup {
    /// 4096 Lagrange points in bit-reversed order, as blobs are.
    std::vector<bls12_381::G1> lagrange;
    /// [tau^i]_1 for i < 64.
    std::vector<bls12_381::G1> monomial;
    /// 128 rows of 64 points: the transformed Toeplitz columns of cell proofs, rows bit-reversed.
    std::vector<bls12_381::G1> cell_rows;
    /// [tau^64]_2.
    bls12_381::G2 tau_cell;
};

/// Parses the ceremony's text: "4096", "65", then G1 Lagrange, G2 and G1 monomial points in
/// compressed hex, one a line. Every point is checked. complexity: seconds (the cell rows are 64
/// transforms of points); meant for tools.
[[nodiscard]] std::expected<KzgSetup, KzgError> parse_trusted_setup(ByteView text);

/// The binary form: uncompressed big-endian coordinates of lagrange, monomial, cell_rows, tau_cell;
/// the neutral element is zeros.
[[nodiscard]] Bytes encode_setup(const KzgSetup& setup);

/// Reads the binary form. Points are checked to be on the curve but not for their order: the bytes
/// must come from encode_setup. complexity: about ten field products a point.
[[nodiscard]] std::expected<KzgSetup, KzgError> decode_setup(ByteView bytes);

}  // namespace mezz::crypto
