// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz dev`: parent chain, rollup and all its actors in one process.

#include <filesystem>
#include <optional>
#include <string>

#include "app/dev_wallet.hpp"
#include "app/operation.hpp"
#include "app/rollup_service.hpp"
#include "app/settings.hpp"

namespace mezz::app {

struct DevOptions {
    std::filesystem::path state;  ///< ignored when ephemeral
    bool ephemeral = false;
    std::string parent_url;  ///< empty: the embedded parent
    std::string blobs_url;
    std::uint16_t parent_port = 8545;
    std::uint16_t port = 9545;
    std::uint16_t metrics_port = 9100;
    std::uint16_t console_port = 8080;
    bool console_port_given = false;
    bool no_console = false;
    /// Nobody said which port: another free one where it is taken.
    bool port_given = false, metrics_port_given = false, state_given = false;
    std::string preset;             ///< its name; empty: none
    std::vector<Setting> settings;  ///< with their sources, for the console
    std::uint64_t block_time_ms = 1000;
    bool block_time_given = false;
    std::uint64_t parent_block_time_ms = 2000;
    std::uint64_t chain_id = 42069;
    bool chain_id_given = false;
    DevWallet wallet;
    GivenWallet wallet_given;
    std::vector<DevAccount> accounts;  ///< of the wallet; filled by run_dev
    std::uint64_t force_delay_seconds = 3600;
    std::uint64_t gas_limit = 400'000'000;
    DataSource da = DataSource::blobs;
    bool da_said = false;  ///< by a person, not by a preset
    /// "none": claims are attested. "fraud": proposals, and a challenger that disputes wrong ones.
    std::string proof = "none";
    bool proof_given = false;
    std::filesystem::path guest;  ///< stf.elf; empty: looked for beside this binary
    std::uint64_t dispute_clock_seconds = 60;
    bool index_appearances = true;
    std::optional<std::filesystem::path> ipc;  ///< Unix socket of the chain
    ListenerOptions listener;
    OperationOptions operation;
    std::string fault;  ///< misbehave on purpose: "censor-deposits", "skip-deposits"
    bool json = false;
};

/// returns: the process's exit code.
int run_dev(const DevOptions& options);

}  // namespace mezz::app
