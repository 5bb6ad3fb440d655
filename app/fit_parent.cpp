// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/fit_parent.hpp"

#include "app/logging.hpp"
#include "node/host/http/router.hpp"

namespace mezz::app {
namespace {

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

}  // namespace

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

}  // namespace mezz::app
