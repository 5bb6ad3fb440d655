// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What a client asks the blob endpoint for. Total: any target is a request or a reason.
/// spec: beacon API, GET /eth/v1/beacon/blobs/{block_id}?versioned_hashes=…

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace mezz::app {

struct BlobRequest {
    enum class Block : std::uint8_t { number, head, finalized };
    Block block = Block::number;
    std::uint64_t number = 0;               ///< of Block::number
    std::vector<Bytes32> versioned_hashes;  ///< none: all blobs of the block
};

/// errors: what to answer with status 400.
[[nodiscard]] std::expected<BlobRequest, std::string> parse_blob_request(std::string_view target);

}  // namespace mezz::app
