// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz dev
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/config/flags.hpp"
#include "app/config/presets.hpp"

namespace mezz::app {

DataSource data_source_of(std::string_view name) {
    if (name == "calldata") return DataSource::calldata;
    return name == "cheaper" ? DataSource::cheaper : DataSource::blobs;
}

void add_dev_flags(CLI::App& command, DevOptions& dev, std::string& data_source) {
    // Help and the console show what a value is when nobody gives one.
    command.option_defaults()->always_capture_default();
    dev.state = default_state();
    add_flag_of_key(command, "--state", dev.state);
    add_flag_of_key(command, "--ephemeral", dev.ephemeral);
    add_flag_of_key(command, "--parent", dev.parent_url);
    add_flag_of_key(command, "--blobs", dev.blobs_url);
    add_flag_of_key(command, "--parent-port", dev.parent_port);
    add_flag_of_key(command, "--port", dev.port);
    add_flag_of_key(command, "--metrics-port", dev.metrics_port);
    auto* console_port = add_flag_of_key(command, "--console-port", dev.console_port);
    add_flag_of_key(command, "--no-console", dev.no_console, "Serve no web console")
        ->excludes(console_port);
    add_flag_of_key(command, "--block-time", dev.block_time_ms);
    add_flag_of_key(command, "--parent-block-time", dev.parent_block_time_ms);
    add_flag_of_key(command, "--force-delay", dev.force_delay_seconds);
    add_flag_of_key(command, "--chain-id", dev.chain_id);
    add_flag_of_key(command, "--accounts", dev.wallet.count);
    add_flag_of_key(command, "--balance", dev.wallet.balance);
    add_flag_of_key(command, "--mnemonic", dev.wallet.mnemonic);
    add_flag_of_key(command, "--da", data_source);
    add_flag_of_key(command, "--proof", dev.proof);
    add_flag_of_key(command, "--guest", dev.guest);
    add_flag_of_key(command, "--dispute-clock", dev.dispute_clock_seconds);
    add_flag_of_key(command, "--fault", dev.fault);
    add_flag_of_key(command, "--ipc", dev.ipc);
    command
        .add_flag("--index-appearances,!--no-index-appearances", dev.index_appearances,
                  "Index in which blocks addresses appear, for explorers (default)")
        ->default_str("true");
    command.add_flag("--json", dev.json, "One JSON object a line instead of text");
    // Pages of any origin may call a development chain, as they may call other tools' chains.
    dev.listener.origins = {"*"};
    // Its chains are small, and there are two.
    dev.operation.cache_bytes = std::size_t{64} << 20;
    add_listener_flags(command, dev.listener);
    add_operation_flags(command, dev.operation);
}

void add_dev(CLI::App& root, Verbs& verbs) {
    struct Given {
        ConfigRequest config;
        DevOptions dev;
        std::string data_source = "blobs";
    };
    auto given = std::make_shared<Given>();
    CLI::App* command =
        root.add_subcommand("dev", "Run parent chain, rollup and all actors in one process");
    std::string presets;
    for (const auto& preset : all_presets())
        presets += (presets.empty() ? "" : ", ") + std::string(preset.name);
    command->add_option("preset", given->config.preset,
                        "Settings of a known system: " + presets + "; default: none");
    add_dev_flags(*command, given->dev, given->data_source);
    add_config_flags(*command, given->config);
    verbs.add_service(command, [command, given] {
        auto configured = configure(given->config, *command);
        if (!configured) return refuse(configured.error().message);
        DevOptions& dev = given->dev;
        dev.da = data_source_of(given->data_source);
        dev.block_time_given = configured->is_given("--block-time");
        dev.chain_id_given = configured->is_given("--chain-id");
        dev.wallet_given = {.mnemonic = configured->is_given("--mnemonic"),
                            .count = configured->is_given("--accounts"),
                            .balance = configured->is_given("--balance")};
        dev.proof_given = configured->is_given("--proof");
        dev.console_port_given = configured->is_given("--console-port");
        dev.state_given = configured->is_given("--state");
        dev.port_given = configured->is_given("--port");
        dev.metrics_port_given = configured->is_given("--metrics-port");
        for (const auto& setting : configured->settings)
            if (setting.name == "--da")
                dev.da_said = setting.source != "default" && !setting.source.starts_with("preset ");
        dev.preset = std::move(configured->preset);
        dev.settings = std::move(configured->settings);
        if (auto prepared = prepare(dev.operation); !prepared)
            return refuse(prepared.error().message);
        return run_dev(dev);
    });
}

}  // namespace mezz::app
