// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/parent/next_block.hpp"

#include <algorithm>

#include "core/codec/byte_reader.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz::node {

BlockContext next_block_context(const ChainSpec& spec, const Header& parent,
                                const Bytes32& parent_hash, std::uint64_t at_ms,
                                std::uint64_t salt) {
    const ParentFees fees{.gas_limit = parent.gas_limit,
                          .gas_used = parent.gas_used,
                          .base_fee = parent.base_fee_per_gas.value_or(uint256{}),
                          .blob_gas_used = parent.blob_gas_used.value_or(0),
                          .excess_blob_gas = parent.excess_blob_gas.value_or(0)};
    BlockContext c;
    c.number = parent.number + 1;
    c.timestamp = std::max(parent.timestamp + 1, at_ms / 1000);
    c.gas_limit = spec.genesis_gas_limit;
    c.base_fee = next_base_fee(spec, fees);
    c.excess_blob_gas = next_excess_blob_gas(spec, c.timestamp, fees);
    c.parent_hash = parent_hash;
    Bytes seed = to_bytes(parent_hash);
    append_be64(seed, salt);
    c.prev_randao = crypto::keccak256(seed);
    c.parent_beacon_root = crypto::keccak256(c.prev_randao);
    return c;
}

}  // namespace mezz::node
