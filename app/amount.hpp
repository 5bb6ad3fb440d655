// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "node/ports/decimal.hpp"

namespace mezz::app {

/// "1.5 ETH": all digits that are no zeros at the end.
inline std::string ether_text(const uint256& wei) {
    constexpr std::size_t decimals = 18;
    std::string digits = node::decimal(wei);
    if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
    digits.insert(digits.size() - decimals, ".");
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.ends_with('.')) digits.pop_back();
    return digits + " ETH";
}

}  // namespace mezz::app
