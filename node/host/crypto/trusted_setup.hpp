// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The Ethereum mainnet KZG ceremony, embedded in the binary.

#include "core/crypto/kzg_setup.hpp"

namespace mezz::host {

/// Read on the first call (milliseconds) and kept. Thread-safe.
[[nodiscard]] const crypto::KzgSetup& trusted_setup();

/// The embedded bytes, as tools/make_trusted_setup wrote them.
[[nodiscard]] ByteView trusted_setup_bytes() noexcept;

}  // namespace mezz::host
