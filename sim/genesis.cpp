// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/genesis.hpp"
#include "app/dev_accounts.hpp"
#include "core/base/assert.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "sim/world.hpp"

namespace mezz::sim {
namespace {

/// Short, so that a silent sequencer is overtaken within a run.
constexpr std::uint64_t force_delay_seconds = 30;

std::unique_ptr<Genesis> make() {
    auto out = std::make_unique<Genesis>();
    SimClock clock(1'700'000'100'000);
    for (const auto& account : app::dev_accounts()) out->funded.push_back(account.address);
    for (const auto* role : {"deployer", "batcher", "proposer"})
        out->funded.push_back(app::dev_operator(role).address);
    ParentNode parent(out->parent_rows, clock, out->funded, true);
    Connection perfect;
    SimParent client(parent, perfect);
    const app::DevAccount deployer = app::dev_operator("deployer");

    app::RollupFile& file = out->file;
    file.parent_chain_id = parent.spec().chain_id;
    file.block_time_ms = 1'000;
    std::vector<Address> funded;
    for (const auto& account : app::dev_accounts()) funded.push_back(account.address);
    file.genesis = app::rollup_genesis(funded, deployer.address);
    file.spec.chain_id = 901;
    file.spec.gas_limit = 30'000'000;
    file.spec.genesis_timestamp = clock.now_ms() / 1000;
    file.spec.fee_scalars = {1368, 810'949};
    file.spec.batcher = app::dev_operator("batcher").address;
    file.spec.genesis_state_root = node::genesis_state_root(file.genesis);

    auto signer = node::Signer::make(deployer.private_key);
    ASSERT(signer.has_value());
    node::TxManager txs(client, *signer, clock, {}, [&](std::uint64_t ms) {
        clock.advance(ms);
        parent.step();
    });
    node::DeployOptions deploy;
    auto& s = deploy.settings;
    s.owner = deployer.address;
    s.chain_id = file.spec.chain_id;
    s.config_hash = derive::config_hash(file.spec);
    s.genesis_output_root = derive::output_root(file.genesis_header());
    s.batcher = file.spec.batcher;
    s.proposer = app::dev_operator("proposer").address;
    s.challenger = s.guardian = deployer.address;
    s.force_delay_seconds = force_delay_seconds;
    const auto contracts = node::deploy(client, txs, deploy);
    ASSERT(contracts.has_value());
    file.contracts = *contracts;
    // No reorganisation reaches the contracts: they are final before anybody looks.
    parent.set_instant(false);
    while (parent.chain().head(node::Head::finalized).number < contracts->deployed_at + 1) {
        clock.advance(500);
        parent.step();
    }
    out->now_ms = clock.now_ms();
    return out;
}

}  // namespace

Genesis& genesis() {
    static const std::unique_ptr<Genesis> made = make();
    return *made;
}

}  // namespace mezz::sim
