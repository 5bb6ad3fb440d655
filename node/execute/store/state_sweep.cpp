// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/store/state_sweep.hpp"

#include "core/base/endian.hpp"
#include "node/execute/store/records.hpp"

namespace mezz::node {

StateSweep::StateSweep(const trie::NodeRef& oldest) : end_(oldest.locator), kept_(end_) {
    if (oldest.locator != 0) to_mark_.push_back(oldest.locator);
}

Result<bool> StateSweep::mark(KvRead& rows, std::size_t count) {
    StoredNodes nodes(rows);
    for (; count > 0 && !to_mark_.empty(); --count) {
        const std::uint64_t locator = to_mark_.back();
        to_mark_.pop_back();
        if (locator < end_) kept_[locator] = true;
        const auto children = nodes.children({{}, locator});
        if (!children) return std::unexpected(*nodes.error());
        for (std::size_t at = 0; at + 8 <= children->size(); at += 8)
            if (const std::uint64_t child = load_le64(children->data() + at); child != 0)
                to_mark_.push_back(child);
    }
    return !to_mark_.empty();
}

Result<bool> StateSweep::sweep(KvWrite& rows, std::size_t count) {
    std::vector<std::uint64_t> useless;
    bool more = false;
    const auto scanned = rows.scan(Table::nodes, number_key(next_), [&](ByteView key, ByteView) {
        const std::uint64_t locator = load_be64(key.data());
        more = locator < end_;
        if (!more || count == 0) return false;
        --count;
        next_ = locator + 1;
        if (!kept_[locator]) useless.push_back(locator);
        return true;
    });
    if (!scanned) return std::unexpected(scanned.error());
    for (const std::uint64_t locator : useless)
        if (auto done = rows.erase(Table::nodes, number_key(locator)); !done)
            return std::unexpected(done.error());
    dropped_ += useless.size();
    return more && count == 0;
}

}  // namespace mezz::node
