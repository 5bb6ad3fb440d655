// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Sums of multiples of fixed points of BLS12-381: a table holds each point shifted by every window
/// of a scalar, so that a sum is additions alone, and nearly all of them are affine, with one
/// inversion for thousands. The plain twin is bls12_381::multiply_sum.
///
/// spec: Pippenger (1976), Brickell, Gordon, McCurley, Wilson (1992), "Fast Exponentiation with
/// Precomputation", section 4; Montgomery (1987) for the inversions.

#include <span>
#include <vector>

#include "core/crypto/bls12_381_group.hpp"

namespace mezz::host {

class FixedSums {
public:
    using G1 = crypto::bls12_381::G1;
    using G1Sum = crypto::bls12_381::G1Sum;
    using Scalar = crypto::bls12_381::Scalar;

    /// `points`: rows of `columns`, in the subgroup. `width`: bits of a window, 2 to 14; about the
    /// logarithm of twice the columns. memory: 104 bytes a point and window. complexity: 128
    /// doublings a point.
    FixedSums(std::span<const G1> points, std::size_t columns, unsigned width);

    /// By row the sum of scalars[i] * points[i]. requires: as many scalars as points.
    [[nodiscard]] std::vector<G1Sum> rows(std::span<const Scalar> scalars) const;

private:
    std::size_t columns_;
    unsigned width_;
    std::size_t windows_;
    std::vector<G1> shifted_;  ///< by point, then window: 2^(width window) times the point
};

}  // namespace mezz::host
