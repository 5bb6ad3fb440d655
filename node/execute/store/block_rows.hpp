// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything a block leaves in the store, written in one crash-safe transaction.

#include "node/execute/store/node_store.hpp"
#include "node/execute/store/records.hpp"

namespace mezz::node {

/// Names of the rows about the chain as a whole; a u64 each.
namespace meta_row {
inline constexpr std::string_view version = "version";
inline constexpr std::string_view head = "head";
inline constexpr std::string_view safe = "safe";
inline constexpr std::string_view finalized = "finalized";
inline constexpr std::string_view locator = "locator";  ///< of the next node
/// First block from which appearances are indexed; absent where they are not.
inline constexpr std::string_view appearances = "appearances";
/// First block after block 0 whose body and receipts are kept.
inline constexpr std::string_view history = "history";
/// First block whose state is kept; absent where all are.
inline constexpr std::string_view states = "states";
}  // namespace meta_row

ByteView name_key(std::string_view name);
/// Of the table of appearances.
Bytes appearance_key(const Address& address, std::uint64_t number);

struct BlockRows {
    HeaderRecord header;
    Bytes body;
    Bytes receipts;
    std::vector<Bytes32> txn_hashes;  ///< in the block's order
    std::vector<std::pair<Bytes32, Bytes>> codes;
    std::vector<Address> appearances;  ///< sorted; empty where they are not indexed
    NodeBatch nodes{1};

    /// Writes the block as the new head.
    [[nodiscard]] Result<void> write(KvStore& store) const;
};

}  // namespace mezz::node
