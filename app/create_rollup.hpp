// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A new development chain on a parent: genesis, contracts, rollup.json.

#include "app/dev.hpp"
#include "app/rollup_file.hpp"
#include "app/rollup_settings.hpp"
#include "node/ports/clock.hpp"
#include "node/ports/parent.hpp"

namespace mezz::app {

/// What matters of a chain that is to be a parent.
struct ParentFloor {
    std::uint64_t chain_id = 0;
    /// It has the predeploys of a rollup. Rollups take no blob transactions (EIP-4844): nobody
    /// would keep their blobs.
    bool is_rollup = false;
};
/// errors: retry when it does not answer, fatal when the URL is none.
node::Result<ParentFloor> look_at_parent(const std::string& parent_url);

/// What is wrong with a chain that has the chain id of its parent.
node::Error same_chain_id(const DevOptions& options, std::uint64_t parent_id);

/// The chain that these options describe, run by the well-known operators.
RollupSettings development_settings(const DevOptions& options, std::uint64_t parent_id);

/// A parent that is not ours: the operators get their ether from the last well-known account.
node::Result<void> fund_operators(node::Parent& parent, node::Clock& clock);

/// Deploys the contracts. `embedded`: the parent is ours, and its genesis funds the operators;
/// on others the last of the well-known accounts does.
///
/// errors: fatal when the settings do not fit the parent; retry when it does not answer.
node::Result<RollupFile> create_rollup(const DevOptions& options, const std::string& parent_url,
                                       bool embedded);

}  // namespace mezz::app
