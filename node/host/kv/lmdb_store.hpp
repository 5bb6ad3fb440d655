// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The disk: LMDB. Copy-on-write pages and one synced meta page a commit make it safe against kill
/// and power loss without a log. Thread-safe; every transaction belongs to one thread.

#include <filesystem>
#include <memory>

#include "node/ports/kv.hpp"

namespace mezz::host {

struct LmdbOptions {
    /// Pages of the file stay mapped until they are this many bytes; then all are given back, and
    /// come again from the system's cache when they are used. 0: as many as are used.
    std::size_t max_mapped_bytes = 0;
};

/// Opens or creates the database in a directory.
/// errors: fatal when the directory cannot be used, is locked by another process, or the disk is
/// full.
node::Result<std::unique_ptr<node::KvStore>> open_lmdb(const std::filesystem::path& directory,
                                                       const LmdbOptions& options = {});

/// Copies the database in a directory into one file, without what is free in it, while its owner
/// goes on: the copy is the state of one moment, durable on return.
/// errors: fatal when there is no database, or `file` exists or cannot be written; retry when the
/// disk is full.
node::Result<void> copy_lmdb(const std::filesystem::path& directory,
                             const std::filesystem::path& file);

/// Opens a database for reading alone; its owner may be at work. `path` is its directory, or a file
/// that `copy_lmdb` made.
/// errors: fatal when it is none.
node::Result<std::unique_ptr<node::KvStore>> open_lmdb_read_only(const std::filesystem::path& path);

/// Whether a process has the database in a directory open to write.
bool is_lmdb_in_use(const std::filesystem::path& directory);

/// Name of the file that holds the data, within a database's directory.
inline constexpr const char* lmdb_data_file = "data.mdb";

}  // namespace mezz::host
