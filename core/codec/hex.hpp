// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Hex text with a 0x prefix, as JSON-RPC and files write it.

#include <optional>
#include <string_view>

#include "core/base/bytes.hpp"

namespace mezz {

/// Bytes of "0x…" text (prefix optional); none when a digit or the length is wrong.
std::optional<Bytes> from_hex(std::string_view text);
/// Exactly N bytes of "0x…" text.
template <class Fixed>
std::optional<Fixed> fixed_from_hex(std::string_view text) {
    const auto b = from_hex(text);
    if (!b || b->size() != Fixed::size()) return std::nullopt;
    return Fixed::from(*b);
}
/// Appends two lower-case digits a byte, without prefix.
void append_hex(std::vector<char>& out, ByteView bytes);

}  // namespace mezz
