// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Prometheus metrics and health of a rollup node, on a port of their own.

#include "app/rollup_service.hpp"

namespace mezz::app {

class Metrics {
public:
    /// Keeps a reference.
    explicit Metrics(RollupService& service) : service_(service) {}
    /// GET /metrics, /health/live, /health/ready. returns: the bound port.
    node::Result<std::uint16_t> serve(const ListenerOptions& listener, std::uint16_t port);
    void stop();
    /// In Prometheus's text format.
    std::string text();

private:
    RollupService& service_;
    host::http::Router router_;
    std::unique_ptr<host::http::Server> server_;
};

}  // namespace mezz::app
