// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/sequence/single/next_block.hpp"

#include <algorithm>

#include "node/ports/rollup.hpp"

namespace mezz::node {

std::uint64_t block_timestamp(const Header& parent, std::uint64_t sealed_ms) {
    return std::max(parent.timestamp, sealed_ms / 1000);
}

Result<BlockContext> next_block_context(const derive::RollupSpec& spec, const BlockRecord& parent,
                                        std::uint64_t sealed_ms) {
    const auto note = decode_rollup_note(parent.note);
    if (!note)
        return fatal("database: the note of block " + std::to_string(parent.header.number) +
                     " is damaged; restore from a snapshot");
    derive::BlockAttributes block;
    block.number = parent.header.number + 1;
    block.timestamp = block_timestamp(parent.header, sealed_ms);
    block.origin = note->origin;
    return derive::block_context(spec, parent.header, parent.hash, block);
}

}  // namespace mezz::node
