// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Precompiled contracts 0x01-0x11 and 0x100. Not for other modules.

#include "core/base/bytes.hpp"
#include "core/spec/revision.hpp"

namespace mezz::evm {

/// Number of the precompile at an address, 0 where there is none in `rev`.
[[nodiscard]] unsigned precompile_number(const Address& address, Revision rev) noexcept;

struct PrecompileResult {
    bool ok = false;
    std::int64_t gas_left = 0;  ///< zero unless ok.
    bool out_of_gas = false;    ///< why not ok: the price; otherwise the input.
};
/// Runs precompile `number`, which must exist in `rev`; `output` is overwritten.
PrecompileResult run_precompile(unsigned number, Revision rev, ByteView input, std::int64_t gas,
                                Bytes& output);

}  // namespace mezz::evm
