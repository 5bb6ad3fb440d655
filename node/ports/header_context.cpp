// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ports/header_context.hpp"

namespace mezz::node {

BlockContext context_of(const Header& h) {
    BlockContext c;
    c.number = h.number;
    c.timestamp = h.timestamp;
    c.gas_limit = h.gas_limit;
    c.base_fee = h.base_fee_per_gas.value_or(uint256{});
    c.coinbase = h.coinbase;
    c.prev_randao = h.prev_randao;
    c.excess_blob_gas = h.excess_blob_gas.value_or(0);
    c.parent_hash = h.parent_hash;
    c.parent_beacon_root = h.parent_beacon_block_root.value_or(Bytes32{});
    return c;
}

}  // namespace mezz::node
