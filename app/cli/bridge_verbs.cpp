// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz deposit, withdraw, account, tx
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/wallet.hpp"

namespace mezz::app {
namespace {

void add_flags(CLI::App& command, BridgeOptions& options) {
    add_network_flags(command, options.network);
    command
        .add_option("--key", options.key,
                    "Private key of who pays; default: a well-known account, on networks of "
                    "mezz dev")
        ->envname("MEZZ_KEY");
    command.add_option("--account", options.account, "Which account of mezz dev, from 0 on")
        ->check(CLI::Range(std::uint64_t{0}, max_dev_accounts - 1));
    command.add_option("--timeout", options.timeout_seconds, "Seconds to wait")
        ->check(CLI::PositiveNumber);
    command.add_flag("--json", options.json, "One JSON object");
}

void add_amount(CLI::App& command, BridgeOptions& options) {
    command.add_option("value", options.value, "How much, as 1.5eth, 20gwei or 7wei")->required();
    command.add_option("--to", options.to, "Who gets it; default: the sender");
}

}  // namespace

void add_bridge_verbs(CLI::App& root, Verbs& verbs) {
    auto options = std::make_shared<BridgeOptions>();
    const auto in_default_state = [options] {
        if (options->network.state.empty()) options->network.state = default_state();
    };
    auto* deposit = root.add_subcommand(
        "deposit", "Take ether from the parent up to the chain, and wait until it is there");
    add_amount(*deposit, *options);
    add_flags(*deposit, *options);
    verbs.add(deposit, [options, in_default_state] {
        in_default_state();
        return run_deposit(*options);
    });
    auto* withdraw = root.add_subcommand("withdraw", "Take ether from the chain to its parent");
    withdraw->require_subcommand(1);
    const auto step = [&](const char* name, const char* what, auto run) {
        CLI::App* command = withdraw->add_subcommand(name, what);
        add_flags(*command, *options);
        verbs.add(command, [options, in_default_state, run] {
            in_default_state();
            return run(*options);
        });
        return command;
    };
    const auto add_hash = [&](CLI::App* command) {
        command->add_option("transaction", options->hash, "The transaction that began it")
            ->required();
    };
    add_amount(*step("start", "Begin a withdrawal on the chain", run_withdraw), *options);
    add_hash(step("prove", "Wait for a claim about its block, and prove it on the parent",
                  [](const BridgeOptions& o) { return run_withdraw_to(o, WithdrawGoal::proven); }));
    add_hash(
        step("finalize", "Prove it if need be, wait for the clocks, and have it paid on the parent",
             [](const BridgeOptions& o) { return run_withdraw_to(o, WithdrawGoal::finalized); }));
    step("status", "Print where the withdrawals of an account stand", run_withdraw_status);
}

void add_wallet_verbs(CLI::App& root, Verbs& verbs) {
    auto options = std::make_shared<WalletOptions>();
    BridgeOptions& common = options->common;
    const auto add = [&](CLI::App* group, const char* name, const char* what, auto run) {
        CLI::App* command = group->add_subcommand(name, what);
        verbs.add(command, [options, run] {
            if (options->common.network.state.empty())
                options->common.network.state = default_state();
            return run(*options);
        });
        return command;
    };
    const auto on_parent = [&](CLI::App* command) {
        command->add_flag("--on-parent", options->on_parent, "On the parent, not on the chain");
    };
    auto* account = root.add_subcommand("account", "Accounts of a network of mezz dev");
    account->require_subcommand(1);
    auto* list =
        add(account, "list", "Print the well-known accounts and what they have", run_account_list);
    add_network_flags(*list, common.network);
    list->add_flag("--json", common.json, "One JSON array");
    auto* fund = add(account, "fund", "Send an account ether from a well-known one", run_send);
    fund->add_option("address", common.to, "Who gets it")->required();
    fund->add_option("value", common.value, "How much, as 1.5eth, 20gwei or 7wei")->required();
    add_flags(*fund, common);
    on_parent(fund);
    auto* tx = root.add_subcommand("tx", "Send a transaction, or look into one");
    tx->require_subcommand(1);
    auto* send = add(tx, "send", "Send a transaction and wait for its receipt", run_send);
    send->add_option("to", common.to, "The account or contract")->required();
    send->add_option("value", common.value, "How much, as 1.5eth, 20gwei or 0wei")->required();
    send->add_option("--data", options->data, "Input, 0x-hex");
    add_flags(*send, common);
    on_parent(send);
    auto* trace = add(tx, "trace", "Print the calls and logs of a transaction", run_call_trace);
    trace->add_option("transaction", common.hash, "Its hash")->required();
    add_network_flags(*trace, common.network);
    trace->add_flag("--json", common.json, "As callTracer has it");
    on_parent(trace);
}

}  // namespace mezz::app
