// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Reads what the parent chain's hashes name, from preimages. Any failure sticks.

#include <expected>

#include "core/derive/derivation.hpp"
#include "core/stf/preimages.hpp"

namespace mezz::stf {

enum class StfError : std::uint8_t {
    missing_preimage,  ///< the witness lacks something the transition reads
    malformed,         ///< bytes with the right hash that are not what belongs there
    wrong_inbox,       ///< the entries do not lead from the pre claim to the question's accumulator
    wrong_post,        ///< the blocks end in another claim
};

class InboxReader {
public:
    /// Keeps the reference.
    explicit InboxReader(PreimageSource& source) noexcept : source_(source) {}

    /// The first failure.
    [[nodiscard]] const std::optional<StfError>& failed() const noexcept { return error_; }

    ByteView bytes(const Bytes32& hash);
    derive::Entry entry(const Bytes32& hash);
    derive::QueueItem item(const Bytes32& hash);
    std::vector<derive::BlobOpening> openings(const Bytes32& hash);
    /// Bytes behind a chunked data hash.
    Bytes data(const Bytes32& data_hash);
    /// The bytes the blobs hold. returns: none when they are not those of the data hash.
    std::optional<Bytes> data(std::span<const derive::BlobOpening> blobs, const Bytes32& data_hash);
    /// Walks `count` elements of an accumulator back. returns: them, oldest first.
    std::vector<Bytes32> walk(Bytes32 acc, std::uint64_t count, const Bytes32& from_acc);

private:
    void error(StfError e) noexcept;

    PreimageSource& source_;
    std::optional<StfError> error_;
};

}  // namespace mezz::stf
