// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// How blocks are written into the store. Formats are private to this folder; the version is in
/// the meta table and a database of another version is refused.

#include "core/derive/derivation.hpp"
#include "core/trie/node.hpp"
#include "node/ports/chain_reader.hpp"

namespace mezz::node {

inline constexpr std::uint64_t database_version = 1;

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

/// A transaction in a block, with its recovered sender.
struct BodyItem {
    Transaction txn;
    Address sender;
    Bytes32 hash;
};
Bytes encode_body(const std::vector<BodyItem>& items);
std::optional<std::vector<BodyItem>> decode_body(ByteView bytes);

Bytes encode_receipts(const std::vector<Receipt>& receipts);
std::optional<std::vector<Receipt>> decode_receipts(ByteView bytes);

/// What a rollup notes on each block: enough to publish it again and to go on after it.
struct RollupNote {
    derive::Origin origin;
    std::uint64_t sequence_number = 0;
    std::uint64_t queue_count = 0;             ///< queue items consumed up to this block
    std::vector<derive::DepositLabel> labels;  ///< of the items consumed in it
    friend bool operator==(const RollupNote&, const RollupNote&) = default;
};
Bytes encode(const RollupNote& note);
std::optional<RollupNote> decode_rollup_note(ByteView bytes);

}  // namespace mezz::node
