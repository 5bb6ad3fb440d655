// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Everything that fixes a rollup: its EVM rules and how it is derived from its parent.
///
/// The encoding is what the configuration hash commits to, on the parent chain and in every claim.

#include "core/codec/rlp.hpp"
#include "core/derive/deposits.hpp"
#include "core/spec/chain_spec.hpp"
#include "core/types/header.hpp"

namespace mezz::derive {

struct RollupSpec {
    std::uint64_t chain_id = 0;
    std::uint64_t gas_limit = 0;              ///< units: gas a block
    std::uint64_t genesis_timestamp = 0;      ///< units: seconds
    std::uint64_t elasticity_multiplier = 2;  ///< EIP-1559
    std::uint64_t base_fee_change_denominator = 8;
    /// How far a block's timestamp may be ahead of the parent block that publishes it.
    std::uint64_t max_drift_seconds = 600;
    FeeScalars fee_scalars;
    Address batcher;  ///< named in the attributes; authority is the inbox's
    Bytes32 genesis_state_root;
    friend bool operator==(const RollupSpec&, const RollupSpec&) = default;

    /// The EVM rules this implies.
    [[nodiscard]] ChainSpec chain_spec() const;
};

Bytes encode(const RollupSpec& spec);
std::expected<RollupSpec, rlp::Error> decode_rollup_spec(ByteView bytes);
Bytes32 config_hash(const RollupSpec& spec);

/// Block 0. units of base fee: wei.
Header genesis_header(const RollupSpec& spec, const Bytes32& withdrawals_root);

}  // namespace mezz::derive
