// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/create_rollup.hpp"

#include <thread>

#include "app/dev_accounts.hpp"
#include "app/genesis.hpp"
#include "app/program.hpp"
#include "core/codec/hex.hpp"
#include "node/host/client/rpc_parent.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/settle/deployer/deployer.hpp"

namespace mezz::app {
namespace {

/// L1Block of OP Stack chains, ours among them; ArbSys of Arbitrum chains.
constexpr Address rollup_predeploys[] = {
    hex<Address>("0x4200000000000000000000000000000000000015"),
    hex<Address>("0x0000000000000000000000000000000000000064")};

/// A parent that is not ours: the operators get their ether from the last well-known account.
node::Result<void> fund_operators(node::Parent& parent, node::Clock& clock,
                                  const std::vector<Address>& operators) {
    const uint256 wanted = uint256{100} * uint256{1'000'000'000'000'000'000};
    auto signer = node::Signer::make(dev_accounts().back().private_key);
    if (!signer) return std::unexpected(signer.error());
    node::TxManager txs(parent, *signer, clock, {}, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    });
    std::vector<node::TxId> ids;
    for (const auto& address : operators) {
        const auto balance = parent.balance(address);
        if (!balance) return std::unexpected(balance.error());
        if (*balance >= wanted) continue;
        node::TxCandidate candidate;
        candidate.to = address;
        candidate.value = wanted;
        ids.push_back(txs.send(std::move(candidate)));
    }
    const auto done = txs.wait(ids);
    if (!done) return std::unexpected(done.error());
    return {};
}

/// A trace has at most 2^36 steps, and the dearest work there is takes 810 a gas (additions on
/// bn254, bench/README.md): 85 million gas would fill it. The rest is for reading the batch.
constexpr std::uint64_t provable_gas_limit = 60'000'000;

}  // namespace

node::Result<ParentFloor> look_at_parent(const std::string& parent_url) {
    node::RpcParentOptions options;
    options.rpc_url = parent_url;
    auto made = node::RpcParent::make(options);
    if (!made) return std::unexpected(made.error());
    ParentFloor floor;
    const auto id = (*made)->chain_id();
    if (!id) return std::unexpected(id.error());
    floor.chain_id = *id;
    for (const auto& predeploy : rollup_predeploys) {
        const auto code = (*made)->code(predeploy);
        if (!code) return std::unexpected(code.error());
        floor.is_rollup = floor.is_rollup || !code->empty();
    }
    return floor;
}

node::Error same_chain_id(const DevOptions& options, std::uint64_t parent_id) {
    const std::string parent = options.parent_url.empty() ? "the embedded one" : options.parent_url;
    return {node::Handling::fatal,
            "chain.id = " + std::to_string(options.chain_id) + " and parent.url = " + parent +
                ": the parent is chain " + std::to_string(parent_id) +
                " itself, and signatures of one would hold on the other; the nearest that works "
                "is chain.id = " +
                std::to_string(options.chain_id + 1)};
}

node::Result<RollupFile> create_rollup(const DevOptions& options, const std::string& parent_url,
                                       bool embedded) {
    host::SystemClock clock;
    node::RpcParentOptions parent_options;
    parent_options.rpc_url = parent_url;
    parent_options.blobs_url = options.blobs_url;
    auto made = node::RpcParent::make(parent_options);
    if (!made) return std::unexpected(made.error());
    node::RpcParent& parent = **made;
    const auto parent_id = parent.chain_id();
    if (!parent_id) return std::unexpected(parent_id.error());

    if (*parent_id == options.chain_id) return std::unexpected(same_chain_id(options, *parent_id));

    const DevAccount deployer = dev_operator("deployer"), batcher = dev_operator("batcher"),
                     proposer = dev_operator("proposer"), challenger = dev_operator("challenger");
    if (!embedded)
        if (auto done = fund_operators(
                parent, clock,
                {deployer.address, batcher.address, proposer.address, challenger.address});
            !done)
            return std::unexpected(done.error());

    RollupFile file;
    file.parent_chain_id = *parent_id;
    file.block_time_ms = options.block_time_ms;
    std::vector<Address> funded;
    for (const auto& account : dev_accounts()) funded.push_back(account.address);
    // As on the embedded parent: clients estimate from it when this chain is a parent itself.
    funded.push_back(Address{});
    file.genesis = rollup_genesis(funded, deployer.address);
    file.spec.chain_id = options.chain_id;
    file.spec.gas_limit = options.proof == "fraud" ? provable_gas_limit : options.gas_limit;
    file.spec.genesis_timestamp = clock.now_ms() / 1000;
    file.spec.fee_scalars = {1368, 810'949};
    file.spec.batcher = batcher.address;
    file.spec.genesis_state_root = node::genesis_state_root(file.genesis);

    auto signer = node::Signer::make(deployer.private_key);
    if (!signer) return std::unexpected(signer.error());
    node::TxManagerOptions tx_options;
    node::TxManager txs(parent, *signer, clock, tx_options, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::uint64_t>(ms, 20)));
    });
    node::DeployOptions deploy_options;
    auto& s = deploy_options.settings;
    s.owner = deployer.address;
    s.chain_id = options.chain_id;
    s.config_hash = derive::config_hash(file.spec);
    s.genesis_output_root = derive::output_root(file.genesis_header());
    s.batcher = batcher.address;
    s.proposer = proposer.address;
    s.challenger = deployer.address;
    s.guardian = deployer.address;
    s.force_delay_seconds = options.force_delay_seconds;
    s.proof_maturity_delay_seconds = 2;
    s.dispute_game_finality_delay_seconds = 1;
    s.max_clock_duration_seconds = 4;
    if (options.proof == "fraud") {
        s.max_clock_duration_seconds = options.dispute_clock_seconds;
        derive::Position start;
        start.head_timestamp = file.spec.genesis_timestamp;
        const stf::Claim genesis{s.genesis_output_root, 0, stf::hash(start), 0};
        const uint256 finney{1'000'000'000'000'000};
        deploy_options.fraud_proofs =
            node::FraudProofSettings{fixed_from_hex<Bytes32>(program_names.code_root).value(),
                                     fixed_from_hex<Bytes32>(program_names.initial_state).value(),
                                     stf::hash(genesis),
                                     finney * uint256{200},
                                     finney * uint256{50},
                                     finney * uint256{10}};
        deploy_options.init_bond = finney * uint256{1000};
    }
    auto contracts = node::deploy(parent, txs, deploy_options);
    if (!contracts) return std::unexpected(contracts.error());
    file.contracts = *contracts;
    return file;
}

}  // namespace mezz::app
