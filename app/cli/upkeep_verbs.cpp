// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz bench, snapshot, doctor, version
#include <CLI/CLI.hpp>
#include <cstdio>

#include "app/bench_load.hpp"
#include "app/cli/verbs.hpp"
#include "app/doctor.hpp"
#include "app/program.hpp"
#include "app/snapshot.hpp"

namespace mezz::app {
namespace {

int print_version(bool json) {
    if (json)
        std::printf("{\"version\":\"%s\",\"programId\":\"%s\"}\n", version, program_names.id);
    else
        std::printf("mezz %s\nprogram id %s\n", version, program_names.id);
    return exit_ok;
}

}  // namespace

void add_upkeep_verbs(CLI::App& root, Verbs& verbs) {
    const CLI::Range is_port(0, 65535);
    struct Given {
        BenchLoadOptions load;
        SnapshotOptions snapshot;
        DoctorOptions doctor;
        bool version_json = false;
    };
    auto given = std::make_shared<Given>();
    auto* bench_command = root.add_subcommand("bench", "Measure");
    bench_command->require_subcommand(1);
    auto* load_command = bench_command->add_subcommand(
        "load", "Send requests and transactions by schedule, and time their answers");
    add_load_flags(*load_command, given->load);

    given->snapshot.state = default_state();
    auto* snapshot_command = root.add_subcommand(
        "snapshot", "Copy a node's databases while it runs, or load such a copy");
    snapshot_command->require_subcommand(1);
    auto* save_command = snapshot_command->add_subcommand("save", "Make a snapshot");
    auto* load_snapshot_command =
        snapshot_command->add_subcommand("load", "Fill an empty state directory with one");
    for (auto* command : {save_command, load_snapshot_command}) {
        command->add_option("folder", given->snapshot.folder, "The snapshot, a folder")->required();
        command->add_option("--state", given->snapshot.state, "State directory");
        command->add_flag("--json", given->snapshot.json, "Print its manifest");
    }
    load_snapshot_command->add_option("--spec", given->snapshot.spec,
                                      "rollup.json of the chain it must be of");

    given->doctor.state = default_state();
    auto* doctor_command =
        root.add_subcommand("doctor", "Is this machine, state and parent fit to run a node?");
    doctor_command->add_option("--state", given->doctor.state, "State directory");
    doctor_command->add_option("--spec", given->doctor.spec, "rollup.json of the chain");
    doctor_command->add_option("--parent", given->doctor.parent_url,
                               "JSON-RPC of the parent chain");
    doctor_command->add_option("--guest", given->doctor.guest,
                               "stf.elf; default: the one of this build");
    doctor_command->add_option("--ports", given->doctor.ports, "Ports that must be free")
        ->delimiter(',')
        ->check(is_port);
    doctor_command->add_option("--min-free-disk", given->doctor.min_free_bytes, "Bytes, as 1GiB")
        ->transform(CLI::AsSizeValue(false));
    doctor_command->add_flag("--json", given->doctor.json, "One JSON object");

    auto* version_command = root.add_subcommand("version", "Print versions and the program id");
    version_command->add_flag("--json", given->version_json, "As JSON");

    verbs.add(load_command, [given] { return run_bench_load(given->load); });
    verbs.add(save_command, [given] { return run_snapshot(given->snapshot, true); });
    verbs.add(load_snapshot_command, [given] { return run_snapshot(given->snapshot, false); });
    verbs.add(doctor_command, [given] { return run_doctor(given->doctor); });
    verbs.add(version_command, [given] { return print_version(given->version_json); });
}

}  // namespace mezz::app
