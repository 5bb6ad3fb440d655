// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/store/upgrade.hpp"

#include "core/base/endian.hpp"
#include "node/execute/store/block_rows.hpp"

namespace mezz::node {
namespace {

/// Adds what the next version has. The row of the version is written by the caller.
using Step = Result<void> (*)(KvWrite& rows);

Result<void> keep_all_history(KvWrite& rows) {
    return rows.put(Table::meta, name_key(meta_row::history), number_key(1));
}

/// steps[i] leads from version i + 1 to version i + 2.
constexpr Step steps[] = {keep_all_history};
static_assert(std::size(steps) + 1 == database_version);

}  // namespace

Result<std::optional<std::uint64_t>> upgrade_database(KvStore& store) {
    std::uint64_t found = 0;
    {
        auto rows = store.read();
        if (!rows) return std::unexpected(rows.error());
        const auto row = (*rows)->get(Table::meta, name_key(meta_row::version));
        if (!row) return std::unexpected(row.error());
        if (!*row) return std::optional<std::uint64_t>{};
        if ((*row)->size() == 8) found = load_be64((*row)->data());
    }
    if (found == 0) return fatal("database: the row of its version is damaged; restore a snapshot");
    if (found > database_version)
        return fatal("database: version " + std::to_string(found) +
                     ", written by a newer program; this one reads versions up to " +
                     std::to_string(database_version) + ": use the newer program");
    for (std::uint64_t version = found; version < database_version; ++version) {
        auto rows = store.write();
        if (!rows) return std::unexpected(rows.error());
        Result<void> done = steps[version - 1](**rows);
        if (done)
            done = (*rows)->put(Table::meta, name_key(meta_row::version), number_key(version + 1));
        if (done) done = (*rows)->commit();
        if (!done) return std::unexpected(done.error());
    }
    return std::optional(found);
}

}  // namespace mezz::node
