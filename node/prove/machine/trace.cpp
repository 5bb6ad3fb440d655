// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/prove/machine/trace.hpp"

#include <algorithm>
#include <utility>

#include "core/base/assert.hpp"
#include "node/prove/machine/dense.hpp"

namespace mezz::node::prove {

Trace::Result<Trace> Trace::run(std::shared_ptr<const Program> program,
                                riscv::PreimageEnv& preimages, const TraceOptions& options) {
    ASSERT(options.snapshot_stride > 0 && options.snapshot_stride % HISTORY_STRIDE == 0);
    ASSERT(options.max_snapshots >= 2 && options.max_histories >= 1);
    Trace trace(Machine(std::move(program), preimages), options);
    if (auto done = trace.run_all(); !done) return std::unexpected(done.error());
    return trace;
}

Trace::Result<void> Trace::run_all() {
    keep_snapshot();
    std::vector<Bytes32> leaves;
    while (leaves.size() < HISTORY_STRIDE) {
        const std::uint64_t step = (leaves.size() + 1) * HISTORY_STRIDE;
        if (auto ran = machine_.run_to(step); !ran) return ran;
        // The last state is the padding.
        if (machine_.hart().exited) break;
        leaves.push_back(machine_.state_hash());
        if (step % options_.snapshot_stride == 0) keep_snapshot();
    }
    last_ = machine_.hart();
    last_hash_ = machine_.state_hash();
    level1_ = std::make_shared<const riscv::PaddedTree>(std::move(leaves), last_hash_,
                                                        riscv::HISTORY_LEVELS, hash_nodes_native);
    return {};
}

void Trace::keep_snapshot() {
    if (snapshots_.size() == options_.max_snapshots) {
        options_.snapshot_stride *= 2;
        std::erase_if(snapshots_, [this](const auto& kept) {
            return kept.first % options_.snapshot_stride != 0;
        });
    }
    const std::uint64_t step = machine_.hart().step;
    if (step % options_.snapshot_stride == 0) snapshots_.emplace(step, machine_.snapshot());
}

Trace::Result<void> Trace::go_to(std::uint64_t step) {
    step = std::min(step, last_.step);
    const auto& [nearest, snapshot] = *std::prev(snapshots_.upper_bound(step));
    const std::uint64_t now = machine_.hart().step;
    if (now > step || now < nearest) machine_.restore(snapshot);
    return machine_.run_to(step);
}

Trace::Result<Trace::History> Trace::level2(std::uint64_t leaf) {
    ASSERT(leaf < HISTORY_STRIDE);
    const auto kept = std::ranges::find(level2_, leaf, &Kept::leaf);
    if (kept != level2_.end()) {
        std::rotate(kept, std::next(kept), level2_.end());
        return level2_.back().history;
    }
    if (auto gone = go_to(leaf * HISTORY_STRIDE); !gone) return std::unexpected(gone.error());
    auto hashes = dense_hashes(machine_, HISTORY_STRIDE);
    if (!hashes) return std::unexpected(hashes.error());
    if (level2_.size() == options_.max_histories) level2_.erase(level2_.begin());
    level2_.push_back(
        {leaf, std::make_shared<const riscv::PaddedTree>(
                   std::move(*hashes), last_hash_, riscv::HISTORY_LEVELS, hash_nodes_native)});
    return level2_.back().history;
}

Trace::Result<Bytes32> Trace::state_hash(std::uint64_t step) {
    if (step >= last_.step) return last_hash_;
    if (auto gone = go_to(step); !gone) return std::unexpected(gone.error());
    return machine_.state_hash();
}

Trace::Result<Bytes> Trace::witness(std::uint64_t step) {
    if (auto gone = go_to(step); !gone) return std::unexpected(gone.error());
    return machine_.witness();
}

}  // namespace mezz::node::prove
