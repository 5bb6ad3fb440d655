// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Where a private key comes from: a file, the environment, or the command line, which every user
/// of a machine can read in its list of processes.

#include <filesystem>
#include <string>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace CLI {
class App;
}

namespace mezz::app {

/// Adds `flag` ("--batcher-key"), which `variable` of the environment can set too, and
/// `flag`-file. Keeps the references until the command line is parsed.
void add_key_flags(CLI::App& command, const std::string& flag, const std::string& variable,
                   const std::string& what, std::string& key, std::filesystem::path& file);

/// Of what those flags were given; empty: not given.
/// errors: fatal, naming the flag: never given, a file that cannot be read or that others can, or
/// no 32 bytes of hex.
node::Result<Bytes32> read_key(const std::string& flag, const std::string& variable,
                               const std::string& key, const std::filesystem::path& file);

}  // namespace mezz::app
