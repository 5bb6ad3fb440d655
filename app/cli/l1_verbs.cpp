// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz l1 deploy, verify
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/config/flags.hpp"
#include "app/key_source.hpp"
#include "app/l1_deploy.hpp"
#include "app/l1_verify.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t max_delay_seconds = 100'000'000;

/// A time in seconds, or as 1m.
void add_delay(CLI::App& command, const char* flag, std::uint64_t& value, const char* what) {
    Key key;
    key.unit_ms = 1'000;
    command.add_option(flag, value, std::string(what) + ", in seconds or as 7d")
        ->transform(duration_units(key))
        ->check(CLI::Range(std::uint64_t{0}, max_delay_seconds));
}

void add_deploy_flags(CLI::App& command, L1DeployOptions& o, std::string& data_source) {
    command.add_option("--parent", o.parent_url, "JSON-RPC of the parent chain")->required();
    command
        .add_option("--out", o.out,
                    "Folder for rollup.json, and for deployment.json, by which a deployment that "
                    "was stopped goes on")
        ->required();
    command.add_flag("--plan", o.plan_only,
                     "Print what would be done and what it costs; write and send nothing");
    add_key_flags(command, "--deployer-key", "MEZZ_DEPLOYER_KEY",
                  "Private key of who pays and owns the contracts; default: a well-known account, "
                  "on parents that know it",
                  o.key, o.key_file);
    add_flag_of_key(command, "--chain-id", o.chain_id);
    add_flag_of_key(command, "--block-time", o.block_time_ms);
    add_flag_of_key(command, "--proof", o.proof);
    add_flag_of_key(command, "--da", data_source,
                    "How batches will go to the parent, for the command that is printed at the "
                    "end; default: blobs, on a rollup calldata");
    add_flag_of_key(command, "--force-delay", o.force_delay_seconds);
    add_flag_of_key(command, "--dispute-clock", o.clock_seconds,
                    "Time to object to an attested claim, or of each side of a dispute");
    add_delay(command, "--maturity-delay", o.maturity_delay_seconds,
              "Time from proving a withdrawal to paying it");
    add_delay(command, "--finality-delay", o.finality_delay_seconds,
              "Time from the resolution of a claim to its finality");
    command.add_option("--batcher", o.batcher, "Address that may publish batches");
    command.add_option("--proposer", o.proposer, "Address that may make attested claims");
    command.add_option("--challenger", o.challenger,
                       "Address that may object to attested claims; default: the deployer");
    command.add_option("--guardian", o.guardian,
                       "Address that may pause withdrawals; default: the deployer");
    command.add_option("--timeout", o.timeout_seconds, "Seconds to wait for transactions")
        ->check(CLI::Range(1, 86'400));
    command.add_flag("--json", o.json, "One JSON object");
}

}  // namespace

void add_l1_verbs(CLI::App& root, Verbs& verbs) {
    struct Given {
        L1DeployOptions deploy;
        L1VerifyOptions verify;
        std::string data_source = "blobs";
    };
    auto given = std::make_shared<Given>();
    auto* l1 = root.add_subcommand("l1", "Contracts of a rollup on its parent chain");
    l1->require_subcommand(1);
    auto* deploy = l1->add_subcommand(
        "deploy", "Put the contracts of a new rollup on a parent chain, or go on with it");
    add_deploy_flags(*deploy, given->deploy, given->data_source);
    auto* verify = l1->add_subcommand(
        "verify",
        "Are the contracts of a rollup.json this build's, and set up as it says? Exits with 3 "
        "where not");
    verify->add_option("--parent", given->verify.parent_url, "JSON-RPC of the parent chain")
        ->required();
    verify->add_option("--spec", given->verify.spec, "rollup.json of the chain")->required();
    verify->add_flag("--json", given->verify.json, "One JSON object");
    verbs.add(deploy, [deploy, given] {
        given->deploy.da = data_source_of(given->data_source);
        given->deploy.da_said = deploy->get_option("--da")->count() > 0;
        return run_l1_deploy(given->deploy);
    });
    verbs.add(verify, [given] { return run_l1_verify(given->verify); });
}

}  // namespace mezz::app
