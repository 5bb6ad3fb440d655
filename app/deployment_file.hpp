// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// deployment.json: what `mezz l1 deploy` set out to do, kept so that it can go on after a stop.

#include <filesystem>
#include <optional>
#include <string>

#include "app/rollup_settings.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

struct Deployment {
    RollupSettings settings;
    std::uint64_t first_nonce = 0;   ///< the deployer's when it began: it decides the addresses
    std::uint64_t parent_block = 0;  ///< the parent's head when it began
    std::string program_id;          ///< 0x-hex, of the build that made it
    friend bool operator==(const Deployment&, const Deployment&) = default;
};

std::string to_json(const Deployment& deployment);
/// Total: any text is a deployment or an error. `name` is how errors call it.
/// errors: fatal, naming the file and the field.
node::Result<Deployment> parse_deployment(std::string_view text, const std::string& name);
node::Result<Deployment> read_deployment(const std::filesystem::path& path);

/// returns: "chain.id is 7 there, 8 here", of the first of the settings that differs and that
/// somebody chose; none when all are equal. The time of block 0 is nobody's choice.
std::optional<std::string> difference(const RollupSettings& there, const RollupSettings& here);

}  // namespace mezz::app
