// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/uint256.hpp"

namespace mezz::host {

/// The point at which a blob's polynomial has the value of element `index`: elements stand in
/// bit-reversed order of the powers of the root of unity. spec: EIP-4844. requires: index < 4096.
[[nodiscard]] uint256 blob_element_point(std::uint64_t index);

/// y (32) | commitment (48) | proof (48): what contracts/src/lib/Kzg.sol checks.
/// returns: none for bytes that are no blob.
[[nodiscard]] std::optional<Bytes> open_blob_element(ByteView blob, std::uint64_t index);

}  // namespace mezz::host
