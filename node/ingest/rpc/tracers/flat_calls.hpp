// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A tree of calls as a list in the form of OpenEthereum ("parity"): geth's flatCallTracer.

#include <vector>

#include "node/ingest/rpc/tracers/call_tracer.hpp"

namespace mezz::trace {

struct FlatCall {
    CallFrame frame;  ///< without its `calls`.
    std::size_t subtraces = 0;
    std::vector<std::size_t> address;  ///< the way from the top: which call of each frame.
    bool has_result = false;
};

struct FlatOptions {
    bool convert_errors = false;       ///< the words of OpenEthereum for why a call failed.
    bool include_precompiles = false;  ///< also CALLs and STATICCALLs of precompiles.
};

/// Depth first, the top call first. Calls below the top always have a value.
[[nodiscard]] std::vector<FlatCall> flatten(CallFrame top, Revision revision,
                                            const FlatOptions& options);

}  // namespace mezz::trace
