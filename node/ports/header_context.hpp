// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the transactions of a block see as their block, from its header.

#include "core/types/header.hpp"
#include "core/vm/evm/context.hpp"

namespace mezz::node {

/// For blocks since Paris: before, what PREVRANDAO answers is the difficulty.
[[nodiscard]] BlockContext context_of(const Header& header);

}  // namespace mezz::node
