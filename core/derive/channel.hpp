// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The bytes of an inbox entry and of blobs: format byte, compression, field elements.
///
/// data = 0x00 | payload, or 0x01 | zstd(payload). A blob carries 31 bytes in each of its 4096
/// field elements, the first four of them its length; all but the last are full.

#include <expected>
#include <optional>
#include <span>

#include "core/derive/batch.hpp"
#include "core/derive/inbox.hpp"

namespace mezz::derive {

inline constexpr std::uint8_t format_plain = 0;
inline constexpr std::uint8_t format_zstd = 1;

inline constexpr std::size_t blob_elements = 4096;
inline constexpr std::size_t blob_bytes = 32 * blob_elements;
/// units: bytes of data a blob can carry.
inline constexpr std::size_t blob_capacity = 31 * blob_elements - 4;
/// More data than this cannot be published in one entry.
inline constexpr std::size_t max_entry_blobs = 6;

/// Data of an entry -> batch.
std::expected<Batch, BatchError> decode_data(ByteView data);

/// requires: 0 < data.size() <= max_entry_blobs * blob_capacity.
std::vector<Bytes> encode_blobs(ByteView data);
/// The data of blobs that `encode_blobs` could have made; anything else is a mismatch.
std::expected<Bytes, BatchError> decode_blobs(std::span<const Bytes> blobs);

/// The bytes behind `data_hash`, if these blobs hold them; else the entry derives to nothing.
std::optional<Bytes> published_data(std::span<const Bytes> blobs, const Bytes32& data_hash);

/// Evaluates a blob, as the polynomial through its elements at the roots of unity, at z.
/// requires: blob.size() == blob_bytes, every element below the modulus. spec: EIP-4844,
/// consensus-specs polynomial-commitments, evaluate_polynomial_in_evaluation_form.
uint256 evaluate_blob(ByteView blob, const uint256& z);

/// Whether the openings the parent checked are openings of the blobs that `data` encodes to: shows
/// without the blobs that they hold `data`, as the points are fixed by its hash.
bool openings_match(ByteView data, const Bytes32& data_hash, std::span<const BlobOpening> openings);

}  // namespace mezz::derive
