// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A whole run of a program, and every hash and witness that a dispute over it asks for.
///
///     auto trace = Trace::run(program, preimages);            // once a dispute
///     Bytes32 root = trace->level1().root();                  // history of states j · 2^18
///     auto below = trace->level2(j);                          // and of each step between two
///     auto witness = trace->witness(step);
///
/// What was run once is run again when it is asked for: snapshots stand at a stride, so that any
/// state is at most that many steps away.
///
/// Thread-compatible. spec: docs/reference/machine.md, "Trace and histories".

#include <map>

#include "node/ports/helper.hpp"
#include "node/prove/machine/machine.hpp"

namespace mezz::node::prove {

/// Steps from one leaf of level 1 to the next, and leaves of a history.
inline constexpr std::uint64_t HISTORY_STRIDE = std::uint64_t{1} << riscv::HISTORY_LEVELS;
/// The cap of a trace.
inline constexpr std::uint64_t MAX_STEPS = HISTORY_STRIDE * HISTORY_STRIDE;

struct TraceOptions {
    /// Steps. Doubles whenever there would be more than max_snapshots. requires: a multiple of
    /// HISTORY_STRIDE.
    std::uint64_t snapshot_stride = std::uint64_t{1} << 24;
    /// Each keeps the pages that were written in its stride. requires: at least 2.
    std::size_t max_snapshots = 1024;
    /// Histories of level 2 kept; 16 MiB each at most. requires: at least 1.
    std::size_t max_histories = 4;
    /// Hashes beside the run; null: the caller's thread does both. Used by run() only.
    Helper* helper = nullptr;
};

class Trace {
public:
    template <class T>
    using Result = std::expected<T, UnknownPreimage>;
    using History = std::shared_ptr<const riscv::PaddedTree>;

    /// Runs the program to its exit, or to MAX_STEPS. Keeps a reference to `preimages`, which must
    /// go on to know what it knew.
    [[nodiscard]] static Result<Trace> run(std::shared_ptr<const Program> program,
                                           riscv::PreimageEnv& preimages,
                                           const TraceOptions& options = {});

    /// Of the last state: steps done, exit code, the answer in `key`.
    [[nodiscard]] const riscv::Hart& last() const noexcept { return last_; }
    /// Leaves are the states after each HISTORY_STRIDE steps.
    [[nodiscard]] const riscv::PaddedTree& level1() const noexcept { return *level1_; }
    /// Leaves are the states after each step behind leaf `leaf - 1` of level 1.
    /// requires: leaf < 2^18. complexity: what stands before it since the last snapshot is run
    /// again, then 2^18 states are hashed; nothing if it was asked for lately.
    [[nodiscard]] Result<History> level2(std::uint64_t leaf);

    /// Of the state after `step` steps; the last one behind the exit.
    [[nodiscard]] Result<Bytes32> state_hash(std::uint64_t step);
    /// Of the step from there.
    [[nodiscard]] Result<Bytes> witness(std::uint64_t step);

private:
    Trace(Machine machine, const TraceOptions& options)
        : options_(options), machine_(std::move(machine)) {}
    Result<void> run_all();
    void keep_snapshot(const Snapshot& state);
    Result<void> go_to(std::uint64_t step);

    TraceOptions options_;
    Machine machine_;
    std::map<std::uint64_t, Snapshot> snapshots_;  // by step
    riscv::Hart last_;
    Bytes32 last_hash_;
    History level1_;
    struct Kept {
        std::uint64_t leaf;
        History history;
    };
    std::vector<Kept> level2_;  // what was asked for last stands last
};

}  // namespace mezz::node::prove
