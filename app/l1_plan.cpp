// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/l1_plan.hpp"

#include <algorithm>

#include "app/amount.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

/// As much as TxManager offers at first: twice the base fee, and this tip or the usual one.
const uint256 min_tip_wei{1'000'000'000};

std::string row(std::string name, const std::string& text) {
    constexpr std::size_t width = 12;
    name.resize(std::max(width, name.size() + 1), ' ');
    return "  " + name + text + "\n";
}

std::string seconds(std::uint64_t s) {
    return std::to_string(s) + " s";
}

}  // namespace

node::Result<L1Plan> look_at_deployment(node::Parent& parent, const std::string& parent_url,
                                        const Deployment& deployment) {
    L1Plan out;
    out.parent_url = parent_url;
    out.deployment = deployment;
    out.rollup = plan_rollup(deployment.settings, deployment.first_nonce);
    out.creations = node::creations(out.rollup.file.contracts, out.rollup.deploy);
    const Address& deployer = deployment.settings.deployer;
    const auto nonce = parent.nonce(deployer, false);
    if (!nonce) return std::unexpected(nonce.error());
    const auto balance = parent.balance(deployer);
    if (!balance) return std::unexpected(balance.error());
    const auto fees = parent.fees();
    if (!fees) return std::unexpected(fees.error());
    out.nonce = *nonce;
    out.balance_wei = *balance;
    out.gas_price_wei = fees->base_fee * uint256{2} + std::max(fees->priority_fee, min_tip_wei);
    const auto head = parent.block(node::BlockTag::latest);
    if (!head) return std::unexpected(head.error());
    if (head->number < deployment.parent_block)
        return node::fatal("the deployment began at block " +
                           std::to_string(deployment.parent_block) + " of the parent, which has " +
                           std::to_string(head->number) +
                           " only: it was started anew; choose another --out");
    if (*nonce < deployment.first_nonce)
        return node::fatal("the deployer " + node::hex_text(deployer) + " has nonce " +
                           std::to_string(*nonce) + ", the deployment began at " +
                           std::to_string(deployment.first_nonce) +
                           ": the parent was started anew; choose another --out");
    out.made = static_cast<std::size_t>(
        std::min<std::uint64_t>(*nonce - deployment.first_nonce, out.creations.size()));
    for (std::size_t i = 0; i < out.made; ++i) {
        const auto code = parent.code(out.creations[i].address);
        if (!code) return std::unexpected(code.error());
        if (code->empty())
            return node::fatal(
                "nonce " + std::to_string(deployment.first_nonce + i) + " of the deployer " +
                node::hex_text(deployer) + " did not make " + std::string(out.creations[i].name) +
                ": the account was used for something else; choose another --out for a new chain");
    }
    out.gas = node::deployment_gas(out.creations, out.made);
    return out;
}

std::string plan_text(const L1Plan& p) {
    const auto& s = p.deployment.settings;
    const auto hex = [](const Address& a) { return node::hex_text(a); };
    std::string out = row("parent", p.parent_url + ", chain " + std::to_string(s.parent_chain_id));
    out += row("deployer", hex(s.deployer) + ", nonce " + std::to_string(p.nonce) + ", " +
                               ether_text(p.balance_wei));
    out += row("chain", std::to_string(s.chain_id) + ", a block every " +
                            std::to_string(s.block_time_ms) + " ms of at most " +
                            std::to_string(s.gas_limit) + " gas");
    out += row("claims", std::string(s.fraud_proofs ? "disputed by fraud proofs" : "attested") +
                             ", final " + seconds(s.finality_delay_seconds) +
                             " after they are resolved; clock " + seconds(s.clock_seconds));
    out += row("delays", "withdrawals " + seconds(s.maturity_delay_seconds) +
                             " after they are proven, deposits may be forced after " +
                             seconds(s.force_delay_seconds));
    out += row("batcher", hex(s.batcher));
    out += row("proposer", hex(s.proposer));
    out += row("challenger", hex(s.challenger));
    out += row("guardian", hex(s.guardian));
    out += row("funded", std::to_string(s.funded.size()) + " accounts in block 0");
    for (std::size_t i = 0; i < p.creations.size(); ++i) {
        std::string name(p.creations[i].name);
        constexpr std::size_t width = 20;
        name.resize(std::max(width, name.size() + 1), ' ');
        out += "  " + std::string(i < p.made ? "there    " : "to make  ") + name +
               hex(p.creations[i].address) + "\n";
    }
    if (!p.is_complete())
        out += row("gas", "at most " + std::to_string(p.gas) + ", " + ether_text(p.cost_wei()) +
                              " at the fees of now");
    return out;
}

std::string plan_json(const L1Plan& p, const std::string& spec) {
    rpc::JsonWriter out;
    const auto& s = p.deployment.settings;
    const auto number = [&](const char* name, std::uint64_t value) {
        out.field(name).number(static_cast<std::int64_t>(value));
    };
    out.object([&] {
        out.field("deployed").boolean(!spec.empty());
        if (!spec.empty()) out.field("spec").string(spec);
        out.field("parent").object([&] {
            out.field("rpc").string(p.parent_url);
            number("chainId", s.parent_chain_id);
        });
        out.field("deployer").object([&] {
            out.field("address").data(s.deployer);
            number("nonce", p.nonce);
            number("firstNonce", p.deployment.first_nonce);
            out.field("balanceWei").string(node::decimal(p.balance_wei));
        });
        out.field("settings").object([&] {
            number("chainId", s.chain_id);
            number("blockTimeMs", s.block_time_ms);
            number("gasLimit", s.gas_limit);
            out.field("proof").string(s.fraud_proofs ? "fraud" : "none");
            number("forceDelaySeconds", s.force_delay_seconds);
            number("clockSeconds", s.clock_seconds);
            number("maturityDelaySeconds", s.maturity_delay_seconds);
            number("finalityDelaySeconds", s.finality_delay_seconds);
            out.field("batcher").data(s.batcher);
            out.field("proposer").data(s.proposer);
            out.field("challenger").data(s.challenger);
            out.field("guardian").data(s.guardian);
            number("fundedAccounts", s.funded.size());
        });
        out.field("contracts").array([&] {
            for (std::size_t i = 0; i < p.creations.size(); ++i)
                out.object([&] {
                    out.field("name").string(p.creations[i].name);
                    out.field("address").data(p.creations[i].address);
                    out.field("there").boolean(i < p.made);
                });
        });
        number("gas", p.is_complete() ? 0 : p.gas);
        out.field("costWei").string(p.is_complete() ? "0" : node::decimal(p.cost_wei()));
    });
    return out.take();
}

}  // namespace mezz::app
