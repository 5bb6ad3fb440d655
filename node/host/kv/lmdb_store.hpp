// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The disk: LMDB. Copy-on-write pages and one synced meta page a commit make it safe against kill
/// and power loss without a log. Thread-safe; every transaction belongs to one thread.

#include <filesystem>
#include <memory>

#include "node/ports/kv.hpp"

namespace mezz::host {

/// Opens or creates the database in a directory.
/// errors: fatal when the directory cannot be used, is locked by another process, or the disk is
/// full.
node::Result<std::unique_ptr<node::KvStore>> open_lmdb(const std::filesystem::path& directory);

}  // namespace mezz::host
