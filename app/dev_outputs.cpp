// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev_outputs.hpp"

#include <cstdio>

#include "node/ports/hex_text.hpp"

namespace mezz::app {

std::string local_url(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port);
}

std::string outputs_json(const DevOptions& options, const RollupFile& file,
                         const DevEndpoints& at) {
    const auto quoted = [](const std::string& s) { return "\"" + s + "\""; };
    const auto address = [&](const Address& a) { return quoted(hex_text(a)); };
    const std::string rpc = "127.0.0.1:" + std::to_string(at.port);
    std::string out = "{\n  \"parent\": {\"rpc\": " + quoted(at.parent_url) +
                      ", \"blobs\": " + quoted(at.blobs_url) +
                      ", \"chainId\": " + std::to_string(file.parent_chain_id) + "},\n";
    out += "  \"chain\": {\"rpc\": " + quoted("http://" + rpc) +
           ", \"ws\": " + quoted("ws://" + rpc) +
           ", \"chainId\": " + std::to_string(file.spec.chain_id) + "},\n";
    if (at.console_port != 0) out += "  \"console\": " + quoted(local_url(at.console_port)) + ",\n";
    out += "  \"metrics\": " + quoted(local_url(at.metrics_port) + "/metrics") + ",\n";
    out += "  \"contracts\": {\"inbox\": " + address(file.contracts.inbox) +
           ", \"portal\": " + address(file.contracts.portal) +
           ", \"disputeGameFactory\": " + address(file.contracts.dispute_game_factory) +
           ", \"anchorStateRegistry\": " + address(file.contracts.anchor_state_registry) +
           ", \"systemConfig\": " + address(file.contracts.system_config) +
           (file.contracts.has_fraud_proofs()
                ? ", \"blockDisputes\": " + address(file.contracts.block_disputes) +
                      ", \"preimageOracle\": " + address(file.contracts.preimage_oracle)
                : std::string()) +
           "},\n  \"accounts\": [\n";
    const auto& accounts = options.accounts;
    for (std::size_t i = 0; i < accounts.size(); ++i)
        out += "    {\"address\": " + address(accounts[i].address) +
               ", \"privateKey\": " + quoted(hex_text(accounts[i].private_key)) +
               (i + 1 < accounts.size() ? "},\n" : "}\n");
    out += "  ],\n  \"stateDir\": " + quoted(options.state.string()) + "\n}\n";
    return out;
}

void print_banner(const DevOptions& options, const RollupFile& file, const DevEndpoints& at) {
    std::printf("\n  Mezzanine: one rollup, whole\n\n");
    std::printf("  parent   %-28s chain %llu\n", at.parent_url.c_str(),
                static_cast<unsigned long long>(file.parent_chain_id));
    std::printf("  chain    http://127.0.0.1:%-12u chain %llu, a block every %llu ms\n", at.port,
                static_cast<unsigned long long>(file.spec.chain_id),
                static_cast<unsigned long long>(file.block_time_ms));
    std::printf("  data     %s, claims %s\n", name_of(options.da),
                file.contracts.has_fraud_proofs() ? "disputed by fraud proofs" : "attested");
    std::printf("  metrics  http://127.0.0.1:%u/metrics\n", at.metrics_port);
    if (at.console_port != 0) std::printf("  console  %s\n", local_url(at.console_port).c_str());
    std::printf("  inbox    %s\n  portal   %s\n\n", hex_text(file.contracts.inbox).c_str(),
                hex_text(file.contracts.portal).c_str());
    const auto& wallet = options.wallet;
    std::printf("  %llu ETH each on %s (mnemonic: %s)\n",
                static_cast<unsigned long long>(wallet.balance),
                options.parent_url.empty() ? "both floors" : "the chain",
                wallet.mnemonic == well_known_mnemonic ? "test test … test junk; known to everybody"
                                                       : wallet.mnemonic.c_str());
    const auto& accounts = options.accounts;
    for (std::size_t i = 0; i < accounts.size(); ++i)
        std::printf("  (%zu) %s  %s\n", i, hex_text(accounts[i].address).c_str(),
                    hex_text(accounts[i].private_key).c_str());
    std::printf("\n");
    std::fflush(stdout);
}

}  // namespace mezz::app
