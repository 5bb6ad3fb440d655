// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A small route table: exact paths and prefixes to functions, as a Handler for a Server.
///
///     Router router;
///     router.add("GET", "/health", [](const HttpRequest&) { return HttpResponse{}; });
///     router.add("GET", "/eth/v1/beacon/blobs/*", blobs);   // every path that starts so
///
/// The longest matching route wins. Add every route before the server starts; then thread-safe.

#include "node/host/http/server.hpp"

namespace mezz::host::http {

/// The target without its query.
[[nodiscard]] std::string_view path_of(std::string_view target);

class Router : public Handler {
public:
    using Function = std::function<HttpResponse(const HttpRequest&)>;
    using Open =
        std::function<std::unique_ptr<WsSession>(const Handshake&, std::shared_ptr<WsSender>)>;

    void add(std::string method, std::string path, Function function);
    /// What a WebSocket at any path becomes. Without it WebSockets are refused.
    void on_websocket(Open open) { open_ = std::move(open); }

    /// How heavy bodies are; without it all are light.
    void on_weight(std::function<Weight(std::string_view)> weigh) { weigh_ = std::move(weigh); }

    [[nodiscard]] Weight weight(std::string_view body) const override {
        return weigh_ ? weigh_(body) : Weight::light;
    }
    HttpResponse handle(const HttpRequest& request) override;
    std::unique_ptr<WsSession> open(const Handshake& handshake,
                                    std::shared_ptr<WsSender> sender) override;

private:
    struct Route {
        std::string method;
        std::string path;
        bool is_prefix;
        Function function;
    };
    std::vector<Route> routes_;
    Open open_;
    std::function<Weight(std::string_view)> weigh_;
};

}  // namespace mezz::host::http
