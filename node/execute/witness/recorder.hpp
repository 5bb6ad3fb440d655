// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Makes the statement and the witness of a run of inbox entries.
///
/// It is stf::run itself, with a source that answers from the store and notes every answer: what
/// the verifier will read is what was read here, no more and no less.

#include "core/stf/verify.hpp"
#include "node/execute/store/records.hpp"
#include "node/ports/kv.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

/// What is to be proven: that `entries` lead on from block `pre`.
struct WitnessRequest {
    derive::RollupSpec spec;
    HeaderRecord
        pre;  ///< the block the entries before these derive to; genesis when there are none
    /// The entry before the first; none when `entries` starts the inbox.
    std::optional<InboxEntry> last;
    Bytes32 acc_before_last;  ///< the inbox accumulator before `last`
    std::vector<InboxEntry> entries;
    /// Every queue item that `entries` consume, in order.
    std::vector<derive::QueueItem> queue;
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
