// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How blocks are written into the store. Formats are private to this folder; the version is in
/// the meta table; older ones are upgraded, newer ones refused (upgrade.hpp).

#include "core/trie/node.hpp"
#include "node/ports/chain_writer.hpp"

namespace mezz::node {

inline constexpr std::uint64_t database_version = 2;

Bytes number_key(std::uint64_t number);

struct HeaderRecord {
    Bytes32 hash;
    trie::NodeRef state_root;
    Header header;
    std::uint64_t size_bytes = 0;
    Bytes extra;  ///< the chain's own note on the block
};
Bytes encode(const HeaderRecord& record);
std::optional<HeaderRecord> decode_header_record(ByteView bytes);

Bytes encode_body(const std::vector<BodyItem>& items);
/// The same, of transactions that are encoded already.
Bytes encode_body(const std::vector<BodyItem>& items, std::span<const Bytes> encoded);
std::optional<std::vector<BodyItem>> decode_body(ByteView bytes);

Bytes encode_receipts(const std::vector<Receipt>& receipts);
/// The same, of receipts that are encoded already.
Bytes encode_receipts(std::span<const Bytes> encoded);
std::optional<std::vector<Receipt>> decode_receipts(ByteView bytes);

}  // namespace mezz::node
