// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the actors of fraud proofs know of the chain: its claims, and the runs of the program that
/// lead from one to the next. The app wires them.

#include <memory>
#include <optional>

#include "core/riscv/tree.hpp"
#include "core/stf/claim.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

class ClaimSource {
public:
    virtual ~ClaimSource() = default;
    /// The inbox as far as blocks are derived from it, and the last of them.
    [[nodiscard]] virtual DerivedPosition derived() = 0;
    /// returns: none while the block is not derived.
    virtual Result<std::optional<stf::Claim>> claim(std::uint64_t number) = 0;
};

/// The run of the program on one question, as a dispute asks about it. Owned by one thread.
/// spec: docs/reference/machine.md, "Trace and histories".
class DisputeTrace {
public:
    using History = std::shared_ptr<const riscv::PaddedTree>;

    virtual ~DisputeTrace() = default;
    /// The 352 bytes of the last state.
    [[nodiscard]] virtual Bytes final_state() = 0;
    [[nodiscard]] virtual History level1() = 0;
    /// Below leaf `leaf` of level 1.
    virtual Result<History> level2(std::uint64_t leaf) = 0;
    /// Of the step after `step` steps.
    virtual Result<Bytes> witness(std::uint64_t step) = 0;
    /// What the program reads under a key.
    [[nodiscard]] virtual std::optional<ByteView> preimage(const Bytes32& key) = 0;
};

class TraceSource {
public:
    virtual ~TraceSource() = default;
    /// The run for the block after block `pre_block`, out of the first `inbox_count` entries. May
    /// take minutes. errors: retry while the node cannot make its witness.
    virtual Result<std::shared_ptr<DisputeTrace>> trace(std::uint64_t pre_block,
                                                        std::uint64_t inbox_count) = 0;
};

}  // namespace mezz::node
