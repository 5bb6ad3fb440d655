// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz prove, verify
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/prove.hpp"

namespace mezz::app {

void add_proof_verbs(CLI::App& root, Verbs& verbs) {
    struct Given {
        ProveOptions prove;
        VerifyOptions verify;
    };
    auto given = std::make_shared<Given>();
    const auto add_check = [](CLI::App* command, CheckOptions& check) {
        command->add_option("--guest", check.guest, "Run this stf.elf too and compare the claims");
        command->add_flag("--any-guest", check.any_guest,
                          "Run a guest that is not this version's program");
        command->add_flag("--json", check.json, "One JSON object");
    };
    auto* prove_command = root.add_subcommand(
        "prove", "Make the witness of a range of inbox entries or of one block and verify it");
    prove_command->add_option("--rpc", given->prove.rpc_url,
                              "JSON-RPC of a node that runs with --witness, or of mezz dev");
    prove_command->add_option("--from", given->prove.from, "Inbox entries already proven")
        ->check(CLI::NonNegativeNumber);
    prove_command
        ->add_option("--to", given->prove.to,
                     "Inbox entries proven after it; default: all that are derived")
        ->check(CLI::NonNegativeNumber);
    prove_command
        ->add_option("--block", given->prove.block,
                     "One block alone, as a dispute would be about it")
        ->check(CLI::NonNegativeNumber)
        ->excludes("--from")
        ->excludes("--to");
    prove_command->add_option("--out", given->prove.out,
                              "Witness file; the statement goes to FILE.json too");
    add_check(prove_command, given->prove.check);
    auto* verify_command = root.add_subcommand("verify", "Verify a witness file again");
    verify_command->add_option("file", given->verify.file, "What mezz prove --out wrote")
        ->required();
    add_check(verify_command, given->verify.check);

    verbs.add(prove_command, [given] { return run_prove(given->prove); });
    verbs.add(verify_command, [given] { return run_verify(given->verify); });
}

}  // namespace mezz::app
