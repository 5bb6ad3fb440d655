// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_control.hpp"

#include <simdjson.h>

#include <charconv>
#include <chrono>

#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t open_timeout_ms = 3'000;
constexpr auto answer_timeout = std::chrono::seconds(10);

std::string request(std::size_t id, std::string_view method, const std::string& params) {
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":")" +
           std::string(method) + R"(","params":)" + params + "}";
}

}  // namespace

std::optional<std::uint64_t> quantity_in(std::string_view json) {
    if (!json.starts_with("\"0x") || !json.ends_with('"') || json.size() < 5) return std::nullopt;
    std::uint64_t value = 0;
    const char* end = json.data() + json.size() - 1;
    const auto r = std::from_chars(json.data() + 3, end, value, 16);
    if (r.ec != std::errc{} || r.ptr != end) return std::nullopt;
    return value;
}

node::Result<std::unique_ptr<LoadControl>> LoadControl::connect(const node::RpcEndpoint& endpoint) {
    std::unique_ptr<LoadControl> control(new LoadControl);
    auto swarm = node::RpcSwarm::make(endpoint, *control);
    if (!swarm) return std::unexpected(swarm.error());
    control->swarm_ = std::move(*swarm);
    if (auto opened = control->swarm_->open(1, open_timeout_ms); !opened)
        return std::unexpected(opened.error());
    return control;
}

void LoadControl::on_message(std::size_t, std::string_view body) {
    answer_ = body;
}

void LoadControl::on_lost(std::size_t, const std::string& why) {
    lost_ = why;
}

node::Result<std::string> LoadControl::exchange(const std::string& body) {
    answer_.clear();
    lost_.clear();
    swarm_->send(0, body);
    const auto end = steady_clock::now() + answer_timeout;
    while (answer_.empty() && lost_.empty()) {
        if (steady_clock::now() > end) return node::retry("the endpoint does not answer in 10 s");
        swarm_->poll(50'000);
    }
    if (answer_.empty()) return node::retry("the endpoint went away: " + lost_);
    return std::exchange(answer_, {});
}

node::Result<std::string> LoadControl::call(std::string_view method,
                                            const std::string& params_json) {
    const auto answer = exchange(request(1, method, params_json));
    if (!answer) return std::unexpected(answer.error());
    simdjson::dom::parser parser;
    simdjson::dom::element root, result;
    if (parser.parse(simdjson::padded_string(*answer)).get(root) != simdjson::SUCCESS)
        return node::retry(std::string(method) +
                           ": the answer is not JSON: " + answer->substr(0, 80));
    if (root["result"].get(result) == simdjson::SUCCESS) return simdjson::minify(result);
    std::string_view message = "the answer has neither result nor error";
    (void)root["error"]["message"].get_string().get(message);
    return node::reset(std::string(method) + ": " + std::string(message));
}

node::Result<std::uint64_t> LoadControl::quantity(std::string_view method,
                                                  const std::string& params_json) {
    const auto result = call(method, params_json);
    if (!result) return std::unexpected(result.error());
    if (const auto value = quantity_in(*result)) return *value;
    return node::reset(std::string(method) + ": expected a quantity, got " + result->substr(0, 80));
}

node::Result<std::vector<std::uint64_t>> LoadControl::nonces(std::span<const Address> accounts,
                                                             std::string_view tag) {
    std::string body = "[";
    for (std::size_t i = 0; i < accounts.size(); ++i)
        body += (i == 0 ? "" : ",") +
                request(i, "eth_getTransactionCount",
                        "[\"" + node::hex_text(accounts[i]) + "\",\"" + std::string(tag) + "\"]");
    const auto answer = exchange(body + "]");
    if (!answer) return std::unexpected(answer.error());
    simdjson::dom::parser parser;
    simdjson::dom::array answers;
    std::vector<std::uint64_t> out(accounts.size());
    if (parser.parse(simdjson::padded_string(*answer)).get_array().get(answers) !=
        simdjson::SUCCESS)
        return node::reset("eth_getTransactionCount: the answer to a batch is no list: " +
                           answer->substr(0, 80));
    std::size_t found = 0;
    for (const auto one : answers) {
        std::uint64_t id = 0;
        std::string_view text;
        if (one["id"].get(id) != simdjson::SUCCESS || id >= out.size() ||
            one["result"].get(text) != simdjson::SUCCESS)
            return node::reset("eth_getTransactionCount: " + simdjson::minify(one).substr(0, 200));
        const auto nonce = quantity_in("\"" + std::string(text) + "\"");
        if (!nonce) return node::reset("eth_getTransactionCount: expected a quantity");
        out[id] = *nonce;
        ++found;
    }
    if (found != out.size()) return node::reset("eth_getTransactionCount: answers are missing");
    return out;
}

}  // namespace mezz::app
