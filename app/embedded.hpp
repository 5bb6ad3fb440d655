// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace mezz::app {

/// What #embed put into an array, as text.
template <std::size_t N>
std::string_view embedded_text(const unsigned char (&bytes)[N]) {
    return {reinterpret_cast<const char*>(bytes), N};
}

}  // namespace mezz::app
