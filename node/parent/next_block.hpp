// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the next block of the embedded parent is: asked by the maker of blocks, by the pool, and by
/// estimates of gas, so that all three judge a transaction alike.

#include "core/spec/chain_spec.hpp"
#include "core/types/header.hpp"
#include "core/vm/evm/context.hpp"

namespace mezz::node {

/// The block to be made on `parent` at `at_ms`. Equal arguments give equal blocks; `salt` makes
/// those after a reorg differ from those before.
[[nodiscard]] BlockContext next_block_context(const ChainSpec& spec, const Header& parent,
                                              const Bytes32& parent_hash, std::uint64_t at_ms,
                                              std::uint64_t salt = 0);

}  // namespace mezz::node
