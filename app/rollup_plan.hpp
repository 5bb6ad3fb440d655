// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A new chain before it exists: rollup.json and what is to be deployed, made of settings alone.

#include "app/rollup_file.hpp"
#include "app/rollup_settings.hpp"
#include "core/stf/claim.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::app {

struct RollupPlan {
    RollupFile file;  ///< with the addresses there will be; deployedAt is 0
    node::DeployOptions deploy;
};

/// `first_nonce`: the deployer's when the deployment begins, which decides the addresses.
[[nodiscard]] RollupPlan plan_rollup(const RollupSettings& settings, std::uint64_t first_nonce);

/// What a block may hold. units: gas.
[[nodiscard]] std::uint64_t block_gas_limit(bool fraud_proofs, std::uint64_t wanted) noexcept;

/// What the first claim of a chain says: block 0.
[[nodiscard]] stf::Claim genesis_claim(const RollupFile& file);

}  // namespace mezz::app
