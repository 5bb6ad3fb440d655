// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What an actor wants the parent chain to execute, and how batch data gets there.

#include "node/ports/chain_reader.hpp"
#include "node/ports/parent.hpp"

namespace mezz::node {

/// A parent transaction before it has a nonce, fees and a signature.
struct TxCandidate {
    std::optional<Address> to;  ///< none: a creation
    uint256 value;              ///< units: wei
    Bytes data;
    std::optional<std::uint64_t> gas_limit;  ///< none: estimated
    std::vector<Bytes> blobs;
    /// Of the blobs, when they are known already; empty: computed.
    std::vector<Bytes48> commitments;
    /// From then on it may cost more (TxManagerOptions::urgent_max_fee). 0: never.
    std::uint64_t urgent_at_ms = 0;
};

/// What an entry says besides its bytes.
struct EntryParameters {
    std::uint64_t index = 0;
    std::uint64_t queue_cursor = 0;
    BlockRef origin;
};

/// Turns batch bytes into the parent transaction that appends them to the inbox.
class DataLayer {
public:
    virtual ~DataLayer() = default;
    /// Most bytes one entry can carry.
    [[nodiscard]] virtual std::size_t capacity() const = 0;
    /// Size at which a channel is worth closing. units: bytes.
    [[nodiscard]] virtual std::size_t target() const = 0;
    /// Fails with fatal when the data is empty or longer than capacity().
    virtual Result<TxCandidate> entry(const EntryParameters& parameters, ByteView data,
                                      const FeeQuote& fees) = 0;
};

}  // namespace mezz::node
