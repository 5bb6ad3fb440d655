// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The word somebody probably meant.

#include <span>
#include <string>
#include <string_view>

namespace mezz::app {

/// returns: the known word nearest to `word`; "" when none is near.
/// complexity: O(|word| · |known word|) for each known word; long words are near to nothing.
[[nodiscard]] std::string nearest(std::string_view word, std::span<const std::string> known);

/// "; did you mean X?" or "".
[[nodiscard]] std::string suggestion(std::string_view word, std::span<const std::string> known);

}  // namespace mezz::app
