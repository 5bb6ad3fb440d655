// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/wallet.hpp"

#include <cstdio>
#include <thread>

#include "app/answer_text.hpp"
#include "app/dev_accounts.hpp"
#include "app/exit_code.hpp"
#include "core/codec/hex.hpp"
#include "node/host/platform/system_clock.hpp"
#include "node/ports/decimal.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {

int run_account_list(const WalletOptions& options) {
    auto network = Network::make(options.common.network);
    if (!network) return fail(network.error());
    if (auto ours = require_development(**network); !ours) return fail(ours.error());
    auto chain = chain_client(**network);
    if (!chain) return fail(chain.error());
    std::string json;
    const auto accounts = accounts_of_network(options.common.network);
    if (!accounts) return fail(accounts.error());
    for (std::size_t i = 0; i < accounts->size(); ++i) {
        const auto& account = (*accounts)[i];
        const auto above = (*chain)->balance(account.address);
        const auto below = (*network)->parent().balance(account.address);
        if (!above) return fail(above.error());
        if (!below) return fail(below.error());
        const std::string address = node::hex_text(account.address);
        json += (i == 0 ? "" : ",") + std::string("{\"address\":\"") + address +
                "\",\"chainWei\":\"" + node::decimal(*above) + "\",\"parentWei\":\"" +
                node::decimal(*below) + "\"}";
        if (!options.common.json)
            std::printf("(%zu) %s  chain %s wei  parent %s wei\n", i, address.c_str(),
                        node::decimal(*above).c_str(), node::decimal(*below).c_str());
    }
    if (options.common.json) std::printf("[%s]\n", json.c_str());
    return 0;
}

int run_send(const WalletOptions& options) {
    const auto value = parse_amount(options.common.value);
    if (!value) return refuse("value: expected an amount as 1.5eth, 20gwei or 7wei");
    const auto to = fixed_from_hex<Address>(options.common.to);
    if (!to || !options.common.to.starts_with("0x"))
        return refuse("to: expected an address, 20 bytes as 0x-hex");
    const auto data =
        options.data.starts_with("0x") ? from_hex(options.data) : std::optional<Bytes>{};
    if (!data) return refuse("--data: expected bytes as 0x-hex");
    auto network = Network::make(options.common.network);
    if (!network) return fail(network.error());
    const auto signer = signer_of(options.common, **network);
    if (!signer) return fail(signer.error());
    auto chain = chain_client(**network);
    if (!chain) return fail(chain.error());
    node::Parent& floor =
        options.on_parent ? static_cast<node::Parent&>((*network)->parent()) : **chain;
    host::SystemClock clock;
    node::TxManager txs(floor, *signer, clock, {}, [](std::uint64_t ms) {
        std::this_thread::sleep_for(std::chrono::milliseconds(ms));
    });
    node::TxCandidate candidate;
    candidate.to = *to;
    candidate.value = *value;
    candidate.data = *data;
    const node::TxId id = txs.send(std::move(candidate));
    const std::uint64_t end = clock.now_ms() + options.common.timeout_seconds * 1000;
    node::TxStatus status;
    while (!status.done()) {
        if (clock.now_ms() > end)
            return fail({node::Handling::retry, "no block has the transaction " +
                                                    node::hex_text(status.hash) + " after " +
                                                    std::to_string(options.common.timeout_seconds) +
                                                    " s: " + status.error});
        txs.step(clock.now_ms());
        status = txs.status(id).value_or(node::TxStatus{});
        constexpr auto poll = std::chrono::milliseconds(50);
        if (!status.done()) std::this_thread::sleep_for(poll);
    }
    const std::string hash = node::hex_text(status.hash);
    if (status.state != node::TxState::confirmed || !status.receipt)
        return fail({node::Handling::fatal,
                     (status.state == node::TxState::reverted ? "reverted: " + hash
                                                              : "refused: " + status.error)});
    const auto block = static_cast<unsigned long long>(status.receipt->block_number);
    const auto gas = static_cast<unsigned long long>(status.receipt->gas_used);
    if (options.common.json)
        std::printf("{\"transaction\":\"%s\",\"block\":%llu,\"gasUsed\":%llu}\n", hash.c_str(),
                    block, gas);
    else
        std::printf("%s in block %llu, %llu gas\n", hash.c_str(), block, gas);
    return 0;
}

int run_call_trace(const WalletOptions& options) {
    const auto hash = fixed_from_hex<Bytes32>(options.common.hash);
    if (!hash) return refuse("transaction: expected a hash, 32 bytes as 0x-hex");
    auto network = Network::make(options.common.network);
    if (!network) return fail(network.error());
    const std::string params = "[\"" + node::hex_text(*hash) +
                               R"(",{"tracer":"callTracer","tracerConfig":{"withLog":true}}])";
    const auto answer = options.on_parent ? (*network)->ask_parent("debug_traceTransaction", params)
                                          : (*network)->ask("debug_traceTransaction", params);
    if (!answer) return fail(answer.error());
    if (options.common.json) {
        std::printf("%s\n", answer->c_str());
        return 0;
    }
    const auto text = call_tree_text(*answer);
    if (!text)
        return fail({node::Handling::retry,
                     "debug_traceTransaction: the node's answer is malformed; use another --rpc"});
    std::printf("%s", text->c_str());
    return 0;
}

}  // namespace mezz::app
