// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Statements and witnesses of ranges of inbox entries, from a node that runs.
///
/// The node is asked, not its database: the database has one owner, and what a witness holds
/// besides the state (entries, batch data, queue items) is in the memory of the node that read it
/// from the parent. Thread-safe; one range is recorded at a time.

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

/// That the entries [from, to) lead from one claim to the other.
struct ProvableRange {
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
    node::Result<ProvableRange> range(std::uint64_t from, std::optional<std::uint64_t> to);

private:
    node::Result<node::WitnessRequest> request(const node::DerivedPosition& pre,
                                               const node::DerivedPosition& post);

    derive::RollupSpec spec_;
    node::KvStore& store_;
    node::DerivationDriver& driver_;
    node::ParentWatcher& watcher_;
    WitnessLimits limits_;
    std::mutex busy_;
};

/// Adds mezz_witness [from, to] -> {statement, witness, preBlock, postBlock}.
void add_witness_method(rpc::RpcServer& server, WitnessSource& source);

}  // namespace mezz::app
