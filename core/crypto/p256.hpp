// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// ECDSA verification over secp256r1 as precompile 0x0100 exposes it. spec: EIP-7951, FIPS 186-5.

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// Whether `input` = hash | r | s | x | y (32 bytes each) is a valid signature. False for any other
/// size, r or s outside [1, n), and a key outside the field, off the curve or neutral. High s
/// counts.
[[nodiscard]] bool p256_verify(ByteView input) noexcept;

}  // namespace mezz::crypto
