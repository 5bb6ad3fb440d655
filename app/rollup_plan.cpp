// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/rollup_plan.hpp"

#include "app/dev_wallet.hpp"

#include "app/genesis.hpp"
#include "app/program.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// A trace has at most 2^36 steps, and the dearest work there is takes 616 a gas (KZG openings,
/// bench/README.md): 111 million gas would fill it. The rest is for reading the batch.
constexpr std::uint64_t provable_gas_limit = 60'000'000;

}  // namespace

std::uint64_t block_gas_limit(bool fraud_proofs, std::uint64_t wanted) noexcept {
    return fraud_proofs ? provable_gas_limit : wanted;
}

stf::Claim genesis_claim(const RollupFile& file) {
    derive::Position start;
    start.head_timestamp = file.spec.genesis_timestamp;
    return {derive::output_root(file.genesis_header()), 0, stf::hash(start), 0};
}

RollupPlan plan_rollup(const RollupSettings& settings, std::uint64_t first_nonce) {
    RollupPlan out;
    RollupFile& file = out.file;
    file.parent_chain_id = settings.parent_chain_id;
    file.block_time_ms = settings.block_time_ms;
    std::vector<Address> funded = settings.funded;
    // Clients estimate from it when this chain is a parent itself.
    funded.push_back(Address{});
    file.genesis = rollup_genesis(funded, settings.deployer);
    set_balances(file.genesis, settings.balances);
    file.spec.chain_id = settings.chain_id;
    file.spec.gas_limit = settings.gas_limit;
    file.spec.genesis_timestamp = settings.genesis_timestamp;
    file.spec.fee_scalars = {1368, 810'949};
    file.spec.batcher = settings.batcher;
    file.spec.genesis_state_root = node::genesis_state_root(file.genesis);
    file.contracts =
        node::contract_addresses(settings.deployer, first_nonce, settings.fraud_proofs);

    out.deploy.first_nonce = first_nonce;
    auto& s = out.deploy.settings;
    s.owner = settings.deployer;
    s.chain_id = settings.chain_id;
    s.config_hash = derive::config_hash(file.spec);
    s.genesis_output_root = derive::output_root(file.genesis_header());
    s.batcher = settings.batcher;
    s.proposer = settings.proposer;
    s.challenger = settings.challenger;
    s.guardian = settings.guardian;
    s.force_delay_seconds = settings.force_delay_seconds;
    s.proof_maturity_delay_seconds = settings.maturity_delay_seconds;
    s.dispute_game_finality_delay_seconds = settings.finality_delay_seconds;
    s.max_clock_duration_seconds = settings.clock_seconds;
    if (!settings.fraud_proofs) return out;
    const uint256 finney{1'000'000'000'000'000};
    out.deploy.fraud_proofs =
        node::FraudProofSettings{fixed_from_hex<Bytes32>(program_names.code_root).value(),
                                 fixed_from_hex<Bytes32>(program_names.initial_state).value(),
                                 stf::hash(genesis_claim(file)),
                                 finney * uint256{200},
                                 finney * uint256{50},
                                 finney * uint256{10}};
    out.deploy.init_bond = finney * uint256{1000};
    return out;
}

}  // namespace mezz::app
