// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/lying_trace.hpp"

#include "core/crypto/keccak.hpp"
#include "core/riscv/state.hpp"

namespace mezz::app {
namespace {

constexpr unsigned levels = riscv::HISTORY_LEVELS;
constexpr std::uint64_t leaves = std::uint64_t{1} << levels;

/// Hashes equal neighbours once: a lie is the same leaf over and over.
void hash_repeating(const Bytes32* children, std::span<Bytes32> parents) noexcept {
    for (std::size_t i = 0; i < parents.size(); ++i) {
        const Bytes32& left = children[2 * i];
        const Bytes32& right = children[2 * i + 1];
        parents[i] = i > 0 && left == children[2 * i - 2] && right == children[2 * i - 1]
                         ? parents[i - 1]
                         : riscv::parent_of(left, right);
    }
}

/// `honest` leaves of a tree, then `first`, then zeros or the lie, and the lie at the end.
node::DisputeTrace::History bend(const riscv::PaddedTree* truth, std::uint64_t honest,
                                 const Bytes32& lie, bool zeros,
                                 const std::optional<Bytes32>& first = {}) {
    std::vector<Bytes32> out;
    for (std::uint64_t i = 0; i < honest; ++i) out.push_back(truth->node(levels, i));
    if (first) out.push_back(*first);
    if (zeros) {
        out.resize(leaves);
        out.back() = lie;
    }
    return std::make_shared<const riscv::PaddedTree>(std::move(out), lie, levels, hash_repeating);
}

}  // namespace

LyingTrace::LyingTrace(std::shared_ptr<node::DisputeTrace> truth, const Bytes32& claim,
                       const Lie& lie)
    : truth_(std::move(truth)), lie_(lie), final_(truth_->final_state()) {
    // The same end with another answer.
    auto state = riscv::decode_state(final_).value_or(riscv::State{});
    state.hart.key = claim;
    state.hart.exited = true;
    state.hart.exit_code = 0;
    final_ = to_bytes(riscv::encode(state));
    final_hash_ = crypto::keccak256(final_);
    level1_ = bend(truth_->level1().get(), lie_.leaf, final_hash_, lie_.zeros);
}

node::Result<node::DisputeTrace::History> LyingTrace::level2(std::uint64_t leaf) {
    if (leaf < lie_.leaf) return truth_->level2(leaf);
    const bool zeros = lie_.zeros && leaf + 1 < leaves;
    const Bytes32 end = zeros ? Bytes32{} : final_hash_;
    if (leaf > lie_.leaf) return bend(nullptr, 0, end, false);
    const auto truth = truth_->level2(leaf);
    if (!truth) return std::unexpected(truth.error());
    return bend(truth->get(), lie_.step, end, false, lie_.state);
}

node::Result<Bytes> LyingTrace::witness(std::uint64_t step) {
    if (step >= lie_.leaf * leaves + lie_.step) return node::fatal("a lie has no witness");
    return truth_->witness(step);
}

}  // namespace mezz::app
