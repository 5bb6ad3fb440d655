// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/console_service.hpp"

#include <charconv>

#include "app/console_assets.hpp"
#include "app/logging.hpp"
#include "node/ingest/rpc/json_writer.hpp"

namespace mezz::app {
namespace {

using host::http::HttpRequest;
using host::http::HttpResponse;
using rpc::JsonWriter;

/// Nothing but what this server serves; no frames around it, no forms away from it.
constexpr std::string_view page_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src "
    "'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Resource-Policy: same-origin\r\n";
constexpr std::uint64_t parent_timeout_ms = 20'000;
/// units: milliseconds between two looks at the heads.
constexpr std::uint64_t look_ms = 100;

HttpResponse failure(unsigned status, std::string_view message) {
    HttpResponse r;
    r.status = status;
    r.body = "{\"code\":" + std::to_string(status) + ",\"message\":" + rpc::quote(message) + "}";
    return r;
}

/// A number in the query, "?after=12"; 0 without it. none: not a number.
std::optional<std::uint64_t> number_in_query(std::string_view target, std::string_view name) {
    const auto at = target.find('?');
    std::string_view query = at == std::string_view::npos ? "" : target.substr(at + 1);
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string_view part = query.substr(0, end);
        query = end == std::string_view::npos ? "" : query.substr(end + 1);
        if (!part.starts_with(name) || part.size() <= name.size() || part[name.size()] != '=')
            continue;
        const std::string_view text = part.substr(name.size() + 1);
        std::uint64_t value = 0;
        const auto r = std::from_chars(text.begin(), text.end(), value);
        if (r.ec != std::errc() || r.ptr != text.end()) return std::nullopt;
        return value;
    }
    return 0;
}

void number(JsonWriter& out, std::string_view key, std::uint64_t value) {
    out.field(key).number(static_cast<std::int64_t>(value));
}

}  // namespace

ConsoleService::ConsoleService(RollupService& service, Metrics& metrics, ConsoleOptions options)
    : service_(service),
      metrics_(metrics),
      options_(std::move(options)),
      worker_([this] { return sample(); }) {}

ConsoleService::~ConsoleService() {
    stop();
}

void ConsoleService::stop() {
    if (server_) server_->stop();
    worker_.stop();
}

node::Result<std::uint16_t> ConsoleService::serve() {
    if (options_.parent == nullptr) {
        auto url = node::parse_http_url(options_.parent_url);
        if (!url) return std::unexpected(url.error());
        parent_client_ = std::make_unique<node::HttpClient>(std::move(*url));
    }
    add_routes();
    service_.pool().on_pending([latency = latency_](const Bytes32& hash) {
        host::SystemClock clock;
        latency->pending(hash, clock.now_ms());
    });
    host::http::ServerOptions server;
    server.port = options_.port;
    server.port_flag = "--console-port";
    server.threads = 2;
    server.allowed_origins = {};  // its own pages only
    auto started = host::http::Server::start(server, router_);
    if (!started && options_.any_port_if_taken) {
        const std::string why = started.error().message;
        server.port = 0;
        started = host::http::Server::start(server, router_);
        if (started)
            log::warn("console", "took another port", {{"why", why}, {"port", (*started)->port()}});
    }
    if (!started) return std::unexpected(started.error());
    server_ = std::move(*started);
    worker_.start();
    return server_->port();
}

void ConsoleService::add(const char* path, std::function<std::string()> make) {
    router_.add("GET", path, [make = std::move(make)](const Request& request) {
        if (!host::http::is_local_host(request.header("Host")))
            return failure(403, "the console is served to this machine only");
        HttpResponse r;
        r.headers = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
        r.body = make();
        return r;
    });
}

void ConsoleService::add_routes() {
    router_.add("GET", "/*", [this](const Request& request) { return file(request); });
    router_.add("POST", "/rpc", [this](const Request& request) {
        // As anybody on the port of the node: what takes a token there takes one here.
        const auto caller = service_.access().identify(request.authorization);
        if (!caller) return failure(401, caller.error());
        HttpResponse r;
        r.body = service_.rpc().handle(request.body, *caller);
        return r;
    });
    router_.add("POST", "/parent", [this](const Request& request) { return ask_parent(request); });
    router_.on_websocket([this](const host::http::Handshake& handshake,
                                std::shared_ptr<host::http::WsSender> sender) {
        return open(handshake, std::move(sender));
    });
    add("/api/network", [this] { return network_json(); });
    add("/api/config", [this] { return config_json(); });
    add("/api/latency", [this] { return latency_json(); });
    const auto add_after = [this](const char* path,
                                  std::function<std::string(std::uint64_t)> make) {
        router_.add("GET", path, [make = std::move(make)](const Request& request) {
            if (!host::http::is_local_host(request.header("Host")))
                return failure(403, "the console is served to this machine only");
            const auto after = number_in_query(request.target, "after");
            if (!after) return failure(400, "after: expected a decimal number");
            HttpResponse r;
            r.headers = "Cache-Control: no-store\r\n";
            r.body = make(*after);
            return r;
        });
    };
    add_after("/api/history", [this](std::uint64_t after) { return history_json(after); });
    add_after("/api/logs", [this](std::uint64_t after) { return logs_json(after); });
    router_.add("GET", "/metrics", [this](const Request& request) {
        if (!host::http::is_local_host(request.header("Host")))
            return failure(403, "the console is served to this machine only");
        HttpResponse r;
        r.content_type = "text/plain; version=0.0.4";
        r.body = metrics_.text();
        return r;
    });
    if (options_.lab == nullptr) return;
    add("/api/lab", [this] { return options_.lab->to_json(); });
    router_.add("POST", "/api/lab/*", [this](const Request& request) {
        // The server refused other origins already. This keeps plain forms of any page out.
        if (request.header("Content-Type") != "application/json" ||
            !host::http::is_local_host(request.header("Host")))
            return failure(403, "faults are started by the console's own page only");
        constexpr std::string_view folder = "/api/lab/";
        const std::string why =
            options_.lab->start(host::http::path_of(request.target).substr(folder.size()));
        if (!why.empty()) return failure(409, why);
        HttpResponse r;
        r.body = options_.lab->to_json();
        return r;
    });
}

HttpResponse ConsoleService::file(const Request& request) {
    if (!host::http::is_local_host(request.header("Host")))
        return failure(403, "the console is served to this machine only");
    const std::string_view path = host::http::path_of(request.target);
    const ConsoleAsset* asset = find_console_asset(path);
    // The page's own places ("/block/7") are all the one page; files have a dot in their name.
    if (asset == nullptr && !path.starts_with("/assets/") && !path.starts_with("/api/") &&
        path.find('.') == std::string_view::npos)
        asset = find_console_asset("/index.html");
    if (asset == nullptr) return failure(404, "no such path");
    HttpResponse r;
    r.headers = page_headers;
    r.headers += "ETag: ";
    r.headers += asset->etag;
    r.headers += asset->immutable ? "\r\nCache-Control: public, max-age=31536000, immutable\r\n"
                                  : "\r\nCache-Control: no-cache\r\n";
    if (request.header("If-None-Match") == asset->etag) {
        r.status = 304;
        return r;
    }
    r.content_type = asset->content_type;
    r.body = asset->bytes;
    return r;
}

HttpResponse ConsoleService::ask_parent(const Request& request) {
    HttpResponse r;
    if (options_.parent != nullptr) {
        r.body = options_.parent->rpc().handle(request.body);
        return r;
    }
    auto answer = parent_client_->post(request.body, parent_timeout_ms);
    if (!answer)
        return failure(502, "the parent chain at " + options_.parent_url +
                                " does not answer: " + answer.error().message);
    r.status = answer->status;
    r.body = std::move(answer->body);
    return r;
}

std::unique_ptr<host::http::WsSession> ConsoleService::open(
    const host::http::Handshake& handshake, std::shared_ptr<host::http::WsSender> sender) {
    const auto path = host::http::path_of(handshake.target);
    if (path == "/ws") {
        const auto caller = service_.access().identify(handshake.authorization);
        if (!caller) return nullptr;
        return rpc::open_session(service_.rpc(), std::move(sender), *caller);
    }
    if (path == "/parent/ws" && options_.parent != nullptr)
        return rpc::open_session(options_.parent->rpc(), std::move(sender), std::nullopt);
    return nullptr;
}

std::uint64_t ConsoleService::sample() {
    const std::uint64_t now = clock_.now_ms();
    for (const auto& hash : latency_->waiting()) {
        const auto place = service_.chain().find_transaction(hash);
        if (place && *place) latency_->included(hash, (*place)->block_number, now);
    }
    heads_.safe = service_.chain().head(node::Head::safe).number;
    heads_.finalized = service_.chain().head(node::Head::finalized).number;
    latency_->advance(heads_, now);
    if (now < sampled_ms_ + HeadHistory::interval_ms) return look_ms;
    const RollupStatus s = service_.status();
    if (service_.has_proposer()) {
        heads_.claimed = s.proposed;
        heads_.settled = s.proposer.anchor_block;
    }
    sampled_ms_ = now;
    history_.add({now, s.unsafe.number, s.safe.number, s.finalized.number, s.proposed,
                  s.proposer.anchor_block, s.parent_latest, s.pool_pending, s.pool_queued,
                  s.batcher.payload_bytes, s.batcher.published_bytes});
    return look_ms;
}

std::string ConsoleService::history_json(std::uint64_t after_ms) {
    JsonWriter out;
    out.array([&] {
        for (const auto& s : history_.after(after_ms))
            out.object([&] {
                number(out, "timeMs", s.time_ms);
                number(out, "unsafe", s.unsafe);
                number(out, "safe", s.safe);
                number(out, "finalized", s.finalized);
                number(out, "claimed", s.claimed);
                number(out, "settled", s.settled);
                number(out, "parent", s.parent);
                number(out, "pending", s.pending);
                number(out, "queued", s.queued);
                number(out, "payloadBytes", s.payload_bytes);
                number(out, "publishedBytes", s.published_bytes);
            });
    });
    return out.take();
}

std::string ConsoleService::latency_json() {
    JsonWriter out;
    out.array([&] {
        for (std::size_t i = 0; i < trip_stages; ++i) {
            const auto stage = static_cast<TripStage>(i);
            const LatencySummary summary = latency_->summary(stage);
            out.object([&] {
                out.field("stage").string(name_of(stage));
                number(out, "count", summary.count);
                number(out, "p50Ms", summary.p50_ms);
                number(out, "p95Ms", summary.p95_ms);
                number(out, "p99Ms", summary.p99_ms);
            });
        }
    });
    return out.take();
}

std::string ConsoleService::logs_json(std::uint64_t after) {
    JsonWriter out;
    out.array([&] {
        if (!options_.logs) return;
        for (const auto& line : options_.logs->after(after))
            out.object([&] {
                number(out, "sequence", line.sequence);
                number(out, "timeMs", line.time_ms);
                out.field("level").string(line.level);
                out.field("component").string(line.component);
                out.field("message").string(line.message);
            });
    });
    return out.take();
}

}  // namespace mezz::app
