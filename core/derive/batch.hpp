// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a sequencer publishes: a run of blocks, column by column.
///
/// Values of one kind stand together (all nonces, all recipients, …) because a compressor finds
/// more in like things. Decoding is strict and total: any bytes give a batch that encodes to the
/// same bytes again, or a reason. Compression is a layer above (channel.hpp).

#include <expected>
#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/types/transaction.hpp"

namespace mezz::derive {

/// The parent block a chain block builds on: what its L1Block predeploy says.
struct Origin {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  ///< units: seconds
    Bytes32 hash;
    uint256 base_fee;       ///< units: wei a gas
    uint256 blob_base_fee;  ///< units: wei a blob gas
    friend bool operator==(const Origin&, const Origin&) = default;
};

/// Where a deposit's event stands on the parent: gives the deposit the transaction hash that
/// standard clients compute. It names, it does not authorise: content comes from the queue.
struct DepositLabel {
    Bytes32 parent_hash;
    std::uint64_t log_index = 0;
    friend bool operator==(const DepositLabel&, const DepositLabel&) = default;
};

struct BatchBlock {
    std::uint64_t timestamp = 0;         ///< units: seconds
    std::optional<Origin> origin;        ///< set when it differs from the block before
    std::vector<DepositLabel> deposits;  ///< one for each queue item this block consumes
    std::vector<Transaction> transactions;
    friend bool operator==(const BatchBlock&, const BatchBlock&) = default;
};

struct Batch {
    std::uint64_t chain_id = 0;
    std::uint64_t parent_number = 0;  ///< number of the chain block before the first one
    std::vector<BatchBlock> blocks;
    friend bool operator==(const Batch&, const Batch&) = default;
};

enum class BatchError : std::uint8_t {
    empty_data,            ///< no bytes
    unknown_format,        ///< a format byte this version does not know
    bad_compression,       ///< not a complete zstd frame
    too_large,             ///< expands to more than max_payload_bytes
    malformed,             ///< bytes missing, left over, or not in canonical form
    bad_transaction_type,  ///< a blob transaction, a deposit or an unknown type
    too_many_blocks,       ///< more than max_batch_blocks
    wrong_chain,           ///< made for another chain
    wrong_parent,          ///< does not follow the chain's last block
    bad_timestamp,         ///< goes back, or is too far ahead of the entry
    bad_origin,            ///< goes back, or is newer than the entry's
    queue_overrun,         ///< consumes more of the queue than the entry says
    blob_mismatch,         ///< the published blobs do not hold the declared bytes
    too_much_work,         ///< more deposits or transactions than the gas of a block is for
};

/// units: bytes after decompression.
inline constexpr std::size_t max_payload_bytes = 16u << 20;
inline constexpr std::uint64_t max_batch_blocks = 8192;

Bytes encode_batch(const Batch& batch);
std::expected<Batch, BatchError> decode_batch(ByteView payload);

}  // namespace mezz::derive
