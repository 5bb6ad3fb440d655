// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz l1 deploy`: the contracts of a new rollup on a parent chain. First a plan, then the deed.
///
/// What it sets out to do is in OUT/deployment.json before the first transaction; started again it
/// goes on where the parent says it stood. At the end OUT/rollup.json is what nodes run with.

#include <filesystem>
#include <string>

#include "app/dev.hpp"

namespace mezz::app {

struct L1DeployOptions {
    std::string parent_url;
    std::filesystem::path out;
    bool plan_only = false;  ///< print the plan, write and send nothing
    /// Of the account that pays and owns. None: the well-known one, on parents that know it.
    std::string key;
    std::filesystem::path key_file;
    std::uint64_t chain_id = 42069;
    std::uint64_t block_time_ms = 1000;
    std::uint64_t force_delay_seconds = 3600;
    std::string proof = "none";
    std::uint64_t clock_seconds = 60;
    std::uint64_t maturity_delay_seconds = 2;
    std::uint64_t finality_delay_seconds = 1;
    DataSource da = DataSource::blobs;
    bool da_said = false;
    /// 0x-addresses; empty: the well-known operators, or the deployer where that is safe.
    std::string batcher, proposer, challenger, guardian;
    std::uint64_t timeout_seconds = 600;
    bool json = false;
};

/// returns: the process's exit code.
int run_l1_deploy(const L1DeployOptions& options);

}  // namespace mezz::app
