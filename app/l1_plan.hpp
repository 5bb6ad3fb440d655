// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What `mezz l1 deploy` is about to do, for people and programs.

#include "app/deployment_file.hpp"
#include "app/rollup_plan.hpp"
#include "node/ports/parent.hpp"

namespace mezz::app {

struct L1Plan {
    std::string parent_url;
    Deployment deployment;
    RollupPlan rollup;
    std::vector<node::Creation> creations;
    std::size_t made = 0;  ///< of them, by an earlier run
    uint256 balance_wei;   ///< of the deployer
    std::uint64_t nonce = 0;
    std::uint64_t gas = 0;  ///< still to pay for, at most
    uint256 gas_price_wei;  ///< at most, by now's fees
    [[nodiscard]] uint256 cost_wei() const { return gas_price_wei * uint256{gas}; }
    /// Nothing is left to do but to look.
    [[nodiscard]] bool is_complete() const noexcept { return made == creations.size(); }
};

/// How far a deployment is.
///
/// errors: fatal when the account's nonces went to something else; retry.
node::Result<L1Plan> look_at_deployment(node::Parent& parent, const std::string& parent_url,
                                        const Deployment& deployment);

std::string plan_text(const L1Plan& plan);
/// One object. `spec`: of rollup.json; empty: it is not there.
std::string plan_json(const L1Plan& plan, const std::string& spec);

}  // namespace mezz::app
