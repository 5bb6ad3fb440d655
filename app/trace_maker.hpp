// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/witness_source.hpp"
#include "node/ports/claims.hpp"
#include "node/prove/machine/trace.hpp"
#include "node/prove/question/answer.hpp"

namespace mezz::app {

/// The run of the program on a question, with the witness that it keeps.
/// errors: fatal when the witness does not decode or lacks something.
node::Result<std::shared_ptr<node::DisputeTrace>> run_trace(
    std::shared_ptr<const node::prove::Program> program, const stf::Question& question,
    Bytes witness);

/// A step at which the program reads a preimage, taken wrongly.
struct StaleRead {
    std::uint64_t step = 0;  ///< steps before it
    Bytes32 state;           ///< hash of the state after it, had it read once more what came before
};
/// The first step that goes on reading a preimage behind its first 32 bytes.
/// errors: fatal when there is none, or when the witness does not decode or lacks something.
node::Result<StaleRead> stale_read(std::shared_ptr<const node::prove::Program> program,
                                   const stf::Question& question, const Bytes& witness);

/// Runs the program on questions about this node's chain: its witness, then its trace.
class TraceMaker final : public node::TraceSource {
public:
    /// Keeps the reference.
    TraceMaker(WitnessSource& witnesses, std::shared_ptr<const node::prove::Program> program)
        : witnesses_(witnesses), program_(std::move(program)) {}

    node::Result<std::shared_ptr<node::DisputeTrace>> trace(std::uint64_t pre_block,
                                                            std::uint64_t inbox_count) override;

private:
    WitnessSource& witnesses_;
    std::shared_ptr<const node::prove::Program> program_;
};

}  // namespace mezz::app
