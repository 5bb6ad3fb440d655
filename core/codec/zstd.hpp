// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A total decoder for one zstd frame, small enough to be proven.
///
/// Accepts what libzstd writes without dictionary and checksum: one frame, nothing after it. Any
/// bytes give output or a reason, and no input makes it produce more than the caller's bound.
/// spec: RFC 8878.

#include <expected>

#include "core/base/bytes.hpp"

namespace mezz {

enum class ZstdError : std::uint8_t {
    truncated,       ///< ends before the frame does
    bad_magic,       ///< not a zstd frame
    unsupported,     ///< dictionary, checksum or reserved bits
    corrupt,         ///< breaks a rule of the format
    too_large,       ///< would produce more than the bound
    wrong_size,      ///< produces another size than the header says
    trailing_bytes,  ///< bytes after the frame
};

/// requires: max_bytes is what the caller can hold. complexity: O(input + output).
std::expected<Bytes, ZstdError> zstd_decompress(ByteView frame, std::size_t max_bytes);

}  // namespace mezz
