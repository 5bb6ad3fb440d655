// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node/ingest/rpc/call_arguments.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {

/// The transaction an unsigned object means, with everything it left out filled in: nonce, fees,
/// gas. Throws where it would fail, or is for another chain.
Transaction filled_transaction(Context& context, CallArguments& arguments);

}  // namespace mezz::rpc
