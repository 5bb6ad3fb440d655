// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The events of contracts/src/parent that derivation reads, and the calldata of an entry.

#include "node/ports/parent.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

/// Enqueued(uint64 indexed index, bytes32 queueAcc, address indexed from, uint64 parentTimestamp)
inline constexpr Bytes32 ENQUEUED_TOPIC =
    hex<Bytes32>("0xd195f0e86bda6b472478bf9409da7e533bdc02081f63b2935725118d8a5e8ea3");
/// EntryAppended(uint64 indexed, bytes32, Entry, bytes32[], uint256[])
inline constexpr Bytes32 ENTRY_APPENDED_TOPIC =
    hex<Bytes32>("0x66a1294950eb94492c837eada1987b8c9d5ee1c6a374e1f0bdb5278382cc1951");
/// TransactionDeposited(address indexed from, address indexed to, uint256 indexed version, bytes)
inline constexpr Bytes32 TRANSACTION_DEPOSITED_TOPIC =
    hex<Bytes32>("0xb3813568d9991fc951961fcb4c784893574240a28925604d09fc577c55bb7c32");

struct DecodedEntry {
    InboxEntry entry;
    std::vector<Bytes32> versioned_hashes;
};
/// returns: none when the log is not a well-formed EntryAppended.
std::optional<DecodedEntry> decode_entry_appended(const ParentLog& log);

struct Enqueued {
    std::uint64_t index = 0;
    Bytes32 queue_acc;
    std::uint64_t parent_timestamp = 0;
};
std::optional<Enqueued> decode_enqueued(const ParentLog& log);
/// The opaque data of a TransactionDeposited.
std::optional<Bytes> decode_deposited(const ParentLog& log);

/// The `bytes data` argument of appendCalldata or forceInclude.
std::optional<Bytes> decode_append_data(ByteView calldata);

}  // namespace mezz::node
