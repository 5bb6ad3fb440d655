// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/host/http/router.hpp"

#include <exception>

namespace mezz::host::http {

std::string_view path_of(std::string_view target) {
    return target.substr(0, target.find('?'));
}

void Router::add(std::string method, std::string path, Function function) {
    const bool is_prefix = path.ends_with('*');
    if (is_prefix) path.pop_back();
    routes_.push_back({std::move(method), std::move(path), is_prefix, std::move(function)});
}

HttpResponse Router::handle(const HttpRequest& request) {
    const std::string_view path = path_of(request.target);
    const Route* best = nullptr;
    std::string allow;
    for (const Route& r : routes_) {
        if (r.is_prefix ? !path.starts_with(r.path) : path != r.path) continue;
        if (r.method != request.method) {
            allow += (allow.empty() ? "" : ", ") + r.method;
            continue;
        }
        if (best == nullptr || r.path.size() > best->path.size()) best = &r;
    }
    HttpResponse failure;
    if (best == nullptr) {
        failure.status = allow.empty() ? 404 : 405;
        failure.body = allow.empty() ? R"({"code":404,"message":"no such path"})"
                                     : R"({"code":405,"message":"method not allowed here; use )" +
                                           allow + "\"}";
        failure.allow = std::move(allow);
        return failure;
    }
    try {
        return best->function(request);
    } catch (const std::exception& e) {
        (void)e;
        failure.status = 500;
        failure.body = R"({"code":500,"message":"internal error"})";
        return failure;
    }
}

std::unique_ptr<WsSession> Router::open(const Handshake& handshake,
                                        std::shared_ptr<WsSender> sender) {
    return open_ ? open_(handshake, std::move(sender)) : nullptr;
}

}  // namespace mezz::host::http
