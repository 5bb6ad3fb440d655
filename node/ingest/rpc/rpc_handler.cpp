// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/rpc_handler.hpp"

namespace mezz::rpc {
namespace {

namespace http = host::http;

class Session final : public http::WsSession {
public:
    Session(RpcServer& server, std::shared_ptr<http::WsSender> sender)
        : connection_(
              server.connect([to = std::move(sender)](std::string m) { to->send(std::move(m)); })) {
    }

    void on_message(std::string& message) override { connection_->receive(message); }

private:
    std::unique_ptr<Connection> connection_;
};

class IpcSession final : public host::ipc::Session {
public:
    IpcSession(RpcServer& server, host::ipc::Send send)
        : connection_(server.connect(std::move(send))) {}

    void on_message(std::string& message) override { connection_->receive(message); }

private:
    std::unique_ptr<Connection> connection_;
};

}  // namespace

host::ipc::Open ipc_sessions(RpcServer& server) {
    return [&server](host::ipc::Send send) {
        return std::make_unique<IpcSession>(server, std::move(send));
    };
}

void serve(RpcServer& server, http::Router& router) {
    router.add("POST", "/", [&server](const http::HttpRequest& request) {
        http::HttpResponse response;
        response.body = server.handle(request.body);
        return response;
    });
    const auto alive = [](const http::HttpRequest&) {
        http::HttpResponse response;
        response.body = R"({"status":"ok"})";
        return response;
    };
    router.add("GET", "/", alive);
    router.add("GET", "/health", alive);
    router.on_websocket([&server](std::string_view, std::shared_ptr<http::WsSender> sender) {
        return open_session(server, std::move(sender));
    });
}

std::unique_ptr<http::WsSession> open_session(RpcServer& server,
                                              std::shared_ptr<http::WsSender> sender) {
    return std::make_unique<Session>(server, std::move(sender));
}

}  // namespace mezz::rpc
