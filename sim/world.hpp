// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The whole network from one seed: a parent, a sequencer, a verifier, users, and what goes wrong.
///
/// Every step lets one part do one thing and moves the clock. After the faults everything is
/// healed, and the network has a bounded time to agree. The same seed gives the same run.

#include <map>

#include "sim/rollup_node.hpp"

namespace mezz::sim {

struct WorldOptions {
    std::uint64_t seed = 1;
    std::uint64_t steps = 2'000;  ///< with faults
    bool trace = false;
    /// Shows the verifier this inbox entry altered: a run that must fail.
    std::optional<std::uint64_t> altered_entry;
    /// Nodes read ahead only on slow disks, and it shows in nothing.
    bool slow_disks = true;
};

struct Outcome {
    bool ok = false;
    std::string invariant;  ///< the one that was violated
    std::string detail;
    Bytes32 digest;
    std::uint64_t events = 0;
    std::uint64_t blocks = 0, safe = 0, finalized = 0;  ///< block numbers
    std::uint64_t entries = 0, deposits = 0, parent_reorgs = 0, crashes = 0, forced = 0;
    std::uint64_t sequencer_readings = 0, verifier_readings = 0;  ///< ahead
    std::uint64_t hostile = 0, replaced = 0, simulated_ms = 0;
    std::vector<std::string> last_events;
};

/// Runs one seed from beginning to end.
Outcome run(const WorldOptions& options);

/// The parent with the contracts on it and what a node must know: equal for every seed, made once.
struct Genesis {
    host::MemoryStore parent_rows;
    app::RollupFile file;
    std::vector<Address> funded;
    std::uint64_t now_ms = 0;
};
Genesis& genesis();

class World {
public:
    explicit World(const WorldOptions& options);
    Outcome run();

private:
    struct Seen {
        node::BlockRef safe, finalized;
        Bytes32 derived_acc;
        /// What `safe` is derived from.
        std::uint64_t inbox_count = 0;
        Bytes32 inbox_acc;
    };

    void step(bool faults);
    void act(RollupNode& node, std::uint64_t choice);
    void inject();
    void crash(RollupNode& node, bool torn);
    void restart_due(RollupNode& node, std::uint64_t& down_until_ms, std::uint64_t now);
    void use();
    void transfer();
    void deposit();
    void force();
    void post_hostile();
    void heal();
    bool settled();
    std::string probe_text();
    /// Signs with the next nonce and gives it to the parent's pool.
    void send_to_parent(const Bytes32& key, const Address& to, const uint256& value, Bytes data,
                        std::uint64_t gas);
    std::optional<std::uint64_t> inbox_number(std::string_view getter);
    Bytes inbox_call(const Bytes& input);

    // Invariants.
    void note(const char* who, const node::Error& error);
    void violate(std::string invariant, std::string detail);
    void observe(RollupNode& node, Seen& seen);
    void check_end();
    void check_same_chain();
    void check_deposits();
    void check_supply();
    void check_proof();

    WorldOptions options_;
    Random random_;
    Faults faults_;
    SimClock clock_;
    EventLog log_;
    host::MemoryStore parent_rows_;
    const app::RollupFile& file_;
    ParentNode parent_;
    Connection sequencer_link_, verifier_link_;
    RollupNode sequencer_, verifier_;
    std::uint64_t sequencer_down_ms_ = 0, verifier_down_ms_ = 0, batcher_down_ms_ = 0;
    Seen seen_sequencer_, seen_verifier_;
    /// What each prefix of the inbox derives to, whoever derived it.
    std::map<Bytes32, node::BlockRef> derived_;
    std::map<std::string, std::string> troubles_;
    node::BlockRef healed_head_;
    std::uint64_t healed_entries_ = 0;
    Bytes32 probe_;
    Bytes latest_batch_;
    Outcome out_;
    bool failed_ = false;
};

}  // namespace mezz::sim
