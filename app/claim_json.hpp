// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "app/rollup_file.hpp"
#include "core/codec/hex.hpp"
#include "core/stf/claim.hpp"

namespace mezz::app {

/// {outputRoot, blockNumber, start, taken, hash}.
inline std::string claim_json(const stf::Claim& c) {
    return "{\"outputRoot\":\"" + hex_text(c.output_root) +
           "\",\"blockNumber\":" + std::to_string(c.block_number) + ",\"start\":\"" +
           hex_text(c.start) + "\",\"taken\":" + std::to_string(c.taken) + ",\"hash\":\"" +
           hex_text(stf::hash(c)) + "\"}";
}

}  // namespace mezz::app
