// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Whether a node lives and whether it serves, with reasons: /health/live and /health/ready.

#include "app/surroundings.hpp"
#include "node/host/http/router.hpp"

namespace mezz::app {

struct Health {
    std::vector<Finding> dead;      ///< it does not get on by itself: start it again
    std::vector<Finding> unready;   ///< it lives, but should get no requests now
    std::vector<Finding> warnings;  ///< somebody should look
};

/// 200 while `reasons` is empty, otherwise 503; JSON {"status", "reasons", "warnings"}.
[[nodiscard]] host::http::HttpResponse health_response(const char* well, const char* not_well,
                                                       const std::vector<Finding>& reasons,
                                                       const std::vector<Finding>& warnings);

/// Adds GET /health/live and GET /health/ready.
void add_health(host::http::Router& router, std::function<Health()> health);

}  // namespace mezz::app
