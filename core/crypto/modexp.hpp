// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Modular exponentiation of numbers of any size, as precompile 0x05 defines it.

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// base^exponent mod modulus, big-endian, in modulus.size() bytes. Modulus zero gives zeros,
/// modulus one gives zero, 0^0 is one. The caller bounds the sizes: it charges gas first.
/// complexity: 5/4 products of modulus size a bit of the exponent. spec: EIP-198.
[[nodiscard]] Bytes modexp(ByteView base, ByteView exponent, ByteView modulus);

}  // namespace mezz::crypto
