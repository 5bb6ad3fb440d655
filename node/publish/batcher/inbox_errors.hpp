// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Names of the inbox's custom errors in revert data. spec: contracts/src/parent/Inbox.sol.

#include <string_view>

namespace mezz::node {

/// The error whose selector stands in the message of a failed call; empty: none of them.
[[nodiscard]] std::string_view inbox_error_name(std::string_view message);
/// What to do about it.
[[nodiscard]] std::string_view inbox_error_remedy(std::string_view name);

}  // namespace mezz::node
