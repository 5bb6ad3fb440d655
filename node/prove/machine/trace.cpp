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
    trace.options_.helper = nullptr;
    return trace;
}

namespace {

/// Makes hashes of states in their order, behind the machine that goes on.
class LeafHasher {
public:
    explicit LeafHasher(Helper& helper) : helper_(helper) {}
    ~LeafHasher() { helper_.wait(); }
    LeafHasher(const LeafHasher&) = delete;
    LeafHasher& operator=(const LeafHasher&) = delete;

    void add(Snapshot state, Unhashed unhashed) {
        waiting_.push_back({std::move(state), std::move(unhashed)});
        if (waiting_.size() == BATCH) hash_waiting();
    }
    [[nodiscard]] std::size_t size() const noexcept { return leaves_.size() + waiting_.size(); }
    /// All of them.
    std::vector<Bytes32> take() {
        hash_waiting();
        helper_.wait();
        return std::move(leaves_);
    }

private:
    /// States whose written pages are kept until they are hashed; twice as many in all.
    static constexpr std::size_t BATCH = 8;
    struct Waiting {
        Snapshot state;
        Unhashed unhashed;
    };

    void hash_waiting() {
        helper_.wait();
        const std::size_t before = leaves_.size();
        leaves_.resize(before + waiting_.size());
        helper_.start([out = leaves_.data() + before, batch = std::exchange(waiting_, {})] {
            for (std::size_t i = 0; i < batch.size(); ++i) {
                batch[i].unhashed.hash();
                out[i] = hash_of(batch[i].state);
            }
        });
    }

    Helper& helper_;
    std::vector<Bytes32> leaves_;
    std::vector<Waiting> waiting_;
};

}  // namespace

Trace::Result<void> Trace::run_all() {
    InlineHelper here;
    LeafHasher hasher(options_.helper != nullptr ? *options_.helper : here);
    keep_snapshot(machine_.snapshot());
    while (hasher.size() < HISTORY_STRIDE) {
        const std::uint64_t step = (hasher.size() + 1) * HISTORY_STRIDE;
        if (auto ran = machine_.run_to(step); !ran) return ran;
        // The last state is the padding.
        if (machine_.hart().exited) break;
        Unhashed unhashed;
        Snapshot state = machine_.snapshot(unhashed);
        if (step % options_.snapshot_stride == 0) keep_snapshot(state);
        hasher.add(std::move(state), std::move(unhashed));
    }
    std::vector<Bytes32> leaves = hasher.take();
    last_ = machine_.hart();
    last_hash_ = machine_.state_hash();
    level1_ = std::make_shared<const riscv::PaddedTree>(std::move(leaves), last_hash_,
                                                        riscv::HISTORY_LEVELS, hash_nodes_native);
    return {};
}

void Trace::keep_snapshot(const Snapshot& state) {
    if (snapshots_.size() == options_.max_snapshots) {
        options_.snapshot_stride *= 2;
        std::erase_if(snapshots_, [this](const auto& kept) {
            return kept.first % options_.snapshot_stride != 0;
        });
    }
    if (state.hart.step % options_.snapshot_stride == 0) snapshots_.emplace(state.hart.step, state);
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
