// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "app/console_service.hpp"
#include "app/create_rollup.hpp"
#include "app/dev_accounts.hpp"
#include "app/exit_code.hpp"
#include "app/guest_run.hpp"
#include "app/key_source.hpp"
#include "app/metrics.hpp"
#include "app/milestones.hpp"
#include "app/parent_service.hpp"
#include "app/program.hpp"
#include "app/progress.hpp"
#include "app/talk.hpp"
#include "core/codec/hex.hpp"
#include "node/host/platform/system_clock.hpp"

namespace mezz::app {
namespace {

/// Set by the signal handler; the main thread looks at it.
volatile std::sig_atomic_t stop_requested = 0;
void request_stop(int) {
    stop_requested = 1;
}

std::string local_url(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port);
}

std::string outputs_json(const DevOptions& options, const RollupFile& file,
                         const std::string& parent_url, const std::string& blobs_url,
                         std::uint16_t port, std::uint16_t console_port,
                         std::uint16_t metrics_port) {
    const auto quoted = [](const std::string& s) { return "\"" + s + "\""; };
    const auto address = [&](const Address& a) { return quoted(hex_text(a)); };
    const std::string rpc = "127.0.0.1:" + std::to_string(port);
    std::string out = "{\n  \"parent\": {\"rpc\": " + quoted(parent_url) +
                      ", \"blobs\": " + quoted(blobs_url) +
                      ", \"chainId\": " + std::to_string(file.parent_chain_id) + "},\n";
    out += "  \"chain\": {\"rpc\": " + quoted("http://" + rpc) +
           ", \"ws\": " + quoted("ws://" + rpc) +
           ", \"chainId\": " + std::to_string(file.spec.chain_id) + "},\n";
    if (console_port != 0) out += "  \"console\": " + quoted(local_url(console_port)) + ",\n";
    out += "  \"metrics\": " + quoted(local_url(metrics_port) + "/metrics") + ",\n";
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

void print_banner(const RollupFile& file, const std::string& parent_url, std::uint16_t port,
                  std::uint16_t metrics_port, std::uint16_t console_port, const std::string& data,
                  const DevOptions& options) {
    std::printf("\n  Mezzanine: one rollup, whole\n\n");
    std::printf("  parent   %-28s chain %llu\n", parent_url.c_str(),
                static_cast<unsigned long long>(file.parent_chain_id));
    std::printf("  chain    http://127.0.0.1:%-12u chain %llu, a block every %llu ms\n", port,
                static_cast<unsigned long long>(file.spec.chain_id),
                static_cast<unsigned long long>(file.block_time_ms));
    std::printf("  data     %s, claims %s\n", data.c_str(),
                file.contracts.has_fraud_proofs() ? "disputed by fraud proofs" : "attested");
    std::printf("  metrics  http://127.0.0.1:%u/metrics\n", metrics_port);
    if (console_port != 0) std::printf("  console  %s\n", local_url(console_port).c_str());
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

void print_status(const RollupStatus& s, bool json, bool terminal) {
    if (json) {
        std::printf(
            "{\"event\":\"status\",\"unsafe\":%llu,\"safe\":%llu,\"finalized\":%llu,\"proposed\":%"
            "llu,\"parent\":%llu}\n",
            static_cast<unsigned long long>(s.unsafe.number),
            static_cast<unsigned long long>(s.safe.number),
            static_cast<unsigned long long>(s.finalized.number),
            static_cast<unsigned long long>(s.proposed),
            static_cast<unsigned long long>(s.parent_latest));
    } else if (terminal) {
        std::printf(
            "\r\033[K  unsafe %llu · safe %llu · finalized %llu · claimed %llu · parent %llu  %s",
            static_cast<unsigned long long>(s.unsafe.number),
            static_cast<unsigned long long>(s.safe.number),
            static_cast<unsigned long long>(s.finalized.number),
            static_cast<unsigned long long>(s.proposed),
            static_cast<unsigned long long>(s.parent_latest), s.error.c_str());
    }
    std::fflush(stdout);
}

void show_catching_up(Progress& progress, const SyncRange& blocks) {
    progress.show({.what = "catching up with the parent, block " + std::to_string(blocks.current),
                   .done = blocks.current,
                   .total = std::max(blocks.highest, blocks.current),
                   .begun_at = blocks.starting,
                   .unit = ProgressUnit::blocks});
}

/// Waits for a signal, printing what changes. returns: the exit code.
int watch(RollupService& service, bool json) {
    const bool terminal = isatty(STDOUT_FILENO) != 0 && !talk().quiet;
    std::uint64_t ticks = 0;
    Milestones milestones;
    host::SystemClock clock;
    Progress progress(clock, progress_on_terminal(json));
    while (stop_requested == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
        if (++ticks % 20 == 0) {
            const RollupStatus status = service.status();
            milestones.note(status);
            if (status.sync && terminal && !json) {
                show_catching_up(progress, *status.sync);
                continue;
            }
            progress.finish();
            print_status(status, json, terminal);
        }
        if (const auto why = service.fatal()) {
            if (terminal && !json) std::printf("\n");
            return refuse("stopping: " + *why, exit_failure);
        }
    }
    if (terminal && !json) std::printf("\n");
    return 0;
}

void note(std::vector<Setting>& settings, std::string_view name, std::string value,
          const char* source) {
    for (auto& setting : settings)
        if (setting.name == name) {
            setting.value = std::move(value);
            setting.source = source;
        }
}

bool is_port_free(const std::string& host, std::uint16_t port) {
    host::http::ServerOptions server;
    server.host = host;
    server.port = port;
    host::http::Router nothing;
    return host::http::Server::start(server, nothing).has_value();
}

/// What nobody said is chosen to fit a parent that is not ours.
/// errors: fatal, for what somebody said and what cannot work there.
node::Result<void> fit_parent(DevOptions& options, const ParentFloor& floor) {
    constexpr const char* source = "the parent";
    const std::string id = std::to_string(floor.chain_id);
    if (floor.is_rollup && options.da != DataSource::calldata) {
        if (options.da_said)
            return node::fatal(std::string("da.kind = ") + name_of(options.da) +
                               " and parent.url = " + options.parent_url + ": chain " + id +
                               " is a rollup, which takes no blobs; the nearest that works is "
                               "da.kind = calldata");
        options.da = DataSource::calldata;
        note(options.settings, "--da", "calldata", source);
        log::info("node", "the parent is a rollup, which takes no blobs: batches go as calldata",
                  {{"parent_chain_id", floor.chain_id}});
    }
    if (options.chain_id == floor.chain_id) {
        if (options.chain_id_given) return std::unexpected(same_chain_id(options, floor.chain_id));
        ++options.chain_id;
        note(options.settings, "--chain-id", std::to_string(options.chain_id), source);
    }
    // Each floor has its own state, so that the same command works on top of itself.
    if (!options.state_given && !options.ephemeral) {
        options.state = options.state.parent_path() / ("on-" + id);
        note(options.settings, "--state", options.state.string(), source);
    }
    const auto free_port = [&](std::uint16_t& port, bool is_given, const char* flag) {
        if (is_given || is_port_free(options.listener.host, port)) return;
        port = 0;
        note(options.settings, flag, "0", source);
    };
    free_port(options.port, options.port_given, "--port");
    free_port(options.metrics_port, options.metrics_port_given, "--metrics-port");
    return {};
}

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

}  // namespace

int run_dev(const DevOptions& given) {
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
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
    const bool embedded = options.parent_url.empty();
    const auto clock = std::make_shared<DevClock>();
    std::unique_ptr<ParentService> parent;
    std::string parent_url = options.parent_url;
    if (embedded) {
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
        auto started = ParentService::start(std::move(p));
        if (!started) return fail(started.error());
        parent = std::move(*started);
        parent_url = parent->url();
    }

    const auto rollup_path = options.state / "rollup.json";
    RollupFile file;
    if (!options.ephemeral && std::filesystem::exists(rollup_path)) {
        auto read = read_rollup_file(rollup_path);
        if (!read) return fail(read.error());
        file = std::move(*read);
        if (options.chain_id_given && options.chain_id != file.spec.chain_id)
            return fail(
                {node::Handling::fatal, "--chain-id " + std::to_string(options.chain_id) + ": " +
                                            options.state.string() + " holds chain " +
                                            std::to_string(file.spec.chain_id) +
                                            "; choose another --state or leave --chain-id out"});
        if (options.block_time_given) file.block_time_ms = options.block_time_ms;
        if (options.proof_given && (options.proof == "fraud") != file.contracts.has_fraud_proofs())
            return fail({node::Handling::fatal,
                         "--proof " + options.proof + ": " + options.state.string() +
                             " holds a chain with the other; choose another --state or leave "
                             "--proof out"});
    } else {
        if (parent) parent->set_instant(true);
        auto created = create_rollup(options, parent_url, embedded);
        if (!created) return fail(created.error());
        if (parent) parent->set_instant(false);
        if (parent)
            if (auto kept = parent->keep_as_beginning(); !kept) return fail(kept.error());
        file = std::move(*created);
        if (auto written = write_file(rollup_path, to_json(file)); !written)
            return fail(written.error());
    }

    RollupServiceOptions r;
    r.da = options.da;
    DevFaults faults;
    faults.skipped_deposits = !options.fault.empty();
    faults.censored_deposits = options.fault == "censor-deposits";
    r.faults = &faults;
    r.witnesses = true;
    r.dev_methods = true;
    r.accounts = options.accounts;
    if (embedded) r.clock = clock;
    r.ipc = options.ipc;
    r.index_appearances = options.index_appearances;
    r.port = options.port;
    r.parent_url = parent_url;
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
    auto metrics_port = metrics.serve(options.listener, options.metrics_port);
    if (!metrics_port) return fail(metrics_port.error());
    const std::string blobs_url = options.blobs_url.empty() ? parent_url : options.blobs_url;
    std::unique_ptr<Lab> lab;
    std::unique_ptr<ConsoleService> console;
    std::uint16_t console_port = 0;
    if (!options.no_console) {
        lab = std::make_unique<Lab>(LabOptions{options.state, options.guest,
                                               file.contracts.has_fraud_proofs(), parent.get()});
        ConsoleOptions c;
        c.port = options.console_port;
        c.any_port_if_taken = !options.console_port_given;
        c.role = "dev";
        c.da = name_of(options.da);
        c.parent_url = parent_url;
        c.metrics_port = *metrics_port;
        c.parent = parent.get();
        c.lab = lab.get();
        c.logs = logs;
        c.settings = options.settings;
        c.rollup_file = rollup_path.filename().string();
        console = std::make_unique<ConsoleService>(**service, metrics, std::move(c));
        const auto served = console->serve();
        if (!served) return fail(served.error());
        console_port = *served;
    }
    const std::string outputs = outputs_json(options, file, parent_url, blobs_url,
                                             (*service)->port(), console_port, *metrics_port);
    if (auto written = write_file(options.state / "outputs.json", outputs); !written)
        return fail(written.error());
    if (options.json)
        std::printf(
            "{\"event\":\"ready\",\"parent\":\"%s\",\"chain\":\"http://"
            "127.0.0.1:%u\",\"data\":\"%s\",\"metrics\":%u,\"console\":%u,%s\"outputs\":\"%s\"}\n",
            parent_url.c_str(), (*service)->port(), name_of(options.da), *metrics_port,
            console_port,
            (*service)->admin_port()
                ? ("\"admin\":" + std::to_string(*(*service)->admin_port()) + ",").c_str()
                : "",
            (options.state / "outputs.json").c_str());
    else if (!talk().quiet)
        print_banner(file, parent_url, (*service)->port(), *metrics_port, console_port,
                     name_of(options.da), options);
    std::fflush(stdout);
    const int code = watch(**service, options.json);
    if (console) console->stop();
    if (lab) lab->stop();
    metrics.stop();
    (*service)->stop();
    if (parent) parent->stop();
    return code;
}

namespace {

/// The keys that the role needs.
node::Result<void> take_keys(const NodeOptions& options, RollupServiceOptions& r) {
    const bool sequences = options.role == "sequencer";
    if (sequences) {
        const auto key = read_key("--batcher-key", "MEZZ_BATCHER_KEY", options.batcher_key,
                                  options.batcher_key_file);
        if (!key) return std::unexpected(key.error());
        r.batcher_key = *key;
    }
    if (sequences || options.role == "proposer") {
        const auto key = read_key("--proposer-key", "MEZZ_PROPOSER_KEY", options.proposer_key,
                                  options.proposer_key_file);
        if (!key) return std::unexpected(key.error());
        r.proposer_key = *key;
    }
    if (options.role == "challenger") {
        const auto key = read_key("--challenger-key", "MEZZ_CHALLENGER_KEY", options.challenger_key,
                                  options.challenger_key_file);
        if (!key) return std::unexpected(key.error());
        r.challenger_key = *key;
    }
    return {};
}

}  // namespace

int run_node(const NodeOptions& options) {
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    if (auto fits = check(options.listener); !fits) return fail(fits.error());
    std::error_code missing;
    if (!std::filesystem::is_regular_file(options.spec, missing))
        return fail({node::Handling::fatal,
                     "--spec " + options.spec.string() +
                         ": no such file; give the rollup.json of the chain (mezz dev writes one "
                         "into its state directory)"});
    auto file = read_rollup_file(options.spec);
    if (!file) {
        file.error().message.insert(0, "--spec ");
        return fail(file.error());
    }
    RollupServiceOptions r;
    if (options.role != "sequencer") r.role = Role::verifier;
    r.da = options.da;
    r.port = options.port;
    r.listener = options.listener;
    r.min_free_bytes = options.operation.min_free_bytes;
    r.keep_blocks = options.operation.keep_blocks;
    r.keep_states = options.operation.keep_states;
    r.cache_bytes = options.operation.cache_bytes;
    r.parent_url = options.parent_url;
    r.blobs_url = options.blobs_url;
    r.directory = options.state;
    r.witnesses = options.witnesses;
    r.ipc = options.ipc;
    r.index_appearances = options.index_appearances;
    r.parent_spec = node::embedded_parent_spec(file->parent_chain_id);
    if (auto taken = take_keys(options, r); !taken) return fail(taken.error());
    if (r.challenger_key) {
        if (r.keep_states != 0)
            return fail({node::Handling::fatal,
                         "--prune-states: --role challenger needs the state before any block that "
                         "may be disputed; leave one of them out"});
        if (!file->contracts.has_fraud_proofs())
            return fail({node::Handling::fatal,
                         "--role challenger: the chain's claims are attested, there is nothing to "
                         "dispute; make the chain with `mezz dev --proof fraud`"});
        auto program = load_guest({options.guest.empty() ? find_guest() : options.guest,
                                   fixed_from_hex<Bytes32>(program_names.id).value()});
        if (!program) return fail(program.error());
        r.program = std::move(*program);
        r.witnesses = true;
    }
    const auto logs = LogRing::attach();
    auto service = RollupService::start(std::move(*file), std::move(r));
    if (!service) return fail(service.error());
    Metrics metrics(**service);
    std::string ports_json;
    if (options.metrics_port) {
        const auto port = metrics.serve(options.listener, *options.metrics_port);
        if (!port) return fail(port.error());
        ports_json = ",\"metrics\":" + std::to_string(*port);
    }
    if (const auto port = (*service)->admin_port())
        ports_json += ",\"admin\":" + std::to_string(*port);
    std::unique_ptr<ConsoleService> console;
    std::uint16_t console_port = 0;
    if (options.console_port) {
        ConsoleOptions c;
        c.port = *options.console_port;
        c.role = options.role;
        c.da = name_of(options.da);
        c.parent_url = options.parent_url;
        c.logs = logs;
        c.settings = options.settings;
        c.rollup_file = options.spec.filename().string();
        console = std::make_unique<ConsoleService>(**service, metrics, std::move(c));
        const auto served = console->serve();
        if (!served) return fail(served.error());
        console_port = *served;
        ports_json += ",\"console\":" + std::to_string(console_port);
    }
    if (options.json)
        std::printf("{\"event\":\"ready\",\"chain\":\"http://127.0.0.1:%u\"%s}\n",
                    (*service)->port(), ports_json.c_str());
    else if (!talk().quiet)
        std::printf("  %s on http://127.0.0.1:%u, parent %s\n", options.role.c_str(),
                    (*service)->port(), options.parent_url.c_str());
    if (console && !options.json && !talk().quiet)
        std::printf("  console %s\n", local_url(console_port).c_str());
    std::fflush(stdout);
    const int code = watch(**service, options.json);
    if (console) console->stop();
    metrics.stop();
    (*service)->stop();
    return code;
}

}  // namespace mezz::app
