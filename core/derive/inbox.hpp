// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The inbox as the parent chain keeps it: one accumulator over entries, one over queued deposits,
/// and the commitment to the bytes of a batch. Every hash here equals one in
/// contracts/src/parent/Inbox.sol.

#include <span>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace mezz::derive {

/// Where the bytes of an entry are.
enum class Source : std::uint8_t {
    forced = 0,  ///< anybody's entry that only advances the queue; its bytes are calldata
    calldata = 1,
    blobs = 2,
};

/// units: bytes. No preimage of a batch is longer than one chunk (plus hashing overhead).
inline constexpr std::size_t data_chunk_bytes = 16384;

/// Queue items that one entry may take: the inbox refuses more, so that whoever proves a block of
/// the entry, and has to read them all, is done in a bounded number of steps.
inline constexpr std::uint64_t MAX_QUEUE_ITEMS_PER_ENTRY = 1024;

struct Entry {
    Source source = Source::forced;
    Bytes32 data_hash;
    Bytes32 blobs_hash;                  ///< zero unless source is blobs
    std::uint64_t parent_number = 0;     ///< parent block that holds the entry
    std::uint64_t parent_timestamp = 0;  ///< units: seconds
    std::uint64_t origin_number = 0;     ///< a parent block checked with BLOCKHASH
    Bytes32 origin_hash;
    std::uint64_t queue_cursor = 0;  ///< queue items consumed once this entry is derived
    Bytes32 queue_acc;               ///< queue accumulator at that cursor
    friend bool operator==(const Entry&, const Entry&) = default;
};

/// One deposit or forced transaction, as the portal queued it.
struct QueueItem {
    std::uint64_t index = 0;
    Address from;  ///< already aliased for contracts
    Address to;    ///< meaningless for a creation
    std::uint64_t parent_number = 0;
    std::uint64_t parent_timestamp = 0;  ///< units: seconds
    Bytes opaque_data;                   ///< mint 32 | value 32 | gas 8 | isCreation 1 | calldata
    friend bool operator==(const QueueItem&, const QueueItem&) = default;
};

/// The opening of a blob at the point its commitment and data hash determine.
struct BlobOpening {
    Bytes32 versioned_hash;
    uint256 y;
};

/// The preimages of the hashes below, word by word as the parent's contracts encode them.
Bytes encode(const Entry& entry);
Bytes encode(const QueueItem& item);
Bytes encode_link(const Bytes32& acc, const Bytes32& element);
Bytes encode(std::span<const BlobOpening> openings);
/// keccak256(chunk_0) | keccak256(chunk_1) | … over 16 KiB chunks.
Bytes chunk_hashes(ByteView data);

/// keccak256(keccak256(chunk_0) | keccak256(chunk_1) | …) over 16 KiB chunks.
Bytes32 chunk_hash(ByteView data);
Bytes32 entry_hash(const Entry& entry);
Bytes32 item_hash(const QueueItem& item);
/// keccak256(acc | element): the next value of either accumulator.
Bytes32 accumulate(const Bytes32& acc, const Bytes32& element);
Bytes32 blobs_hash(std::span<const BlobOpening> openings);
/// The evaluation point of a blob: keccak256(versioned hash | data hash) mod the BLS scalar field.
uint256 opening_point(const Bytes32& versioned_hash, const Bytes32& data_hash);

}  // namespace mezz::derive
