// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// mezz node
#include <CLI/CLI.hpp>

#include "app/cli/verbs.hpp"
#include "app/config/flags.hpp"
#include "app/key_source.hpp"

namespace mezz::app {

void add_node_flags(CLI::App& command, NodeOptions& node, std::string& data_source) {
    command.option_defaults()->always_capture_default();
    add_flag_of_key(command, "--role", node.role);
    add_flag_of_key(command, "--parent", node.parent_url, "JSON-RPC of the parent chain");
    add_flag_of_key(command, "--blobs", node.blobs_url,
                    "Blob endpoint; default: the parent's JSON-RPC");
    add_flag_of_key(command, "--spec", node.spec);
    add_flag_of_key(command, "--state", node.state, "State directory; default: in memory");
    add_flag_of_key(command, "--port", node.port, "Port of the JSON-RPC, 0 for any");
    add_key_flags(command, "--batcher-key", "MEZZ_BATCHER_KEY",
                  std::string(find_key("keys.batcher")->what), node.batcher_key,
                  node.batcher_key_file);
    add_key_flags(command, "--proposer-key", "MEZZ_PROPOSER_KEY",
                  std::string(find_key("keys.proposer")->what), node.proposer_key,
                  node.proposer_key_file);
    add_key_flags(command, "--challenger-key", "MEZZ_CHALLENGER_KEY",
                  std::string(find_key("keys.challenger")->what), node.challenger_key,
                  node.challenger_key_file);
    add_flag_of_key(command, "--guest", node.guest,
                    "stf.elf, which disputes run (challenger); default: this build's");
    add_flag_of_key(command, "--da", data_source);
    add_flag_of_key(command, "--witness", node.witnesses);
    add_flag_of_key(command, "--console-port", node.console_port,
                    "Serve the web console on this port, 0 for any; default: no console");
    add_flag_of_key(command, "--ipc", node.ipc);
    add_flag_of_key(command, "--index-appearances", node.index_appearances);
    command.add_flag("--json", node.json, "One JSON object a line instead of text");
    add_flag_of_key(command, "--metrics-port", node.metrics_port,
                    "Port of metrics and health, 0 for any; default: none");
    add_listener_flags(command, node.listener);
    add_operation_flags(command, node.operation);
}

void add_node(CLI::App& root, Verbs& verbs) {
    struct Given {
        ConfigRequest config;
        NodeOptions node;
        std::string data_source = "blobs";
    };
    auto given = std::make_shared<Given>();
    CLI::App* command = root.add_subcommand("node", "Run one role against a parent chain");
    add_node_flags(*command, given->node, given->data_source);
    add_config_flags(*command, given->config);
    verbs.add_service(command, [command, given] {
        auto configured = configure(given->config, *command);
        if (!configured) return refuse(configured.error().message);
        NodeOptions& node = given->node;
        if (node.parent_url.empty())
            return refuse(
                "--parent is missing: the JSON-RPC of the parent chain, also parent.url "
                "in mezz.toml or MEZZ_PARENT__URL");
        if (node.spec.empty())
            return refuse(
                "--spec is missing: the rollup.json of the chain, also node.spec in "
                "mezz.toml or MEZZ_NODE__SPEC");
        node.da = data_source_of(given->data_source);
        node.settings = std::move(configured->settings);
        if (auto prepared = prepare(node.operation); !prepared)
            return refuse(prepared.error().message);
        return run_node(node);
    });
}

}  // namespace mezz::app
