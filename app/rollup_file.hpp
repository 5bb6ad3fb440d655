// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// rollup.json: everything a node must know to rebuild a chain from its parent alone.

#include <filesystem>

#include "node/execute/serial/chain.hpp"
#include "node/ports/hex_text.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::app {

struct RollupFile {
    derive::RollupSpec spec;
    std::vector<node::GenesisAccount> genesis;
    std::uint64_t parent_chain_id = 0;
    node::ParentContracts contracts;
    std::uint64_t block_time_ms = 1000;

    [[nodiscard]] Header genesis_header() const;
    [[nodiscard]] node::ChainOptions chain_options() const;
};

/// What a database is bound to: configuration hash, parent's chain id, inbox. Chains born in the
/// same second have the same block 0; their rules and contracts differ.
Bytes identity_of(const RollupFile& file);

std::string to_json(const RollupFile& file);
/// Total: any text is a file or an error. `name` is how errors call it.
/// errors: fatal, naming the file and the field; a field that is not known, with the nearest one.
node::Result<RollupFile> parse_rollup_file(std::string_view text, const std::string& name);
/// errors: fatal, naming the file and the field.
node::Result<RollupFile> read_rollup_file(const std::filesystem::path& path);

/// Writes a whole file or nothing: a temporary beside it, synced, renamed.
node::Result<void> write_file(const std::filesystem::path& path, std::string_view text);

using node::hex_text;

}  // namespace mezz::app
