// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What `mezz dev` tells of the network that it runs.

#include <string>

#include "app/dev.hpp"
#include "app/rollup_file.hpp"

namespace mezz::app {

struct DevEndpoints {
    std::string parent_url, blobs_url;
    std::uint16_t port = 0;  ///< of the chain's JSON-RPC
    std::uint16_t metrics_port = 0;
    std::uint16_t console_port = 0;  ///< 0: no console
};

std::string local_url(std::uint16_t port);
/// outputs.json: where everything is, and whose keys everybody knows.
std::string outputs_json(const DevOptions& options, const RollupFile& file, const DevEndpoints& at);
/// The same for people, on stdout.
void print_banner(const DevOptions& options, const RollupFile& file, const DevEndpoints& at);

}  // namespace mezz::app
