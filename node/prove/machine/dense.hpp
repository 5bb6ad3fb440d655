// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The hash of every state of a stretch of a trace.
///
/// One step changes at most one leaf, so its hashes depend on each other from leaf to root, but not
/// on those of the next step at the same level: a batch of steps is executed first, then hashed
/// level by level, eight at a time.

#include "node/prove/machine/machine.hpp"

namespace mezz::node::prove {

/// Moves `machine` on by `count` steps, or until it exits.
/// returns: the hash of the state after each step done. errors: an unknown preimage; `machine` is
/// then somewhere in between.
/// memory: 32 bytes a step, and 34 MiB at most besides.
[[nodiscard]] std::expected<std::vector<Bytes32>, UnknownPreimage> dense_hashes(
    Machine& machine, std::uint64_t count);

}  // namespace mezz::node::prove
