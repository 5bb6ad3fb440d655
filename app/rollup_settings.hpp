// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What decides a new chain and its contracts: the same settings give the same chain.

#include <utility>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/uint256.hpp"

namespace mezz::app {

struct RollupSettings {
    std::uint64_t parent_chain_id = 0;
    std::uint64_t chain_id = 0;
    std::uint64_t block_time_ms = 1000;
    std::uint64_t gas_limit = 0;  ///< units: gas a block
    std::uint64_t genesis_timestamp = 0;
    bool fraud_proofs = false;  ///< claims are judged; otherwise attested
    std::uint64_t force_delay_seconds = 3600;
    /// To object to an attested claim; of each side of a dispute.
    std::uint64_t clock_seconds = 60;
    std::uint64_t maturity_delay_seconds = 2;  ///< from proving a withdrawal to paying it
    std::uint64_t finality_delay_seconds = 1;  ///< from a claim's resolution to its finality
    Address deployer;                          ///< owns the contracts
    Address batcher, proposer, challenger, guardian;
    std::vector<Address> funded;  ///< with ether in block 0 that no deposit backs
    std::vector<std::pair<Address, uint256>> balances;  ///< the same, of so much wei
    friend bool operator==(const RollupSettings&, const RollupSettings&) = default;
};

}  // namespace mezz::app
