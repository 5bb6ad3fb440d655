// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The web console of a node, on a port of its own, loopback only: static files, and one origin for
/// everything the page asks.
///
///     POST /rpc, WebSocket /ws                the rollup's JSON-RPC
///     POST /parent, WebSocket /parent/ws      the parent's (WebSocket: of the embedded one)
///     GET  /api/network /api/config /api/history /api/latency /api/logs, GET /metrics
///     GET  /api/lab, POST /api/lab/NAME       `mezz dev` only
///
/// One origin, so that a strict Content-Security-Policy holds, one port is all that has to be
/// forwarded, and no other page may call: requests with another Origin or a Host that is not this
/// machine are refused.

#include <memory>
#include <string>

#include "app/head_history.hpp"
#include "app/lab.hpp"
#include "app/log_ring.hpp"
#include "app/metrics.hpp"
#include "app/parent_service.hpp"
#include "app/rollup_service.hpp"
#include "app/settings.hpp"
#include "app/stage_latency.hpp"
#include "node/host/client/http_client.hpp"

namespace mezz::app {

struct ConsoleOptions {
    std::uint16_t port = 8080;
    /// Another free port where that one is taken, because nobody asked for it.
    bool any_port_if_taken = false;
    std::string role;  ///< "dev", or that of `mezz node`
    std::string da;
    std::string parent_url;
    std::uint16_t metrics_port = 0;   ///< 0: none
    ParentService* parent = nullptr;  ///< embedded; outlives the console
    Lab* lab = nullptr;               ///< outlives the console
    std::shared_ptr<LogRing> logs;    ///< may be empty
    std::vector<Setting> settings;    ///< of the command
    std::string rollup_file;          ///< where the chain's settings come from
};

class ConsoleService {
public:
    /// Keeps references to `service` and `metrics`, which outlive it.
    ConsoleService(RollupService& service, Metrics& metrics, ConsoleOptions options);
    ~ConsoleService();
    /// returns: the bound port. errors: fatal when it cannot listen.
    node::Result<std::uint16_t> serve();
    void stop();

private:
    using Request = host::http::HttpRequest;
    using Response = host::http::HttpResponse;

    void add_routes();
    void add(const char* path, std::function<std::string()> make);
    Response file(const Request& request);
    Response ask_parent(const Request& request);
    std::unique_ptr<host::http::WsSession> open(const host::http::Handshake& handshake,
                                                std::shared_ptr<host::http::WsSender> sender);
    std::uint64_t sample();
    std::string network_json();
    std::string config_json();
    std::string history_json(std::uint64_t after_ms);
    std::string latency_json();
    std::string logs_json(std::uint64_t after);

    RollupService& service_;
    Metrics& metrics_;
    ConsoleOptions options_;
    host::SystemClock clock_;
    HeadHistory history_;
    /// Shared with the pool's listener, which nobody can take back.
    std::shared_ptr<StageLatency> latency_ = std::make_shared<StageLatency>();
    std::uint64_t sampled_ms_ = 0;  ///< worker thread only, as the next
    TripHeads heads_;
    std::unique_ptr<node::HttpClient> parent_client_;
    host::http::Router router_;
    std::unique_ptr<host::http::Server> server_;
    Worker worker_;
};

}  // namespace mezz::app
