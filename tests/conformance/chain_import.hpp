// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Imports an exported chain: a geth genesis.json, beside it chain.rlp (blocks one after another)
/// and headfcu.json (the forkchoice update that names the head). spec: execution-apis, tests.

#include "tests/conformance/chain.hpp"

namespace mezz::conformance {

/// errors: what was refused, or that the head is another.
std::expected<std::unique_ptr<Chain>, std::string> import_chain(
    simdjson::dom::element genesis, const std::filesystem::path& folder);

}  // namespace mezz::conformance
