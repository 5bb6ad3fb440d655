// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Makes the requests of a load when they are due, and takes the times of their answers.

#include <atomic>
#include <deque>
#include <unordered_map>

#include "app/bench_load.hpp"
#include "app/load_accounts.hpp"

namespace mezz::app {

/// What the generator and the thread that reads nonces tell each other. Thread-safe.
struct LoadShared {
    explicit LoadShared(std::size_t senders) : resume(senders) {}
    std::atomic<std::uint64_t> accepted = 0, included = 0;
    /// Of each sender: `flows`, `broken` after a refusal that left a gap, or the nonce to go on at.
    static constexpr std::uint64_t flows = ~std::uint64_t{0}, broken = flows - 1;
    std::vector<std::atomic<std::uint64_t>> resume;
};

/// Owned by one thread.
class LoadGenerator final : node::RpcSwarm::Events {
public:
    LoadGenerator(const BenchLoadOptions& options, const Mix& mix, LoadContracts contracts,
                  std::vector<LoadSender> senders, LoadShared& shared, LoadReport& report);

    /// Opens the connections. errors: as RpcSwarm::open.
    node::Result<void> connect(const node::RpcEndpoint& endpoint);
    /// Sends for as long as the options say, then waits for answers, 10 s at most.
    void run();

private:
    using Clock = std::chrono::steady_clock;
    struct Asked {
        LoadOperation operation;
        std::uint64_t due_us;
        std::uint64_t count;  ///< transactions or requests in it
        std::size_t sender;
        std::size_t connection;
    };
    struct Queued {
        std::uint64_t id;
        std::string body;
    };

    void on_message(std::size_t connection, std::string_view body) override;
    void on_lost(std::size_t connection, const std::string& why) override;

    [[nodiscard]] std::uint64_t now_us() const;
    void send_due();
    /// When the next request is due; none: not before something was answered or included.
    [[nodiscard]] std::optional<std::uint64_t> next_due_us() const;
    [[nodiscard]] bool may_ask(LoadOperation operation) const;
    void ask(LoadOperation operation, std::uint64_t due_us);
    std::string read_request(LoadOperation operation, std::uint64_t id);
    [[nodiscard]] std::optional<std::size_t> free_sender() const;
    [[nodiscard]] std::size_t free_connection() const;
    /// Sends what waits for connections that are free.
    void dispatch(std::size_t connection);
    void answered(const Asked& asked, std::string_view body);
    void fail(const Asked& asked, std::uint64_t count, std::string reason);

    const BenchLoadOptions& options_;
    LoadContracts contracts_;
    std::vector<LoadSender> senders_;
    LoadShared& shared_;
    LoadReport& report_;
    MixTurns turns_;
    LoadSchedule schedule_;
    std::unique_ptr<node::RpcSwarm> swarm_;
    bool websocket_ = false;

    Clock::time_point start_;
    std::uint64_t offered_ = 0;          ///< so far, as the schedule counts
    std::optional<LoadOperation> next_;  ///< its turn has come
    std::uint64_t next_id_ = 1;
    std::unordered_map<std::uint64_t, Asked> asked_;  ///< without an answer, by id
    std::vector<std::deque<Queued>> queues_;          ///< of each HTTP connection
    std::vector<std::uint64_t> under_way_;            ///< ids on HTTP connections; 0: none
    std::size_t sender_turn_ = 0, connection_turn_ = 0;
    std::uint64_t lost_in_a_row_ = 0;
    std::vector<std::size_t> lost_connections_;  ///< whose queues wait
};

}  // namespace mezz::app
