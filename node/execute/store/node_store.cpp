// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/store/node_store.hpp"

#include "core/base/endian.hpp"
#include "node/execute/store/records.hpp"

namespace mezz::node {

std::optional<StoredNodes::Record> StoredNodes::record(const trie::NodeRef& ref) {
    std::uint8_t key[8];
    store_be64(key, ref.locator);
    const auto row = rows_.get(Table::nodes, key);
    if (!row) {
        if (!error_) error_ = row.error();
        return std::nullopt;
    }
    const auto damaged = [&](const char* what) -> std::optional<Record> {
        if (!error_)
            error_ = Error{Handling::fatal, "database: trie node " + std::to_string(ref.locator) +
                                                what + "; restore from a snapshot"};
        return std::nullopt;
    };
    if (!*row || (*row)->size() < 2) return damaged(" is missing");
    const ByteView bytes = **row;
    const std::size_t rlp_bytes = static_cast<std::size_t>(bytes[0] | bytes[1] << 8);
    if (bytes.size() < 2 + rlp_bytes) return damaged(" is damaged");
    return Record{bytes.subspan(2, rlp_bytes), bytes.subspan(2 + rlp_bytes)};
}

std::unique_ptr<trie::Node> StoredNodes::load(const trie::NodeRef& ref) {
    const auto found = record(ref);
    if (!found) return nullptr;
    std::uint64_t locators[17];
    std::size_t count = 0;
    for (std::size_t at = 0; at + 8 <= found->locators.size() && count < 17; at += 8)
        locators[count++] = load_le64(found->locators.data() + at);
    return trie::decode_node(found->rlp, std::span(locators, count));
}

std::optional<ByteView> StoredNodes::rlp(const trie::NodeRef& ref) {
    const auto found = record(ref);
    return found ? std::optional(found->rlp) : std::nullopt;
}

std::optional<ByteView> StoredNodes::children(const trie::NodeRef& ref) {
    const auto found = record(ref);
    return found ? std::optional(found->locators) : std::nullopt;
}

std::uint64_t NodeBatch::store(const Bytes32&, ByteView rlp,
                               std::span<const std::uint64_t> locators) {
    const std::uint64_t locator = next_locator();
    const std::size_t start = records_.size();
    records_.resize(start + 2 + rlp.size() + 8 * locators.size());
    std::uint8_t* out = records_.data() + start;
    *out++ = static_cast<std::uint8_t>(rlp.size());
    *out++ = static_cast<std::uint8_t>(rlp.size() >> 8);
    std::memcpy(out, rlp.data(), rlp.size());
    out += rlp.size();
    for (const auto child : locators) {
        store_le64(out, child);
        out += 8;
    }
    ends_.push_back(records_.size());
    return locator;
}

Result<void> NodeBatch::write(KvWrite& rows) const {
    std::size_t start = 0;
    std::uint64_t locator = first_;
    for (const std::size_t end : ends_) {
        std::uint8_t key[8];
        store_be64(key, locator++);
        if (auto done =
                rows.append(Table::nodes, key, ByteView(records_).subspan(start, end - start));
            !done)
            return done;
        start = end;
    }
    return {};
}

void NodeBatch::clear() {
    first_ = next_locator();
    records_.clear();
    ends_.clear();
}

}  // namespace mezz::node
