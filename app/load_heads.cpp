// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/load_heads.hpp"

#include "app/load_control.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t open_timeout_ms = 60'000;
constexpr std::uint64_t late_us = 1'000'000;
/// Subscriptions asked for at once.
constexpr std::size_t asking_at_once = 256;
/// How late a head may be seen. The last client's times count it, too.
constexpr std::chrono::milliseconds gathering{1};

template <class Clock>
std::uint64_t now_us() {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now().time_since_epoch())
            .count());
}

/// The text of a member of a header, quotes included. Headers hold no member twice, and no other
/// object; parsing ten thousand notifications would delay those that are read last.
std::string_view member(std::string_view json, std::string_view key) {
    const auto at = json.find(key);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = json.substr(at + key.size());
    const auto begin = rest.find('"');
    const auto end = begin == std::string_view::npos ? begin : rest.find('"', begin + 1);
    return end == std::string_view::npos ? std::string_view{} : rest.substr(begin, end - begin + 1);
}

}  // namespace

bool HeadDeliveries::add(std::string_view body, std::uint64_t now_us, std::uint64_t unix_us) {
    if (body.find("\"eth_subscription\"") == std::string_view::npos) return false;
    const std::string_view hash = member(body, "\"hash\":");
    if (hash.empty()) return false;
    auto it = under_way_.find(hash);
    if (it == under_way_.end()) it = under_way_.emplace(hash, Head{now_us, 0}).first;
    if (++it->second.known < clients_) return true;
    first_to_last_us.record(now_us - it->second.first_us);
    const std::uint64_t made_us =
        1'000'000 * quantity_in(member(body, "\"timestamp\":")).value_or(0);
    timestamp_to_last_us.record(unix_us > made_us ? unix_us - made_us : 0);
    under_way_.erase(it);
    return true;
}

std::uint64_t HeadDeliveries::missing(std::uint64_t now_us) const {
    std::uint64_t out = 0;
    for (const auto& [hash, head] : under_way_)
        if (head.first_us > begun_us_ + late_us && head.first_us + late_us < now_us)
            out += clients_ - head.known;
    return out;
}

node::Result<std::unique_ptr<HeadSubscribers>> HeadSubscribers::subscribe(
    const node::RpcEndpoint& endpoint, std::size_t count) {
    std::unique_ptr<HeadSubscribers> out(new HeadSubscribers(count));
    node::RpcEndpoint ws = endpoint;
    ws.websocket = true;
    auto swarm = node::RpcSwarm::make(ws, *out);
    if (!swarm) return std::unexpected(swarm.error());
    out->swarm_ = std::move(*swarm);
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(open_timeout_ms);
    if (auto opened = out->swarm_->open(count, open_timeout_ms); !opened)
        return std::unexpected(opened.error());
    for (std::size_t asked = 0; out->subscribed_ < count;) {
        for (; asked < count && asked - out->subscribed_ < asking_at_once; ++asked)
            out->swarm_->send(
                asked,
                R"({"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]})");
        out->swarm_->poll(10'000);
        if (!out->trouble_.empty()) return node::retry("eth_subscribe: " + out->trouble_);
        if (std::chrono::steady_clock::now() > end)
            return node::retry("eth_subscribe: " + std::to_string(count - out->subscribed_) +
                               " of " + std::to_string(count) + " have no answer in 60 s");
    }
    // What came while not all had subscribed tells nothing.
    out->deliveries_ = HeadDeliveries(count, now_us<std::chrono::steady_clock>());
    out->thread_ = std::thread([self = out.get()] {
        while (!self->stopping_) {
            self->swarm_->poll(20'000);
            // Otherwise each message of a head wakes this thread by itself, at the cost of the
            // node, which shares the machine.
            std::this_thread::sleep_for(gathering);
        }
    });
    return out;
}

HeadSubscribers::~HeadSubscribers() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

HeadReport HeadSubscribers::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return {count_ - lost_, lost_, deliveries_.missing(now_us<std::chrono::steady_clock>()),
            deliveries_.first_to_last_us, deliveries_.timestamp_to_last_us};
}

void HeadSubscribers::on_message(std::size_t, std::string_view body) {
    if (deliveries_.add(body, now_us<std::chrono::steady_clock>(),
                        now_us<std::chrono::system_clock>()))
        return;
    if (body.find("\"error\"") != std::string_view::npos)
        trouble_ = body.substr(0, 200);
    else
        ++subscribed_;
}

void HeadSubscribers::on_lost(std::size_t, const std::string& why) {
    ++lost_;
    if (subscribed_ < count_) trouble_ = why;
}

}  // namespace mezz::app
