// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What the EVM may ask about the block and the transaction it runs in.

#include <span>

#include "core/base/uint256.hpp"

namespace mezz {

struct BlockContext {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  ///< seconds.
    std::uint64_t gas_limit = 0;  ///< gas.
    uint256 base_fee;             ///< wei a gas.
    Address coinbase;
    /// Before Paris: the difficulty as a big-endian number. spec: EIP-4399.
    Bytes32 prev_randao;
    std::uint64_t excess_blob_gas = 0;  ///< blob gas.
    Bytes32 parent_hash;
    Bytes32 parent_beacon_root;  ///< spec: EIP-4788.
};

/// Hashes of ancestors. Asked only for the 256 blocks before the current one.
class BlockHashes {
public:
    virtual ~BlockHashes() = default;
    virtual Bytes32 hash(std::uint64_t number) = 0;
};

struct TxContext {
    Address origin;
    uint256 gas_price;  ///< wei a gas, after EIP-1559.
    std::span<const Bytes32> blob_hashes;
};

}  // namespace mezz
