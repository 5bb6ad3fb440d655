// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Blob transactions as they travel: with blobs, commitments and proofs.
///
/// Form 0 (EIP-4844): 0x03 | rlp([txn, blobs, commitments, proofs]), one proof a blob.
/// Form 1 (EIP-7594): 0x03 | rlp([txn, 1, blobs, commitments, cell proofs]), 128 proofs a blob.

#include <expected>

#include "core/types/transaction.hpp"

namespace mezz {

inline constexpr std::size_t CELLS_PER_EXT_BLOB = 128;  ///< EIP-7594
inline constexpr std::size_t BYTES_PER_BLOB = 131072;   ///< EIP-4844

struct BlobSidecar {
    std::uint8_t version = 0;  ///< 0: one proof a blob; 1: cell proofs
    std::vector<Bytes> blobs;  ///< each BYTES_PER_BLOB
    std::vector<Bytes48> commitments;
    std::vector<Bytes48> proofs;
    friend bool operator==(const BlobSidecar&, const BlobSidecar&) = default;
};

struct NetworkTransaction {
    Transaction txn;
    std::optional<BlobSidecar> sidecar;  ///< set for blob transactions that carry one
};

/// Any transaction in network form. A blob transaction without a sidecar decodes with none.
/// Counts of blobs, commitments and proofs are checked against each other, proofs are not.
std::expected<NetworkTransaction, TxDecodeError> decode_network(ByteView bytes);
/// requires: txn.type is blob.
Bytes encode_network(const Transaction& txn, const BlobSidecar& sidecar);

}  // namespace mezz
