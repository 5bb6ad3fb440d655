// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A small HTTP/1.1 client: http:// only, keep-alive, a deadline on every call.
///
/// Thread-safe. Connections are pooled: concurrent calls use different ones. A call on a kept
/// connection that the server had closed meanwhile is sent once more on a fresh one, so requests
/// should be repeatable. A host name that does not resolve may hold a call longer than its
/// deadline.

#include <memory>
#include <string>
#include <string_view>

#include "node/ports/result.hpp"

namespace mezz::node {

struct HttpUrl {
    std::string host;
    std::string port = "80";
    std::string path = "/";
    friend bool operator==(const HttpUrl&, const HttpUrl&) = default;
};

/// "host[:port][/path]", what follows a scheme; IPv6 hosts in brackets. errors: why it is none.
std::expected<HttpUrl, std::string> parse_url_parts(std::string_view rest);
/// "http://" and those parts. Fails with fatal.
Result<HttpUrl> parse_http_url(std::string_view url);

struct HttpResponse {
    unsigned status = 0;
    std::string body;
};

struct HttpClientOptions {
    std::uint64_t connect_timeout_ms = 3'000;
    std::size_t max_body_bytes = 64u << 20;
    std::size_t max_idle_connections = 8;
};

class HttpClient {
public:
    explicit HttpClient(HttpUrl url, HttpClientOptions options = {});
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// POST of JSON to the URL's path. Any status is an answer; no answer is a retry error.
    Result<HttpResponse> post(std::string_view body, std::uint64_t timeout_ms);
    /// GET of `path_and_query`, appended to the URL's path.
    Result<HttpResponse> get(std::string_view path_and_query, std::uint64_t timeout_ms);

    /// Every call from now on fails at once, with retry; those under way go on.
    void close() noexcept;

    [[nodiscard]] const HttpUrl& url() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace mezz::node
