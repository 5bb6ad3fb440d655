// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the next block will charge, and what to offer for it.

#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {

/// units: wei a gas. What a block after `header` charges.
[[nodiscard]] uint256 base_fee_after(const ChainSpec& spec, const Header& header);
/// units: wei a gas. A tip that recent blocks took.
[[nodiscard]] uint256 suggested_tip(Context& context);
[[nodiscard]] Header head_header(Context& context);

}  // namespace mezz::rpc
