// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// What makes one EVM chain differ from another: identity, schedule, fee rules, rollup rules.
///
/// A ChainSpec is plain data, identical on the host and in the guest, and is part of the statement
/// that is proven. It never changes while a chain runs; changes are entries of its schedules.

#include <vector>

#include "core/base/uint256.hpp"
#include "core/spec/revision.hpp"

namespace mezz {

/// Gas one blob costs in the blob fee market. spec: EIP-4844 GAS_PER_BLOB.
inline constexpr std::uint64_t GAS_PER_BLOB = 1 << 17;

/// spec: EIP-4844, EIP-7691, EIP-7840. units: blobs, blobs, blob gas.
struct BlobParams {
    std::uint64_t target = 0;
    std::uint64_t max = 0;
    std::uint64_t update_fraction = 1;
};

struct RevisionActivation {
    std::uint64_t timestamp = 0;  ///< seconds; active in blocks with timestamp >= this.
    Revision revision = LATEST_REVISION;
};

struct BlobActivation {
    std::uint64_t timestamp = 0;  ///< seconds; active in blocks with timestamp >= this.
    BlobParams params;
};

/// Predeploys with the addresses of the OP Stack, so that its clients work unmodified.
namespace predeploy {
inline constexpr Address SEQUENCER_FEE_VAULT =
    hex<Address>("0x4200000000000000000000000000000000000011");
inline constexpr Address L1_BLOCK = hex<Address>("0x4200000000000000000000000000000000000015");
inline constexpr Address MESSAGE_PASSER =
    hex<Address>("0x4200000000000000000000000000000000000016");
inline constexpr Address BASE_FEE_VAULT =
    hex<Address>("0x4200000000000000000000000000000000000019");
inline constexpr Address L1_FEE_VAULT = hex<Address>("0x420000000000000000000000000000000000001a");
}  // namespace predeploy

/// Rules that hold only on a rollup (an L2 or L3). Ignored unless `ChainSpec::is_rollup`.
struct RollupRules {
    bool charges_l1_data_fee = true;
    bool allows_deposits = true;
    Address base_fee_vault = predeploy::BASE_FEE_VAULT;
    Address l1_fee_vault = predeploy::L1_FEE_VAULT;
    Address sequencer_fee_vault = predeploy::SEQUENCER_FEE_VAULT;
    Address l1_block = predeploy::L1_BLOCK;
    Address message_passer = predeploy::MESSAGE_PASSER;
};

/// spec: EIP-6110 DEPOSIT_CONTRACT_ADDRESS.
inline constexpr Address MAINNET_DEPOSIT_CONTRACT =
    hex<Address>("0x00000000219ab540356cbb839cbe05303d7705fa");

struct ChainSpec {
    std::uint64_t chain_id = 1;
    /// Sorted by timestamp, first entry at 0. requires: not empty.
    std::vector<RevisionActivation> revisions{{0, LATEST_REVISION}};
    /// Sorted by timestamp; empty means the mainnet values of the active revision.
    std::vector<BlobActivation> blobs;
    std::uint64_t elasticity_multiplier = 2;        ///< EIP-1559.
    std::uint64_t base_fee_change_denominator = 8;  ///< EIP-1559.
    std::uint64_t genesis_gas_limit = 60'000'000;   ///< gas.
    std::uint64_t min_gas_limit = 5000;             ///< gas. Yellow Paper (47).
    /// Whose events are deposits of validators. spec: EIP-6110.
    Address deposit_contract = MAINNET_DEPOSIT_CONTRACT;
    bool refuses_blob_transactions = false;
    bool is_rollup = false;
    RollupRules rollup;

    [[nodiscard]] Revision revision_at(std::uint64_t timestamp) const noexcept;
    /// Blob schedule entry active at `timestamp`; all zero (fraction 1) before Cancun.
    [[nodiscard]] BlobParams blobs_at(std::uint64_t timestamp) const noexcept;
};

/// The facts of a parent block that the fees of its child depend on. units: gas, wei.
struct ParentFees {
    std::uint64_t gas_limit = 0;
    std::uint64_t gas_used = 0;
    uint256 base_fee;
    std::uint64_t blob_gas_used = 0;
    std::uint64_t excess_blob_gas = 0;
};

/// Base fee per gas of the child block. units: wei. spec: EIP-1559.
/// requires: gas_limit >= elasticity.
[[nodiscard]] uint256 next_base_fee(const ChainSpec& spec, const ParentFees& parent) noexcept;

/// Excess blob gas of the child block at `timestamp`. spec: EIP-4844; EIP-7918 from Osaka.
[[nodiscard]] std::uint64_t next_excess_blob_gas(const ChainSpec& spec, std::uint64_t timestamp,
                                                 const ParentFees& parent) noexcept;

/// Price of one blob gas. units: wei. Saturates at 2^256-1. spec: EIP-4844 fake_exponential.
[[nodiscard]] uint256 blob_base_fee(std::uint64_t excess_blob_gas,
                                    std::uint64_t update_fraction) noexcept;

}  // namespace mezz
