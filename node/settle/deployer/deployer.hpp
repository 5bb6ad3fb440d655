// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Puts a chain's contracts on its parent. Formulas and order: contracts/README.md.
///
/// Resumable: given the nonce it started with, contracts that are there already are left alone.

#include <string_view>
#include <vector>

#include "node/host/signing/tx_manager.hpp"
#include "node/ports/rollup.hpp"

namespace mezz::node {

/// Arguments of SystemConfig, in order.
struct SystemSettings {
    Address owner;  ///< must be the deployer
    std::uint64_t chain_id = 0;
    Bytes32 config_hash;
    Bytes32 genesis_output_root;
    Address batcher, proposer, challenger, guardian;
    std::uint64_t force_delay_seconds = 3600;
    std::uint64_t proof_maturity_delay_seconds = 0;
    std::uint64_t dispute_game_finality_delay_seconds = 0;
    std::uint64_t max_clock_duration_seconds = 60;
};

/// What disputes are judged by, and what they cost. units: wei.
struct FraudProofSettings {
    Bytes32 code_root;      ///< of the program
    Bytes32 initial_state;  ///< hash of its first state
    Bytes32 genesis_claim;
    uint256 opening_stake, level_one_stake, level_two_stake;
};

struct DeployOptions {
    SystemSettings settings{};
    /// Set: proposals are judged by fraud proofs, instead of attested.
    std::optional<FraudProofSettings> fraud_proofs{};
    uint256 init_bond{};  ///< units: wei
    /// The deployer's nonce when a deployment to resume began; none: a new one.
    std::optional<std::uint64_t> first_nonce{};
    std::uint64_t timeout_ms = 120'000;
};

/// Game types.
inline constexpr std::uint32_t ATTESTED_OUTPUTS = 300;
inline constexpr std::uint32_t FRAUD_PROVEN_OUTPUTS = 301;

/// The addresses that a deployment starting with this nonce makes. deployed_at stays 0.
[[nodiscard]] ParentContracts contract_addresses(const Address& deployer, std::uint64_t first_nonce,
                                                 bool fraud_proofs = false);

/// One contract that a deployment makes.
struct Creation {
    std::string_view name;  ///< of its artefact
    Address address;
    Bytes arguments;  ///< of its constructor, encoded
};
/// All of a deployment, in the order of the deployer's nonces.
///
/// requires: options.first_nonce, and `contracts` made of it.
[[nodiscard]] std::vector<Creation> creations(const ParentContracts& contracts,
                                              const DeployOptions& options);
/// An upper bound of what is still to pay for after the first `done` creations: the gas limits of
/// the transactions. units: gas.
[[nodiscard]] std::uint64_t deployment_gas(const std::vector<Creation>& all, std::size_t done = 0);
/// The game type of claims that are judged, or attested.
[[nodiscard]] std::uint32_t game_type(bool fraud_proofs) noexcept;

/// Blocks until the contracts are there and set up. requires: nothing under way in `txs`.
/// returns: deployed_at is 0 when a deployment was resumed. Fails with fatal on settings that the
/// contracts refuse.
Result<ParentContracts> deploy(Parent& parent, TxManager& txs, const DeployOptions& options);

/// Creation bytecode of "Inbox", "Portal", …; none when there is no such artefact.
[[nodiscard]] std::optional<Bytes> creation_code(std::string_view contract);
/// Code at rest: of "L2ToL1MessagePasser", "L1Block", "GasPriceOracle", "FeeVault", "Multicall3"
/// for a genesis.
[[nodiscard]] std::optional<Bytes> deployed_code(std::string_view contract);

/// Code at rest of an artefact, and where its constructor writes 32 bytes each.
struct CodeTemplate {
    Bytes code;                           ///< zero in those places
    std::vector<std::size_t> immutables;  ///< offsets in bytes
};
/// returns: none when there is no such artefact.
[[nodiscard]] std::optional<CodeTemplate> code_template(std::string_view contract);
/// Whether `code` is the artefact's but for what its constructor wrote.
[[nodiscard]] bool is_made_of(const CodeTemplate& artefact, ByteView code);

}  // namespace mezz::node
