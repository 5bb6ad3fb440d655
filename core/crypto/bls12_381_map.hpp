// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The simplified SWU maps to BLS12-381. Internal to core/crypto. spec: RFC 9380 §6.6.3.

#include "core/crypto/bls12_381_group.hpp"

namespace mezz::crypto::bls12_381 {

/// A point of the curve, before clearing the cofactor.
[[nodiscard]] G1Sum map_to_curve(const Fp& u) noexcept;
[[nodiscard]] G2Sum map_to_curve(const Fp2& u) noexcept;

}  // namespace mezz::crypto::bls12_381
