// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How large a batch is before compression, without decompressing it.

#include <cstdint>
#include <optional>

#include "core/base/bytes.hpp"

namespace mezz::app {

/// units: bytes. `data` is that of an inbox entry (core/derive/channel.hpp). Total.
/// returns: none when the bytes are no batch, or a frame that does not say its size.
/// spec: RFC 8878 §3.1.1.1, frame header.
std::optional<std::uint64_t> payload_size(ByteView data);

}  // namespace mezz::app
