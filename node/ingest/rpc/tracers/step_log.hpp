// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The event a LOG instruction is about to write.

#include <optional>

#include "core/types/receipt.hpp"
#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

/// returns: none for other instructions, and where the stack is too short. One that runs out of gas
/// fails its frame, with which its event is forgotten.
[[nodiscard]] std::optional<Log> logged_by(const evm::Observer::Step& step);

}  // namespace mezz::trace
