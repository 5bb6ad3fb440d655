// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Makes the statement and the witness of the blocks that follow a claim.
///
/// It is stf::run itself, with a source that answers from the store and notes every answer: what
/// the verifier will read is what was read here, no more and no less.

#include <limits>

#include "core/stf/verify.hpp"
#include "node/execute/store/records.hpp"
#include "node/ports/kv.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

/// What is to be proven: what `entries` make of the chain after block `pre`.
struct WitnessRequest {
    derive::RollupSpec spec;
    HeaderRecord pre;
    derive::Position start;   ///< before the entry that `pre` is in, or after all of it
    std::uint64_t taken = 0;  ///< blocks of that entry up to `pre`
    /// All that there are behind `start`. Those that no asked block needs may lack their data.
    std::vector<InboxEntry> entries;
    /// Every queue item that the needed entries consume, in order.
    std::vector<derive::QueueItem> queue;
    /// At most; the end of the entries ends it too.
    std::uint64_t block_count = std::numeric_limits<std::uint64_t>::max();
};

struct RecordedWitness {
    stf::Statement statement;
    stf::WitnessBuilder witness;
};

/// returns: a statement that `stf::verify` accepts with that witness.
/// errors:  fatal when the store has a hole or the entries do not belong together; whatever the
///          store reports.
Result<RecordedWitness> record_witness(KvStore& store, const WitnessRequest& request);

/// The input of the guest: u32 LE size of the statement | statement | witness.
Bytes guest_input(const stf::Statement& statement, ByteView witness);

struct GuestInput {
    stf::Statement statement;
    ByteView witness;  ///< a part of the bytes it was read from
};
/// The inverse of guest_input. returns: none when the bytes are torn.
std::optional<GuestInput> read_guest_input(ByteView bytes);

}  // namespace mezz::node
