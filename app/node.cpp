// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/node.hpp"

#include <cstdio>

#include "app/console_service.hpp"
#include "app/dev_outputs.hpp"
#include "app/exit_code.hpp"
#include "app/guest_run.hpp"
#include "app/key_source.hpp"
#include "app/metrics.hpp"
#include "app/program.hpp"
#include "app/running.hpp"
#include "app/talk.hpp"
#include "core/codec/hex.hpp"

namespace mezz::app {
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
    stop_on_signals();
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
    const int code = run_until_stopped(**service, options.json);
    if (console) console->stop();
    metrics.stop();
    (*service)->stop();
    return code;
}

}  // namespace mezz::app
