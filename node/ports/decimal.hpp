// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>

#include "core/base/uint256.hpp"

namespace mezz::node {

/// Decimal digits, for messages.
inline std::string decimal(uint256 v) {
    if (v.is_zero()) return "0";
    std::string out;
    while (!v.is_zero()) {
        const auto [q, r] = divide(v, 10);
        out.push_back(static_cast<char>('0' + r.limb[0]));
        v = q;
    }
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace mezz::node
