// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "sim/game/table.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "sim/game/game.hpp"

namespace mezz::sim {
namespace {

const uint256 ether{1'000'000'000'000'000'000};

std::unique_ptr<Table> make() {
    auto out = std::make_unique<Table>();
    Random random(1);
    std::vector<Address> funded;
    for (std::uint64_t i = 0; i < players; ++i) funded.push_back(player(i).address());
    out->parent = std::make_unique<EvmParent>(out->clock, funded, ether * uint256{1000});
    Bytes32 config;
    config[31] = 1;
    out->chain = std::make_unique<ModelChain>(config);

    node::TxManager txs(*out->parent, player(0), out->clock, {}, [&](std::uint64_t ms) {
        out->clock.advance(ms);
        out->parent->mine(random);
    });
    const auto& program = out->chain->program();
    node::DeployOptions deploy;
    auto& s = deploy.settings;
    s.owner = s.batcher = s.proposer = s.challenger = s.guardian = player(0).address();
    s.chain_id = 901;
    s.config_hash = config;
    s.genesis_output_root = out->chain->at(0).output_root;
    s.max_clock_duration_seconds = game_clock;
    deploy.init_bond = out->bond = ether * uint256{2};
    auto& terms = out->terms;
    terms.opening_stake = ether;
    terms.level_one_stake = ether / uint256{2};
    terms.level_two_stake = ether / uint256{4};
    terms.clock_seconds = game_clock;
    deploy.fraud_proofs = node::FraudProofSettings{
        program.code_root(), riscv::hash(program.initial()), stf::hash(out->chain->at(0)),
        terms.opening_stake, terms.level_one_stake,          terms.level_two_stake};
    const auto contracts = node::deploy(*out->parent, txs, deploy);
    ASSERT(contracts.has_value());
    out->contracts = *contracts;
    terms.disputes = contracts->block_disputes;
    terms.oracle = contracts->preimage_oracle;
    return out;
}

}  // namespace

node::Signer player(std::uint64_t index) {
    Bytes name = to_bytes(Bytes32{});
    name.push_back(static_cast<std::uint8_t>(index));
    auto signer = node::Signer::make(crypto::keccak256(name));
    ASSERT(signer.has_value());
    return std::move(*signer);
}

Table& table() {
    static const std::unique_ptr<Table> made = make();
    return *made;
}

}  // namespace mezz::sim
