// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "node/ports/claims.hpp"

namespace mezz::app {

/// Where a liar's history leaves the true one.
struct Lie {
    std::uint64_t leaf = 0;  ///< of level 1: the first that is not true
    std::uint64_t step = 0;  ///< of level 2 below it
    /// Leaves of zeros between the lie and the last one, instead of the state that is claimed.
    bool zeros = false;
    /// The first wrong step's state, where it is another than what is claimed in the end.
    std::optional<Bytes32> state{};
};

/// The true trace up to a lie, and from there on a state that answers with another claim. No step
/// leads to it, which is what a dispute finds out.
class LyingTrace final : public node::DisputeTrace {
public:
    LyingTrace(std::shared_ptr<node::DisputeTrace> truth, const Bytes32& claim, const Lie& lie);

    Bytes final_state() override { return final_; }
    History level1() override { return level1_; }
    node::Result<History> level2(std::uint64_t leaf) override;
    /// errors: fatal at a step that no witness leads to.
    node::Result<Bytes> witness(std::uint64_t step) override;
    std::optional<ByteView> preimage(const Bytes32& key) override { return truth_->preimage(key); }

private:
    std::shared_ptr<node::DisputeTrace> truth_;
    Lie lie_;
    Bytes final_;
    Bytes32 final_hash_;
    History level1_;
};

}  // namespace mezz::app
