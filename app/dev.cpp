// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev.hpp"

#include <cstdio>

#include "app/console_service.hpp"
#include "app/create_rollup.hpp"
#include "app/dev_accounts.hpp"
#include "app/dev_outputs.hpp"
#include "app/exit_code.hpp"
#include "app/fit_parent.hpp"
#include "app/guest_run.hpp"
#include "app/metrics.hpp"
#include "app/parent_service.hpp"
#include "app/program.hpp"
#include "app/running.hpp"
#include "app/talk.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
namespace {

/// Fills `accounts` with those of the state directory, or of a new one.
node::Result<void> find_accounts(DevOptions& options) {
    if (options.ephemeral) {
        options.wallet.mnemonic = plain_mnemonic(options.wallet.mnemonic);
    } else {
        auto wallet = wallet_for(options.state, options.wallet, options.wallet_given);
        if (!wallet) return std::unexpected(wallet.error());
        options.wallet = std::move(*wallet);
        if (auto kept = write_wallet(options.state, options.wallet); !kept) return kept;
    }
    auto accounts = accounts_of(options.wallet);
    if (!accounts) return std::unexpected(accounts.error());
    options.accounts = std::move(*accounts);
    return {};
}

/// The embedded parent, with everybody's ether.
node::Result<std::unique_ptr<ParentService>> start_parent(const DevOptions& options,
                                                          const std::shared_ptr<DevClock>& clock) {
    ParentServiceOptions p;
    p.cache_bytes = options.operation.cache_bytes;
    p.port = options.parent_port;
    p.block_time_ms = options.parent_block_time_ms;
    p.index_appearances = options.index_appearances;
    p.clock = clock;
    p.listener.host = options.listener.host;
    p.listener.origins = options.listener.origins;
    p.listener.host_names = options.listener.host_names;
    if (!options.ephemeral) p.directory = options.state;
    p.accounts = options.accounts;
    p.balances = balances_of(options.accounts, options.wallet.balance);
    for (const auto& account : dev_accounts()) p.funded.push_back(account.address);
    for (const auto* role : {"deployer", "batcher", "proposer", "challenger"})
        p.funded.push_back(dev_operator(role).address);
    // It holds ether on every public chain, and clients estimate from it: viem's
    // buildInitiateWithdrawal asks what the withdrawal's call costs from nobody.
    p.funded.push_back(Address{});
    return ParentService::start(std::move(p));
}

std::filesystem::path rollup_path(const DevOptions& options) {
    return options.state / "rollup.json";
}

/// The chain that the state directory holds. errors: fatal, for what was asked for and differs.
node::Result<RollupFile> read_rollup(const DevOptions& options) {
    auto file = read_rollup_file(rollup_path(options));
    if (!file) return file;
    const std::string state = options.state.string();
    if (options.chain_id_given && options.chain_id != file->spec.chain_id)
        return node::fatal("--chain-id " + std::to_string(options.chain_id) + ": " + state +
                           " holds chain " + std::to_string(file->spec.chain_id) +
                           "; choose another --state or leave --chain-id out");
    if (options.proof_given && (options.proof == "fraud") != file->contracts.has_fraud_proofs())
        return node::fatal("--proof " + options.proof + ": " + state +
                           " holds a chain with the other; choose another --state or leave "
                           "--proof out");
    if (options.block_time_given) file->block_time_ms = options.block_time_ms;
    return file;
}

/// The same, or a new chain with its contracts on the parent. `parent`: nullptr for one that is not
/// ours.
node::Result<RollupFile> open_rollup(const DevOptions& options, ParentService* parent,
                                     const std::string& parent_url) {
    if (!options.ephemeral && std::filesystem::exists(rollup_path(options)))
        return read_rollup(options);
    if (parent != nullptr) parent->set_instant(true);
    auto created = create_rollup(options, parent_url, parent != nullptr);
    if (!created) return created;
    if (parent != nullptr) {
        parent->set_instant(false);
        if (auto kept = parent->keep_as_beginning(); !kept) return std::unexpected(kept.error());
    }
    if (auto written = write_file(rollup_path(options), to_json(*created)); !written)
        return std::unexpected(written.error());
    return created;
}

}  // namespace

int run_dev(const DevOptions& given) {
    stop_on_signals();
    DevOptions options = given;
    if (auto fits = check(options.listener); !fits) return fail(fits.error());
    if (const auto words = entropy_of(options.wallet.mnemonic); !words)
        return refuse("--mnemonic: " + words.error().message);
    if (!options.parent_url.empty()) {
        const auto floor = look_at_parent(options.parent_url);
        if (!floor) return fail(floor.error());
        if (auto fits = fit_parent(options, *floor); !fits) return refuse(fits.error().message);
    }
    std::error_code error;
    std::filesystem::create_directories(options.state, error);
    if (error)
        return fail({node::Handling::fatal, "--state " + options.state.string() + ": " +
                                                error.message() +
                                                "; choose a directory that can be written"});
    if (auto found = find_accounts(options); !found) return fail(found.error());

    const auto logs = LogRing::attach();
    const auto clock = std::make_shared<DevClock>();
    std::unique_ptr<ParentService> parent;
    DevEndpoints at;
    at.parent_url = options.parent_url;
    if (options.parent_url.empty()) {
        auto started = start_parent(options, clock);
        if (!started) return fail(started.error());
        parent = std::move(*started);
        at.parent_url = parent->url();
    }
    at.blobs_url = options.blobs_url.empty() ? at.parent_url : options.blobs_url;
    auto opened = open_rollup(options, parent.get(), at.parent_url);
    if (!opened) return fail(opened.error());
    const RollupFile file = std::move(*opened);

    RollupServiceOptions r;
    r.da = options.da;
    DevFaults faults;
    faults.skipped_deposits = !options.fault.empty();
    faults.censored_deposits = options.fault == "censor-deposits";
    r.faults = &faults;
    r.witnesses = true;
    r.dev_methods = true;
    r.accounts = options.accounts;
    if (parent) r.clock = clock;
    r.ipc = options.ipc;
    r.index_appearances = options.index_appearances;
    r.port = options.port;
    r.parent_url = at.parent_url;
    r.blobs_url = options.blobs_url;
    if (!options.ephemeral) r.directory = options.state;
    r.listener = options.listener;
    r.min_free_bytes = options.operation.min_free_bytes;
    r.keep_blocks = options.operation.keep_blocks;
    r.keep_states = options.operation.keep_states;
    r.cache_bytes = options.operation.cache_bytes;
    r.batcher_key = dev_operator("batcher").private_key;
    r.proposer_key = dev_operator("proposer").private_key;
    if (file.contracts.has_fraud_proofs()) {
        auto program = load_guest({options.guest.empty() ? find_guest() : options.guest,
                                   fixed_from_hex<Bytes32>(program_names.id).value()});
        if (!program) return fail(program.error());
        r.program = std::move(*program);
        r.challenger_key = dev_operator("challenger").private_key;
    }
    r.parent_spec = node::embedded_parent_spec(file.parent_chain_id);
    auto service = RollupService::start(file, std::move(r));
    if (!service) return fail(service.error());

    Metrics metrics(**service);
    const auto metrics_port = metrics.serve(options.listener, options.metrics_port);
    if (!metrics_port) return fail(metrics_port.error());
    at.metrics_port = *metrics_port;
    at.port = (*service)->port();
    std::unique_ptr<Lab> lab;
    std::unique_ptr<ConsoleService> console;
    if (!options.no_console) {
        lab = std::make_unique<Lab>(LabOptions{options.state, options.guest,
                                               file.contracts.has_fraud_proofs(), parent.get()});
        ConsoleOptions c;
        c.port = options.console_port;
        c.any_port_if_taken = !options.console_port_given;
        c.role = "dev";
        c.da = name_of(options.da);
        c.parent_url = at.parent_url;
        c.metrics_port = at.metrics_port;
        c.parent = parent.get();
        c.lab = lab.get();
        c.logs = logs;
        c.settings = options.settings;
        c.rollup_file = rollup_path(options).filename().string();
        console = std::make_unique<ConsoleService>(**service, metrics, std::move(c));
        const auto served = console->serve();
        if (!served) return fail(served.error());
        at.console_port = *served;
    }
    if (auto written = write_file(options.state / "outputs.json", outputs_json(options, file, at));
        !written)
        return fail(written.error());
    if (options.json)
        std::printf(
            "{\"event\":\"ready\",\"parent\":\"%s\",\"chain\":\"http://"
            "127.0.0.1:%u\",\"data\":\"%s\",\"metrics\":%u,\"console\":%u,%s\"outputs\":\"%s\"}\n",
            at.parent_url.c_str(), at.port, name_of(options.da), at.metrics_port, at.console_port,
            (*service)->admin_port()
                ? ("\"admin\":" + std::to_string(*(*service)->admin_port()) + ",").c_str()
                : "",
            (options.state / "outputs.json").c_str());
    else if (!talk().quiet)
        print_banner(options, file, at);
    std::fflush(stdout);
    const int code = run_until_stopped(**service, options.json);
    if (console) console->stop();
    if (lab) lab->stop();
    metrics.stop();
    (*service)->stop();
    if (parent) parent->stop();
    return code;
}

}  // namespace mezz::app
