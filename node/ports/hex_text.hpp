// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/codec/hex.hpp"

namespace mezz::node {

/// "0x…" text.
inline std::string hex_text(ByteView bytes) {
    std::vector<char> out{'0', 'x'};
    append_hex(out, bytes);
    return {out.begin(), out.end()};
}

}  // namespace mezz::node
