// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Batch data as calldata, as blobs, or as whichever is cheaper now.
///
/// Stateless apart from options; thread-safe. spec: contracts/src/parent/Inbox.sol; EIP-7623 (floor
/// of calldata), EIP-7825 (gas of one transaction), EIP-4844.

#include "core/derive/channel.hpp"
#include "node/ports/data_layer.hpp"

namespace mezz::node {

/// Largest gas limit of a transaction. spec: EIP-7825.
inline constexpr std::uint64_t MAX_TX_GAS = 16'777'216;

/// Gas of appendCalldata with these bytes, with a margin.
[[nodiscard]] std::uint64_t calldata_entry_gas(ByteView input, std::size_t data_bytes);
/// Gas of appendBlobs with so many blobs, with a margin. Blob gas is apart.
[[nodiscard]] std::uint64_t blob_entry_gas(ByteView input, std::size_t blobs);

class CalldataLayer final : public DataLayer {
public:
    struct Options {
        std::size_t capacity_bytes = 120'000;  ///< what common nodes relay, less the envelope
        std::size_t target_bytes = 100'000;
    };
    explicit CalldataLayer(const Address& inbox) : CalldataLayer(inbox, Options{}) {}
    CalldataLayer(const Address& inbox, Options options) : inbox_(inbox), options_(options) {}
    [[nodiscard]] std::size_t capacity() const override { return options_.capacity_bytes; }
    [[nodiscard]] std::size_t target() const override { return options_.target_bytes; }
    Result<TxCandidate> entry(const EntryParameters& parameters, ByteView data,
                              const FeeQuote& fees) override;

private:
    Address inbox_;
    Options options_;
};

class BlobLayer final : public DataLayer {
public:
    struct Options {
        std::size_t max_blobs = derive::max_entry_blobs;
        std::size_t target_blobs = derive::max_entry_blobs;
    };
    explicit BlobLayer(const Address& inbox) : BlobLayer(inbox, Options{}) {}
    BlobLayer(const Address& inbox, Options options) : inbox_(inbox), options_(options) {}
    [[nodiscard]] std::size_t capacity() const override {
        return options_.max_blobs * derive::blob_capacity;
    }
    [[nodiscard]] std::size_t target() const override {
        return options_.target_blobs * derive::blob_capacity;
    }
    /// complexity: two sums of 4096 scalar multiples a blob.
    Result<TxCandidate> entry(const EntryParameters& parameters, ByteView data,
                              const FeeQuote& fees) override;

private:
    Address inbox_;
    Options options_;
};

/// Calldata where it is cheaper at the quoted fees and fits, blobs otherwise.
class CheaperLayer final : public DataLayer {
public:
    CheaperLayer(CalldataLayer calldata, BlobLayer blobs)
        : calldata_(std::move(calldata)), blobs_(std::move(blobs)) {}
    [[nodiscard]] std::size_t capacity() const override { return blobs_.capacity(); }
    [[nodiscard]] std::size_t target() const override { return blobs_.target(); }
    Result<TxCandidate> entry(const EntryParameters& parameters, ByteView data,
                              const FeeQuote& fees) override;
    /// What the bytes would cost each way. units: wei.
    struct Costs {
        uint256 calldata, blobs;
    };
    [[nodiscard]] static Costs costs(ByteView data, const FeeQuote& fees);

private:
    CalldataLayer calldata_;
    BlobLayer blobs_;
};

}  // namespace mezz::node
