// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Copies of a node's databases: taken while the node runs, checked before they are used.
///
/// A snapshot is a folder: manifest.json, chain.mdb, and of a development network parent.mdb and
/// rollup.json. The manifest names the chain, its heads, and SHA-256 and size of every file. The
/// chain is copied before the parent, so that it refers to no parent block that is missing.

#include <atomic>
#include <filesystem>

#include "app/manifest.hpp"
#include "node/ports/kv.hpp"

namespace mezz::app {

/// errors: fatal when rows are missing or damaged.
node::Result<DatabaseInfo> database_info(node::KvStore& store);

/// How far a snapshot is. Thread-safe: one thread works, another looks.
struct SnapshotWork {
    std::atomic<std::uint64_t> checked_bytes = 0;
    std::atomic<std::uint64_t> total_bytes = 0;  ///< to check; 0: copying still
};

struct SnapshotOptions {
    std::filesystem::path state;
    std::filesystem::path folder;  ///< of the snapshot
    /// Load: rollup.json that the snapshot must be of. Empty: that of the snapshot or of `state`.
    std::filesystem::path spec;
    bool json = false;
    SnapshotWork* work = nullptr;  ///< outlives the work; none: nobody looks
};

/// errors: fatal, naming what is in the way; retry when the disk is full. A folder exists whole or
/// not at all.
node::Result<Manifest> save_snapshot(const SnapshotOptions& options, std::uint64_t now_ms);
/// errors: fatal when a file is not what the manifest says, the snapshot is of another chain or a
/// newer version, or `state` holds a chain already.
node::Result<Manifest> load_snapshot(const SnapshotOptions& options);

/// `mezz snapshot save|load`. returns: the process's exit code.
int run_snapshot(const SnapshotOptions& options, bool saves);

}  // namespace mezz::app
