// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Many clients that wait for new heads: how long it takes until all of them know of one.

#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "app/load_histogram.hpp"
#include "node/host/client/rpc_swarm.hpp"

namespace mezz::app {

/// What notifications of heads tell. Owned by one thread.
class HeadDeliveries {
public:
    /// A head that comes in the first second after `begun_us` may have reached some clients before.
    explicit HeadDeliveries(std::size_t clients, std::uint64_t begun_us = 0)
        : clients_(clients), begun_us_(begun_us) {}

    /// `body`: what a client was sent. units: microseconds of a clock that never goes back;
    /// microseconds since 1970. returns: whether it tells of a head.
    bool add(std::string_view body, std::uint64_t now_us, std::uint64_t unix_us);

    [[nodiscard]] std::uint64_t heads() const noexcept { return first_to_last_us.count(); }
    /// Notifications that did not come, of heads of which some client knows for a second.
    [[nodiscard]] std::uint64_t missing(std::uint64_t now_us) const;

    /// Of the heads that all clients know of. units: microseconds.
    LoadHistogram first_to_last_us;
    /// From the second that the block has for its time to the last delivery.
    LoadHistogram timestamp_to_last_us;

private:
    struct Head {
        std::uint64_t first_us = 0;
        std::size_t known = 0;
    };
    std::size_t clients_;
    std::uint64_t begun_us_;
    std::map<std::string, Head, std::less<>> under_way_;  ///< by hash
};

struct HeadReport {
    std::size_t open = 0;
    std::size_t lost = 0;  ///< connections that ended
    std::uint64_t missing = 0;
    LoadHistogram first_to_last_us, timestamp_to_last_us;
};

/// N connections with a subscription each, read by a thread of its own.
class HeadSubscribers final : node::RpcSwarm::Events {
public:
    /// Subscribes. errors: retry when the endpoint refuses or does not answer; fatal when this
    /// process may not have so many connections.
    static node::Result<std::unique_ptr<HeadSubscribers>> subscribe(
        const node::RpcEndpoint& endpoint, std::size_t count);
    ~HeadSubscribers() override;
    /// Ends it. Call once.
    HeadReport stop();

private:
    explicit HeadSubscribers(std::size_t count) : count_(count), deliveries_(count) {}
    void on_message(std::size_t connection, std::string_view body) override;
    void on_lost(std::size_t connection, const std::string& why) override;

    std::size_t count_;
    std::unique_ptr<node::RpcSwarm> swarm_;
    HeadDeliveries deliveries_;
    std::size_t subscribed_ = 0, lost_ = 0;
    std::string trouble_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace mezz::app
