// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz fault, inspect, challenge, force-include
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/dispute_report.hpp"
#include "app/fault.hpp"
#include "app/force_include.hpp"
#include "app/key_source.hpp"

namespace mezz::app {

void add_network_flags(CLI::App& command, NetworkOptions& network) {
    command.add_option("--state", network.state, "State directory of a mezz dev");
    command.add_option("--rpc", network.chain_url, "JSON-RPC of a node of the chain");
    command.add_option("--parent", network.parent_url, "JSON-RPC of the parent chain");
    command.add_option("--blobs", network.blobs_url,
                       "Blob endpoint; default: the parent's JSON-RPC");
    command.add_option("--spec", network.spec, "rollup.json of the chain");
}

void add_dispute_verbs(CLI::App& root, Verbs& verbs) {
    struct Given {
        FaultOptions fault;
        InspectOptions inspect;
        ChallengeOptions challenge;
        ForceIncludeOptions force;
    };
    auto given = std::make_shared<Given>();
    auto* fault_command = root.add_subcommand(
        "fault", "Attack a running mezz dev --proof fraud, and wait until the honest side won");
    fault_command->add_option("name", given->fault.name, "list, or one of its names")->required();
    fault_command->add_option("--state", given->fault.state, "State directory of the network");
    fault_command->add_option("--guest", given->fault.guest,
                              "stf.elf; default: the one of this build");
    fault_command->add_option("--timeout", given->fault.timeout_seconds, "Seconds")
        ->check(CLI::PositiveNumber);
    fault_command->add_flag("--json", given->fault.json, "One JSON object");

    auto* inspect_command = root.add_subcommand(
        "inspect", "Show the proposals of a chain, and the disputes about one as trees");
    inspect_command->add_option("proposal", given->inspect.what,
                                "Its place in the list, or its address; default: all, in short");
    add_network_flags(*inspect_command, given->inspect.network);
    inspect_command->add_flag("--json", given->inspect.json, "One JSON array");
    auto* challenge_command = root.add_subcommand(
        "challenge",
        "Run the program on one block: who claims something else, and how a dispute "
        "about it goes, step by step; exits with 3 where somebody does");
    challenge_command->add_option("--block", given->challenge.block, "The block")
        ->required()
        ->check(CLI::NonNegativeNumber);
    challenge_command
        ->add_option("--step", given->challenge.step,
                     "Step of its trace to explain; default: where a dispute's histories part, or "
                     "the middle")
        ->check(CLI::NonNegativeNumber);
    add_network_flags(*challenge_command, given->challenge.network);
    challenge_command->add_option("--guest", given->challenge.guest,
                                  "stf.elf; default: the one of this build");
    challenge_command->add_flag("--json", given->challenge.json, "One JSON object");

    auto* force_command = root.add_subcommand(
        "force-include", "Put overdue deposits and forced transactions into the inbox");
    force_command->add_option("--parent", given->force.parent_url, "JSON-RPC of the parent chain")
        ->required();
    force_command->add_option("--spec", given->force.spec, "rollup.json of the chain")->required();
    add_key_flags(*force_command, "--key", "MEZZ_KEY",
                  "Private key of any account with ether there", given->force.key,
                  given->force.key_file);
    force_command->add_flag("--json", given->force.json, "One JSON object");

    const auto or_default = [](std::filesystem::path& state) {
        if (state.empty()) state = default_state();
    };
    verbs.add(fault_command, [given, or_default] {
        if (given->fault.name == "list") return list_faults(given->fault.json);
        or_default(given->fault.state);
        return run_fault(given->fault);
    });
    verbs.add(inspect_command, [given, or_default] {
        or_default(given->inspect.network.state);
        return run_inspect(given->inspect);
    });
    verbs.add(challenge_command, [given, or_default] {
        or_default(given->challenge.network.state);
        return run_challenge(given->challenge);
    });
    verbs.add(force_command, [given] { return run_force_include(given->force); });
}

}  // namespace mezz::app
