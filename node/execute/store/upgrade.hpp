// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Databases of older versions become ones of this version, step by step, each step in one
/// crash-safe transaction.
///
/// version 1: blocks, states, entries.
/// version 2: meta row "history", the first block after 0 whose body and receipts are kept.

#include "node/ports/kv.hpp"

namespace mezz::node {

/// returns: the version the database had; none when it is empty.
/// errors: fatal when it is newer than `database_version` or its version is damaged.
Result<std::optional<std::uint64_t>> upgrade_database(KvStore& store);

}  // namespace mezz::node
