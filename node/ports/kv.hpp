// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The disk as a port: an ordered key-value store with crash-safe transactions.
///
/// One writer at a time; readers see the last committed state. After a crash the store holds
/// exactly the transactions whose `commit` returned. Owned by the implementation: LMDB on disk,
/// memory in simulations (which can drop what was not committed and fail on any call).

#include <functional>
#include <memory>
#include <optional>

#include "core/base/bytes.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

/// Tables of a chain's database. The number is part of the file format.
enum class Table : std::uint8_t {
    meta = 0,           ///< name -> bytes
    headers = 1,        ///< number -> header record
    bodies = 2,         ///< number -> transactions
    receipts = 3,       ///< number -> receipts
    block_numbers = 4,  ///< block hash -> number
    txn_places = 5,     ///< transaction hash -> number, index
    nodes = 6,          ///< locator -> trie node record
    codes = 7,          ///< keccak256 -> code
    entries = 8,        ///< inbox index -> what it derived to
    blobs = 9,          ///< versioned hash -> blob (parent chain only)
    appearances = 10,   ///< address, number -> nothing (where they are indexed)
};
inline constexpr std::size_t table_count = 11;

class KvRead {
public:
    virtual ~KvRead() = default;
    /// returns: the value; valid until this transaction ends.
    virtual Result<std::optional<ByteView>> get(Table table, ByteView key) = 0;
    /// Visits pairs with key >= from in order until `visit` returns false.
    virtual Result<void> scan(Table table, ByteView from,
                              const std::function<bool(ByteView key, ByteView value)>& visit) = 0;
    /// The same with key <= from, the greatest first.
    virtual Result<void> scan_back(
        Table table, ByteView from,
        const std::function<bool(ByteView key, ByteView value)>& visit) = 0;
};

class KvWrite : public KvRead {
public:
    virtual Result<void> put(Table table, ByteView key, ByteView value) = 0;
    /// requires: key greater than every key of the table.
    virtual Result<void> append(Table table, ByteView key, ByteView value) = 0;
    virtual Result<void> erase(Table table, ByteView key) = 0;
    /// Makes everything durable at once. Without it the destructor forgets everything.
    virtual Result<void> commit() = 0;
};

class KvStore {
public:
    virtual ~KvStore() = default;
    virtual Result<std::unique_ptr<KvRead>> read() = 0;
    virtual Result<std::unique_ptr<KvWrite>> write() = 0;
    /// units: bytes in use.
    virtual std::uint64_t size_bytes() = 0;
    /// How often the calling thread has waited for the disk to read, so far. A measure of whether
    /// reading ahead pays, no more; 0 where nobody counts.
    virtual std::uint64_t waits() { return 0; }
};

}  // namespace mezz::node
