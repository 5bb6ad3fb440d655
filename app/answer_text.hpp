// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Answers of a node as lines for people.

#include <optional>
#include <string>
#include <string_view>

namespace mezz::app {

/// Of mezz_withdrawals: one line each, the newest first.
///
/// Total. returns: none when the answer is malformed.
std::optional<std::string> withdrawals_text(std::string_view json);

/// Of debug_traceTransaction with the callTracer: one line a call, those it makes further in, logs
/// after them. Long inputs are cut. Calls of more than 1024 levels do not exist.
///
/// Total. returns: none when the answer is malformed.
std::optional<std::string> call_tree_text(std::string_view json);

}  // namespace mezz::app
