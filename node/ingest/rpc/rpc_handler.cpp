// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/rpc_handler.hpp"

#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/subscriptions.hpp"

namespace mezz::rpc {
namespace {

namespace http = host::http;

class Session final : public http::WsSession {
public:
    Session(RpcServer& server, std::shared_ptr<http::WsSender> sender, std::optional<Caller> caller)
        : connection_(
              server.connect([sender](std::string m) { sender->send(std::move(m)); }, caller)) {
        connection_->state()->push_shared = [to = std::move(sender)](std::string head,
                                                                     SharedText tail) {
            to->send(std::move(head), std::move(tail));
        };
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

/// Whether a body calls methods that execute code, read many blocks or ask the parent. Without
/// parsing it: some are taken for more than they are, none for less.
http::Weight weight_of(std::string_view body) {
    constexpr std::string_view key = "\"method\"";
    constexpr std::string_view brief[] = {"eth_call", "eth_estimateGas", "eth_createAccessList",
                                          "eth_getLogs", "eth_getFilterLogs"};
    constexpr std::string_view heavy[] = {"eth_simulateV1",
                                          "eth_sendRawTransactionSync",
                                          "debug_",
                                          "trace_",
                                          "ots_",
                                          "txpool_content",
                                          "mezz_witness",
                                          "mezz_blockWitness",
                                          "mezz_batches",
                                          "mezz_claim",
                                          "mezz_dispute",
                                          "mezz_forced",
                                          "mezz_withdrawal",
                                          "erigon_",
                                          "testing_"};
    // An escaped letter would hide a name.
    if (body.find('\\') != std::string_view::npos) return http::Weight::heavy;
    auto weight = http::Weight::light;
    for (auto at = body.find(key); at != std::string_view::npos; at = body.find(key, at)) {
        at = body.find('"', at + key.size());
        if (at == std::string_view::npos) break;
        const std::string_view name = body.substr(at + 1);
        for (const auto h : heavy)
            if (name.starts_with(h)) return http::Weight::heavy;
        for (const auto b : brief)
            if (name.starts_with(b)) weight = http::Weight::brief;
    }
    return weight;
}

http::HttpResponse unauthorized_response(const std::string& why) {
    JsonWriter out;
    out.object([&] {
        out.field("jsonrpc").string("2.0");
        out.field("id").null();
        out.field("error").object([&] {
            out.field("code").number(std::int64_t{unauthorized});
            out.field("message").string(why);
        });
    });
    http::HttpResponse response;
    response.status = 401;
    response.body = out.take();
    return response;
}

}  // namespace

host::ipc::Open ipc_sessions(RpcServer& server) {
    return [&server](host::ipc::Send send) {
        return std::make_unique<IpcSession>(server, std::move(send));
    };
}

void serve(RpcServer& server, http::Router& router, const Access* access) {
    router.add("POST", "/", [&server, access](const http::HttpRequest& request) {
        http::HttpResponse response;
        if (access == nullptr) {
            response.body = server.handle(request.body);
            return response;
        }
        const auto caller = access->identify(request.authorization);
        if (!caller) return unauthorized_response(caller.error());
        response.body = server.handle(request.body, *caller);
        return response;
    });
    router.on_weight(weight_of);
    const auto alive = [](const http::HttpRequest&) {
        http::HttpResponse response;
        response.body = R"({"status":"ok"})";
        return response;
    };
    router.add("GET", "/", alive);
    router.add("GET", "/health", alive);
    router.on_websocket(
        [&server, access](const http::Handshake& handshake,
                          std::shared_ptr<http::WsSender> sender) -> std::unique_ptr<Session> {
            std::optional<Caller> caller;
            if (access != nullptr) {
                const auto identified = access->identify(handshake.authorization);
                if (!identified) return nullptr;
                caller = *identified;
            }
            return std::make_unique<Session>(server, std::move(sender), caller);
        });
}

std::unique_ptr<http::WsSession> open_session(RpcServer& server,
                                              std::shared_ptr<http::WsSender> sender,
                                              std::optional<Caller> caller) {
    return std::make_unique<Session>(server, std::move(sender), caller);
}

}  // namespace mezz::rpc
