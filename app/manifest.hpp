// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a snapshot holds: manifest.json, its text and what it means.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace mezz::app {

/// Files of a snapshot.
inline constexpr const char* chain_file = "chain.mdb";
inline constexpr const char* parent_file = "parent.mdb";
inline constexpr const char* spec_file = "rollup.json";

struct SnapshotFile {
    std::string name;
    std::uint64_t size_bytes = 0;
    Bytes32 sha256;
};

/// What one database is, as it tells itself.
struct DatabaseInfo {
    std::uint64_t version = 0;
    std::uint64_t head = 0, safe = 0, finalized = 0;
    Bytes32 genesis_hash, head_hash;
    /// Of a rollup: configuration hash, parent's chain id, inbox; empty otherwise.
    Bytes identity;
};
struct Manifest {
    std::uint64_t created_ms = 0;
    DatabaseInfo chain;
    std::vector<SnapshotFile> files;
};
std::string to_json(const Manifest& manifest);
/// Total: any text is a manifest or an error. Names of files are plain: no path leaves the folder.
node::Result<Manifest> parse_manifest(std::string_view text, const std::string& name);

/// returns: nullptr when there is none of that name.
const SnapshotFile* find(const Manifest& manifest, std::string_view name);

}  // namespace mezz::app
