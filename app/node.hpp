// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz node`: one role of a chain against any parent.

#include <filesystem>
#include <optional>
#include <string>

#include "app/operation.hpp"
#include "app/rollup_service.hpp"
#include "app/settings.hpp"

namespace mezz::app {

struct NodeOptions {
    std::string role = "verifier";
    std::string parent_url;
    std::string blobs_url;
    std::filesystem::path spec;
    std::optional<std::filesystem::path> state;
    std::uint16_t port = 9645;
    std::string batcher_key, proposer_key, challenger_key;  ///< of who has that role; 0x-hex
    std::filesystem::path batcher_key_file, proposer_key_file, challenger_key_file;  ///< or these
    std::filesystem::path guest;  ///< stf.elf, of a challenger; empty: the one of this build
    DataSource da = DataSource::blobs;
    ListenerOptions listener;
    OperationOptions operation;
    std::optional<std::uint16_t> metrics_port;
    bool witnesses = false;
    std::optional<std::uint16_t> console_port;  ///< none: no console
    std::vector<Setting> settings;
    bool index_appearances = false;
    std::optional<std::filesystem::path> ipc;  ///< Unix socket of the chain
    bool json = false;
};

/// returns: the process's exit code.
int run_node(const NodeOptions& options);

}  // namespace mezz::app
