// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/store/block_rows.hpp"

#include <algorithm>

#include "core/codec/byte_reader.hpp"

namespace mezz::node {

ByteView name_key(std::string_view name) {
    return {reinterpret_cast<const std::uint8_t*>(name.data()), name.size()};
}

Bytes appearance_key(const Address& address, std::uint64_t number) {
    Bytes out = to_bytes(address);
    append_be64(out, number);
    return out;
}

Result<void> BlockRows::write(KvStore& store) const {
    auto opened = store.write();
    if (!opened) return std::unexpected(opened.error());
    KvWrite& rows = **opened;
    Result<void> done = nodes.write(rows);
    for (const auto& [code_hash, code] : codes)
        if (done) done = rows.put(Table::codes, code_hash, code);
    const Bytes key = number_key(header.header.number);
    if (done) done = rows.put(Table::headers, key, encode(header));
    if (done) done = rows.put(Table::bodies, key, body);
    if (done) done = rows.put(Table::receipts, key, receipts);
    if (done) done = rows.put(Table::block_numbers, header.hash, key);
    if (done) done = rows.put(Table::meta, name_key(meta_row::head), key);
    if (done)
        done = rows.put(Table::meta, name_key(meta_row::locator), number_key(nodes.next_locator()));
    // Neighbours in the table follow each other, so its pages are visited in order.
    std::vector<std::uint32_t> order(txn_hashes.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [this](std::uint32_t a, std::uint32_t b) { return txn_hashes[a] < txn_hashes[b]; });
    Bytes place;
    for (const std::uint32_t i : order) {
        place.assign(key.begin(), key.end());
        append_varint(place, i);
        if (done) done = rows.put(Table::txn_places, txn_hashes[i], place);
    }
    for (const Address& address : appearances)
        if (done)
            done = rows.put(Table::appearances, appearance_key(address, header.header.number), {});
    return done ? rows.commit() : done;
}

}  // namespace mezz::node
