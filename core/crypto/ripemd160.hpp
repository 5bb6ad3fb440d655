// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// RIPEMD-160, needed by precompile 0x03 only.
///
/// spec: Dobbertin, Bosselaers, Preneel, "RIPEMD-160: A Strengthened Version of RIPEMD" (1996).

#include "core/base/bytes.hpp"

namespace mezz::crypto {

/// The 20-byte digest of `data`. complexity: one compression per started 64 bytes.
[[nodiscard]] FixedBytes<20> ripemd160(ByteView data) noexcept;

}  // namespace mezz::crypto
