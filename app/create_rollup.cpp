// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/create_rollup.hpp"

#include <thread>

#include "app/dev_accounts.hpp"
#include "app/rollup_plan.hpp"
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

constexpr const char* development_roles[] = {"deployer", "batcher", "proposer", "challenger"};

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

node::Result<void> fund_operators(node::Parent& parent, node::Clock& clock) {
    const uint256 wanted = uint256{100} * uint256{1'000'000'000'000'000'000};
    auto signer = node::Signer::make(dev_accounts().back().private_key);
    if (!signer) return std::unexpected(signer.error());
    node::TxManager txs(parent, *signer, clock, {}, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    });
    std::vector<node::TxId> ids;
    for (const auto* role : development_roles) {
        const Address address = dev_operator(role).address;
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

RollupSettings development_settings(const DevOptions& options, std::uint64_t parent_id) {
    RollupSettings out;
    out.parent_chain_id = parent_id;
    out.chain_id = options.chain_id;
    out.block_time_ms = options.block_time_ms;
    out.genesis_timestamp = host::SystemClock().now_ms() / 1000;
    out.fraud_proofs = options.proof == "fraud";
    out.gas_limit = block_gas_limit(out.fraud_proofs, options.gas_limit);
    out.force_delay_seconds = options.force_delay_seconds;
    // Attested claims of a development chain are final at once, as far as people notice.
    constexpr std::uint64_t attested_clock_seconds = 4;
    out.clock_seconds = out.fraud_proofs ? options.dispute_clock_seconds : attested_clock_seconds;
    out.deployer = out.challenger = out.guardian = dev_operator("deployer").address;
    out.batcher = dev_operator("batcher").address;
    out.proposer = dev_operator("proposer").address;
    for (const auto& account : dev_accounts()) out.funded.push_back(account.address);
    out.balances = balances_of(options.accounts, options.wallet.balance);
    return out;
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

    const DevAccount deployer = dev_operator("deployer");
    if (!embedded)
        if (auto done = fund_operators(parent, clock); !done) return std::unexpected(done.error());
    auto signer = node::Signer::make(deployer.private_key);
    if (!signer) return std::unexpected(signer.error());
    node::TxManager txs(parent, *signer, clock, {}, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::uint64_t>(ms, 20)));
    });
    const auto nonce = parent.nonce(deployer.address, true);
    if (!nonce) return std::unexpected(nonce.error());
    RollupPlan plan = plan_rollup(development_settings(options, *parent_id), *nonce);
    auto contracts = node::deploy(parent, txs, plan.deploy);
    if (!contracts) return std::unexpected(contracts.error());
    plan.file.contracts = *contracts;
    return std::move(plan.file);
}

}  // namespace mezz::app
