// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// geth's words for how a frame ended, and for why a contract reverted.

#include <optional>
#include <string>

#include "core/vm/evm/evm.hpp"

namespace mezz::trace {

/// Empty for success.
[[nodiscard]] std::string_view status_text(evm::Status status) noexcept;

/// The text of Error(string) or the meaning of Panic(uint256). spec: Solidity, "Error handling".
[[nodiscard]] std::optional<std::string> revert_reason(ByteView output);

/// The mnemonic of an opcode; empty for a number that has none.
[[nodiscard]] std::string opcode_name(std::uint8_t opcode);

}  // namespace mezz::trace
