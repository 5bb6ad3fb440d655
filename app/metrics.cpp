// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/metrics.hpp"

namespace mezz::app {

node::Result<std::uint16_t> Metrics::serve(const ListenerOptions& listener, std::uint16_t port) {
    router_.add("GET", "/metrics", [this](const host::http::HttpRequest&) {
        host::http::HttpResponse r;
        r.content_type = "text/plain; version=0.0.4";
        r.body = text();
        return r;
    });
    add_health(router_, [this] { return service_.health(); });
    host::http::ServerOptions options;
    options.host = listener.host;
    options.allowed_origins = listener.origins;
    options.allowed_hosts = listener.host_names;
    options.port = port;
    options.port_flag = "--metrics-port";
    auto started = host::http::Server::start(options, router_);
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    return server_->port();
}

std::string Metrics::text() {
    return metrics_text(service_.measurements());
}

void Metrics::stop() {
    if (server_) server_->stop();
}

}  // namespace mezz::app
