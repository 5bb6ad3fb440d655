// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "app/bench_load.hpp"
#include "app/dev.hpp"
#include "app/dispute_report.hpp"
#include "app/doctor.hpp"
#include "app/fault.hpp"
#include "app/force_include.hpp"
#include "app/key_source.hpp"
#include "app/program.hpp"
#include "app/prove.hpp"
#include "app/snapshot.hpp"
#include "app/suggest.hpp"

namespace {

using mezz::app::DataSource;

constexpr int exit_usage = 2;

std::filesystem::path default_state() {
    if (const char* home = std::getenv("HOME"))
        return std::filesystem::path(home) / ".mezz" / "dev";
    return ".mezz";
}

/// What is said about the first word of the command line that nobody knows; "" when all are known.
std::string unknown_word(const CLI::App& root, int argc, const char* const* argv) {
    const CLI::App* command = &root;
    std::string path = "mezz";
    for (int i = 1; i < argc; ++i) {
        const std::string word(argv[i]);
        if (word == "--") break;
        if (word.starts_with("--")) {
            const std::string flag = word.substr(0, word.find('='));
            std::vector<std::string> known{"--help"};
            bool takes_value = false;
            for (const CLI::Option* option : command->get_options())
                for (const auto& name : option->get_lnames()) {
                    known.push_back("--" + name);
                    if (known.back() == flag && word == flag)
                        takes_value = option->get_items_expected_max() > 0;
                }
            if (std::ranges::find(known, flag) == known.end())
                return path + " has no flag " + flag + mezz::app::suggestion(flag, known) + " (" +
                       path + " --help lists them)";
            if (takes_value) ++i;
            continue;
        }
        const auto commands = command->get_subcommands([](const CLI::App*) { return true; });
        if (commands.empty()) continue;
        std::vector<std::string> known;
        const CLI::App* found = nullptr;
        for (const CLI::App* c : commands) {
            known.push_back(c->get_name());
            if (c->get_name() == word) found = c;
        }
        if (found == nullptr)
            return path + " has no command " + word + mezz::app::suggestion(word, known) + " (" +
                   path + " --help lists them)";
        command = found;
        path += " " + word;
    }
    return {};
}

int run(int argc, char** argv) {
    CLI::App app{"mezz: one rollup, whole, from one command"};
    app.require_subcommand(1);
    // Help and the console show what a value is when nobody gives one.
    app.option_defaults()->always_capture_default();
    std::string da = "blobs";
    const CLI::Range is_port(0, 65535);
    const CLI::IsMember is_source({"blobs", "calldata", "cheaper"});

    mezz::app::DevOptions dev;
    dev.state = default_state();
    auto* dev_command =
        app.add_subcommand("dev", "Run parent chain, rollup and all actors in one process");
    dev_command->add_option("--state", dev.state, "State directory");
    dev_command->add_flag("--ephemeral", dev.ephemeral, "Keep chains in memory only");
    dev_command->add_option("--parent", dev.parent_url,
                            "JSON-RPC of a parent chain; default: the embedded one");
    dev_command->add_option("--blobs", dev.blobs_url,
                            "Blob endpoint of the parent; default: its JSON-RPC");
    dev_command
        ->add_option("--parent-port", dev.parent_port, "Port of the embedded parent, 0 for any")
        ->check(is_port);
    dev_command->add_option("--port", dev.port, "Port of the chain, 0 for any")->check(is_port);
    dev_command->add_option("--metrics-port", dev.metrics_port, "Port of the metrics, 0 for any")
        ->check(is_port);
    auto* console_port =
        dev_command
            ->add_option("--console-port", dev.console_port, "Port of the web console, 0 for any")
            ->check(is_port);
    dev_command->add_flag("--no-console", dev.no_console, "Serve no web console")
        ->excludes(console_port);
    dev_command
        ->add_option("--block-time", dev.block_time_ms, "Block time of the chain in milliseconds")
        ->check(CLI::Range(100, 10'000));
    dev_command
        ->add_option("--parent-block-time", dev.parent_block_time_ms,
                     "Block time of the embedded parent in milliseconds")
        ->check(CLI::Range(100, 60'000));
    dev_command
        ->add_option("--force-delay", dev.force_delay_seconds,
                     "Seconds until a deposit may be forced in")
        ->check(CLI::Range(1, 1'000'000));
    dev_command->add_option("--chain-id", dev.chain_id, "Chain id of a new chain")
        ->check(CLI::Range(1u, 4'000'000'000u));
    dev_command->add_option("--da", da, "blobs, calldata or cheaper")->check(is_source);
    dev_command
        ->add_option("--proof", dev.proof,
                     "none: claims are attested; fraud: proposals, disputed one instruction at a "
                     "time")
        ->check(CLI::IsMember({"none", "fraud"}));
    dev_command->add_option("--guest", dev.guest,
                            "stf.elf, which disputes run; default: the one of this build");
    dev_command
        ->add_option("--dispute-clock", dev.dispute_clock_seconds,
                     "Seconds that decide a dispute, of a new chain")
        ->check(CLI::Range(5, 10'000'000));
    dev_command
        ->add_option("--fault", dev.fault,
                     "Misbehave on purpose: censor-deposits (nobody of this process includes "
                     "them) or skip-deposits (the sequencer does not, the batcher does "
                     "once they are overdue)")
        ->check(CLI::IsMember({"censor-deposits", "skip-deposits"}));
    dev_command->add_option("--ipc", dev.ipc, "Listen on this Unix socket too, as on the port");
    dev_command->add_flag("--index-appearances,!--no-index-appearances", dev.index_appearances,
                          "Index in which blocks addresses appear, for explorers (default)");
    dev_command->add_flag("--json", dev.json, "One JSON object a line instead of text");
    // Pages of any origin may call a development chain, as they may call other tools' chains.
    dev.listener.origins = {"*"};
    // Its chains are small, and there are two.
    dev.operation.cache_bytes = std::size_t{64} << 20;
    mezz::app::add_listener_flags(*dev_command, dev.listener);
    mezz::app::add_operation_flags(*dev_command, dev.operation);

    mezz::app::NodeOptions node;
    auto* node_command = app.add_subcommand("node", "Run one role against a parent chain");
    node_command
        ->add_option("--role", node.role,
                     "verifier, sequencer, proposer or challenger; the last two verify too")
        ->check(CLI::IsMember({"verifier", "sequencer", "proposer", "challenger"}));
    node_command->add_option("--parent", node.parent_url, "JSON-RPC of the parent chain")
        ->required();
    node_command->add_option("--blobs", node.blobs_url,
                             "Blob endpoint; default: the parent's JSON-RPC");
    node_command->add_option("--spec", node.spec, "rollup.json of the chain")->required();
    node_command->add_option("--state", node.state, "State directory; default: in memory");
    node_command->add_option("--port", node.port, "Port of the JSON-RPC, 0 for any")
        ->check(is_port);
    mezz::app::add_key_flags(*node_command, "--batcher-key", "MEZZ_BATCHER_KEY",
                             "Private key of the batcher (sequencer)", node.batcher_key,
                             node.batcher_key_file);
    mezz::app::add_key_flags(*node_command, "--proposer-key", "MEZZ_PROPOSER_KEY",
                             "Private key of the proposer (sequencer, proposer)", node.proposer_key,
                             node.proposer_key_file);
    mezz::app::add_key_flags(*node_command, "--challenger-key", "MEZZ_CHALLENGER_KEY",
                             "Private key of the challenger (challenger)", node.challenger_key,
                             node.challenger_key_file);
    node_command->add_option("--guest", node.guest,
                             "stf.elf, which disputes run (challenger); default: this build's");
    node_command->add_option("--da", da, "blobs, calldata or cheaper")->check(is_source);
    node_command->add_flag("--witness", node.witnesses,
                           "Answer mezz_witness: make witnesses of derived entries for provers");
    node_command
        ->add_option("--console-port", node.console_port,
                     "Serve the web console on this port, 0 for any; default: no console")
        ->check(is_port);
    node_command->add_option("--ipc", node.ipc, "Listen on this Unix socket too, as on the port");
    node_command->add_flag("--index-appearances", node.index_appearances,
                           "Index in which blocks addresses appear, for explorers");
    node_command->add_flag("--json", node.json, "One JSON object a line instead of text");
    node_command
        ->add_option("--metrics-port", node.metrics_port,
                     "Port of metrics and health, 0 for any; default: none")
        ->check(is_port);
    mezz::app::add_listener_flags(*node_command, node.listener);
    mezz::app::add_operation_flags(*node_command, node.operation);

    mezz::app::ProveOptions prove;
    mezz::app::VerifyOptions verify;
    const auto add_check = [](CLI::App* command, mezz::app::CheckOptions& check) {
        command->add_option("--guest", check.guest, "Run this stf.elf too and compare the claims");
        command->add_flag("--any-guest", check.any_guest,
                          "Run a guest that is not this version's program");
        command->add_flag("--json", check.json, "One JSON object");
    };
    auto* prove_command = app.add_subcommand(
        "prove", "Make the witness of a range of inbox entries or of one block and verify it");
    prove_command->add_option("--rpc", prove.rpc_url,
                              "JSON-RPC of a node that runs with --witness, or of mezz dev");
    prove_command->add_option("--from", prove.from, "Inbox entries already proven")
        ->check(CLI::NonNegativeNumber);
    prove_command
        ->add_option("--to", prove.to,
                     "Inbox entries proven after it; default: all that are derived")
        ->check(CLI::NonNegativeNumber);
    prove_command
        ->add_option("--block", prove.block, "One block alone, as a dispute would be about it")
        ->check(CLI::NonNegativeNumber)
        ->excludes("--from")
        ->excludes("--to");
    prove_command->add_option("--out", prove.out,
                              "Witness file; the statement goes to FILE.json too");
    add_check(prove_command, prove.check);
    auto* verify_command = app.add_subcommand("verify", "Verify a witness file again");
    verify_command->add_option("file", verify.file, "What mezz prove --out wrote")->required();
    add_check(verify_command, verify.check);

    mezz::app::FaultOptions fault;
    auto* fault_command = app.add_subcommand(
        "fault", "Attack a running mezz dev --proof fraud, and wait until the honest side won");
    fault_command->add_option("name", fault.name, "list, or one of its names")->required();
    fault_command->add_option("--state", fault.state, "State directory of the network");
    fault_command->add_option("--guest", fault.guest, "stf.elf; default: the one of this build");
    fault_command->add_option("--timeout", fault.timeout_seconds, "Seconds")
        ->check(CLI::PositiveNumber);
    fault_command->add_flag("--json", fault.json, "One JSON object");

    mezz::app::InspectOptions inspect;
    mezz::app::ChallengeOptions challenge;
    const auto add_network = [](CLI::App* command, mezz::app::NetworkOptions& network) {
        command->add_option("--state", network.state, "State directory of a mezz dev");
        command->add_option("--rpc", network.chain_url, "JSON-RPC of a node of the chain");
        command->add_option("--parent", network.parent_url, "JSON-RPC of the parent chain");
        command->add_option("--blobs", network.blobs_url,
                            "Blob endpoint; default: the parent's JSON-RPC");
        command->add_option("--spec", network.spec, "rollup.json of the chain");
    };
    auto* inspect_command = app.add_subcommand(
        "inspect", "Show the proposals of a chain, and the disputes about one as trees");
    inspect_command->add_option("proposal", inspect.what,
                                "Its place in the list, or its address; default: all, in short");
    add_network(inspect_command, inspect.network);
    inspect_command->add_flag("--json", inspect.json, "One JSON array");
    auto* challenge_command = app.add_subcommand(
        "challenge",
        "Run the program on one block: who claims something else, and how a dispute "
        "about it goes, step by step; exits with 3 where somebody does");
    challenge_command->add_option("--block", challenge.block, "The block")
        ->required()
        ->check(CLI::NonNegativeNumber);
    challenge_command
        ->add_option("--step", challenge.step,
                     "Step of its trace to explain; default: where a dispute's histories part, or "
                     "the middle")
        ->check(CLI::NonNegativeNumber);
    add_network(challenge_command, challenge.network);
    challenge_command->add_option("--guest", challenge.guest,
                                  "stf.elf; default: the one of this build");
    challenge_command->add_flag("--json", challenge.json, "One JSON object");

    mezz::app::ForceIncludeOptions force;
    auto* force_command = app.add_subcommand(
        "force-include", "Put overdue deposits and forced transactions into the inbox");
    force_command->add_option("--parent", force.parent_url, "JSON-RPC of the parent chain")
        ->required();
    force_command->add_option("--spec", force.spec, "rollup.json of the chain")->required();
    mezz::app::add_key_flags(*force_command, "--key", "MEZZ_KEY",
                             "Private key of any account with ether there", force.key,
                             force.key_file);
    force_command->add_flag("--json", force.json, "One JSON object");

    mezz::app::BenchLoadOptions load;
    auto* bench_command = app.add_subcommand("bench", "Measure");
    bench_command->require_subcommand(1);
    auto* load_command = bench_command->add_subcommand(
        "load", "Send requests and transactions by schedule, and time their answers");
    mezz::app::add_load_flags(*load_command, load);

    mezz::app::SnapshotOptions snapshot;
    snapshot.state = default_state();
    auto* snapshot_command = app.add_subcommand(
        "snapshot", "Copy a node's databases while it runs, or load such a copy");
    snapshot_command->require_subcommand(1);
    auto* save_command = snapshot_command->add_subcommand("save", "Make a snapshot");
    auto* load_snapshot_command =
        snapshot_command->add_subcommand("load", "Fill an empty state directory with one");
    for (auto* command : {save_command, load_snapshot_command}) {
        command->add_option("folder", snapshot.folder, "The snapshot, a folder")->required();
        command->add_option("--state", snapshot.state, "State directory");
        command->add_flag("--json", snapshot.json, "Print its manifest");
    }
    load_snapshot_command->add_option("--spec", snapshot.spec,
                                      "rollup.json of the chain it must be of");

    mezz::app::DoctorOptions doctor;
    doctor.state = default_state();
    auto* doctor_command =
        app.add_subcommand("doctor", "Is this machine, state and parent fit to run a node?");
    doctor_command->add_option("--state", doctor.state, "State directory");
    doctor_command->add_option("--spec", doctor.spec, "rollup.json of the chain");
    doctor_command->add_option("--parent", doctor.parent_url, "JSON-RPC of the parent chain");
    doctor_command->add_option("--guest", doctor.guest, "stf.elf; default: the one of this build");
    doctor_command->add_option("--ports", doctor.ports, "Ports that must be free")
        ->delimiter(',')
        ->check(is_port);
    doctor_command->add_option("--min-free-disk", doctor.min_free_bytes, "Bytes, as 1GiB")
        ->transform(CLI::AsSizeValue(false));
    doctor_command->add_flag("--json", doctor.json, "One JSON object");

    bool version_json = false;
    auto* version_command = app.add_subcommand("version", "Print versions and the program id");
    version_command->add_flag("--json", version_json, "As JSON");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        // Help and versions are asked for, not wrong.
        if (e.get_exit_code() == 0) return app.exit(e);
        if (const std::string unknown = unknown_word(app, argc, argv); !unknown.empty())
            std::fprintf(stderr, "mezz: %s\n", unknown.c_str());
        else
            std::fprintf(stderr, "mezz: %s\nRun with --help for more information.\n", e.what());
        return exit_usage;
    }
    const DataSource source = da == "calldata"  ? DataSource::calldata
                              : da == "cheaper" ? DataSource::cheaper
                                                : DataSource::blobs;
    dev.da = node.da = source;
    auto prepared = mezz::app::prepare(node_command->parsed() ? node.operation : dev.operation);
    if (!prepared) {
        std::fprintf(stderr, "mezz: %s\n", prepared.error().message.c_str());
        return exit_usage;
    }
    if (dev_command->parsed()) {
        dev.block_time_given = dev_command->count("--block-time") > 0;
        dev.chain_id_given = dev_command->count("--chain-id") > 0;
        dev.proof_given = dev_command->count("--proof") > 0;
        dev.console_port_given = console_port->count() > 0;
        dev.settings = mezz::app::settings_of(*dev_command);
        return mezz::app::run_dev(dev);
    }
    if (node_command->parsed()) {
        node.settings = mezz::app::settings_of(*node_command);
        return mezz::app::run_node(node);
    }
    if (load_command->parsed()) return mezz::app::run_bench_load(load);
    if (snapshot_command->parsed())
        return mezz::app::run_snapshot(snapshot, save_command->parsed());
    if (doctor_command->parsed()) return mezz::app::run_doctor(doctor);
    if (force_command->parsed()) return mezz::app::run_force_include(force);
    if (fault_command->parsed()) {
        if (fault.name == "list") return mezz::app::list_faults(fault.json);
        if (fault.state.empty()) fault.state = default_state();
        return mezz::app::run_fault(fault);
    }
    const auto locate = [](mezz::app::NetworkOptions& network) {
        if (network.state.empty()) network.state = default_state();
    };
    if (inspect_command->parsed()) {
        locate(inspect.network);
        return mezz::app::run_inspect(inspect);
    }
    if (challenge_command->parsed()) {
        locate(challenge.network);
        return mezz::app::run_challenge(challenge);
    }
    if (prove_command->parsed()) return mezz::app::run_prove(prove);
    if (verify_command->parsed()) return mezz::app::run_verify(verify);
    if (version_command->parsed()) {
        const auto* program_id = mezz::app::program_names.id;
        if (version_json)
            std::printf("{\"version\":\"0.1.0\",\"programId\":\"%s\"}\n", program_id);
        else
            std::printf("mezz 0.1.0\nprogram id %s\n", program_id);
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) try { return run(argc, argv); } catch (const std::exception& e) {
    // What can fail returns a Result: this is a defect, or memory has run out.
    std::fprintf(stderr, "mezz: bug: %s\n", e.what());
    return 1;
}
