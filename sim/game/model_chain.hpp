// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A chain whose blocks are nothing but claims, and a program that knows which follows which.
///
/// Each claim names the next one in its `start`, and the program finds it there by preimages: of
/// the question the claim before, of that one its fields. So the contracts, the oracle and the
/// trace are the real ones, and a block costs about 270,000 steps: enough for two leaves of
/// level 1.

#include "node/ports/claims.hpp"
#include "node/prove/machine/trace.hpp"

namespace mezz::sim {

class ModelChain final : public node::ClaimSource, public node::TraceSource {
public:
    static constexpr std::uint64_t last_block = 6;

    explicit ModelChain(const Bytes32& config_hash);

    [[nodiscard]] const stf::Claim& at(std::uint64_t number) const { return claims_.at(number); }
    [[nodiscard]] const node::prove::Program& program() const { return *program_; }
    /// Another claim of that block, made up.
    [[nodiscard]] static stf::Claim lie(std::uint64_t number, std::uint64_t salt);

    node::DerivedPosition derived() override;
    node::Result<std::optional<stf::Claim>> claim(std::uint64_t number) override;
    /// Made once a block. requires: inbox_count is 0, as the model's inbox is.
    node::Result<std::shared_ptr<node::DisputeTrace>> trace(std::uint64_t pre_block,
                                                            std::uint64_t inbox_count) override;

private:
    Bytes32 config_hash_;
    std::vector<stf::Claim> claims_;
    std::shared_ptr<const node::prove::Program> program_;
    std::map<std::uint64_t, std::shared_ptr<node::DisputeTrace>> traces_;
};

}  // namespace mezz::sim
