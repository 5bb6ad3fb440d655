// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the next block of the rollup is, before anybody has begun it.

#include "core/derive/block.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {

/// A block carries the second in which it is sealed, and time never runs backwards.
/// units: seconds.
[[nodiscard]] std::uint64_t block_timestamp(const Header& parent, std::uint64_t sealed_ms);

/// The block to be made on `parent` and sealed at `sealed_ms`, with the origin of its parent.
/// errors: fatal when the parent's note is damaged.
Result<BlockContext> next_block_context(const derive::RollupSpec& spec, const BlockRecord& parent,
                                        std::uint64_t sealed_ms);

}  // namespace mezz::node
