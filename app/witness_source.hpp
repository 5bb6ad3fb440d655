// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Statements and witnesses of blocks, from a node that runs: of one block, as a dispute is about
/// it, or of a range of inbox entries.
///
/// The node is asked, not its database: the database has one owner, and what a witness holds
/// besides the state (entries, batch data, queue items) is in the memory of the node that read it
/// from the parent. Thread-safe; one is recorded at a time.

#include <mutex>

#include "node/derive/driver.hpp"
#include "node/derive/parent_watcher.hpp"
#include "node/execute/witness/recorder.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::app {

struct WitnessLimits {
    std::uint64_t max_entries = 1024;
    /// units: bytes. Twice as many characters must fit an answer that clients take.
    std::size_t max_witness_bytes = std::size_t{24} << 20;
};

struct Provable {
    stf::Statement statement;
    Bytes witness;
    std::uint64_t pre_block = 0, post_block = 0;  ///< the blocks of the two claims
};

class WitnessSource {
public:
    /// Keeps the references.
    WitnessSource(derive::RollupSpec spec, node::KvStore& store, node::DerivationDriver& driver,
                  node::ParentWatcher& watcher, WitnessLimits limits = {})
        : spec_(std::move(spec)),
          store_(store),
          driver_(driver),
          watcher_(watcher),
          limits_(limits) {}

    /// Entries [from, to); without `to`, up to the last derived one.
    /// errors: retry when they are not derived yet, the parent is reorganised meanwhile or another
    ///         range is recorded; fatal when there is no such range or it is too long.
    node::Result<Provable> range(std::uint64_t from, std::optional<std::uint64_t> to);

    /// The block after block `number`, out of the first `inbox_count` entries (none: all that are
    /// derived). If they hold no such block, the claim stays what it is.
    /// errors: as of `range`.
    node::Result<Provable> block(std::uint64_t number, std::optional<std::uint64_t> inbox_count);

    /// The claim of a derived block. errors: retry when it is not derived.
    node::Result<stf::Claim> claim(std::uint64_t number);

private:
    struct Wanted {
        std::uint64_t pre_block;
        std::uint64_t inbox_count;  ///< of the question
        std::uint64_t needed;       ///< entries whose bytes are read
        std::uint64_t block_count;
        std::string what;  ///< for errors
    };
    node::Result<Provable> record(const Wanted& wanted);
    node::Result<node::WitnessRequest> request(const Wanted& wanted);

    derive::RollupSpec spec_;
    node::KvStore& store_;
    node::DerivationDriver& driver_;
    node::ParentWatcher& watcher_;
    WitnessLimits limits_;
    std::mutex busy_;
};

/// Adds mezz_witness [from, to] and mezz_blockWitness [block, inboxCount], which answer with
/// {statement, witness, preBlock, postBlock}, and mezz_claim [block].
void add_witness_methods(rpc::RpcServer& server, WitnessSource& source);

}  // namespace mezz::app
