// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/health.hpp"

#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {

host::http::HttpResponse health_response(const char* well, const char* not_well,
                                         const std::vector<Finding>& reasons,
                                         const std::vector<Finding>& warnings) {
    rpc::JsonWriter out;
    const auto list = [&](std::string_view key, const std::vector<Finding>& findings) {
        out.field(key);
        out.array([&] {
            for (const Finding& f : findings)
                out.object([&] {
                    out.field("component").string(f.name);
                    out.field("reason").string(f.reason);
                });
        });
    };
    out.object([&] {
        out.field("status").string(reasons.empty() ? well : not_well);
        list("reasons", reasons);
        list("warnings", warnings);
    });
    host::http::HttpResponse response;
    response.status = reasons.empty() ? 200 : 503;
    response.body = out.take();
    return response;
}

void add_health(host::http::Router& router, std::function<Health()> health) {
    router.add("GET", "/health/live", [health](const host::http::HttpRequest&) {
        const Health h = health();
        return health_response("live", "dead", h.dead, h.warnings);
    });
    router.add("GET", "/health/ready", [health](const host::http::HttpRequest&) {
        const Health h = health();
        std::vector<Finding> reasons = h.dead;
        reasons.insert(reasons.end(), h.unready.begin(), h.unready.end());
        return health_response("ready", "unready", reasons, h.warnings);
    });
}

}  // namespace mezz::app
