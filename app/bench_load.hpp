// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz bench load`: requests by schedule to any Ethereum endpoint that knows the development
/// accounts, so that peers can be measured in the same run.
///
/// Open loop: a request is due when the rate says so, and its latency counts from then, whether or
/// not it could be sent; an endpoint that stalls is charged for all that came due meanwhile. What
/// is included is read from the senders' nonces, which every endpoint counts alike.

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "app/load_heads.hpp"
#include "app/load_mix.hpp"

namespace CLI {
class App;
}

namespace mezz::app {

struct BenchLoadOptions {
    std::string rpc_url = "http://127.0.0.1:9545";  ///< or ws://
    std::string kind = "transfers";
    std::string mix;  ///< instead of a kind
    std::uint64_t seconds = 10;
    /// Offered a second: transactions, and requests of the other kinds. 0: as fast as they are
    /// answered and included.
    std::uint64_t rate = 1000;
    std::uint64_t batch = 1;  ///< transactions in one JSON-RPC batch
    std::uint64_t connections = 10;
    std::uint64_t subscriptions = 0;  ///< connections that wait for new heads
    /// Transactions sent and not included yet, and requests without an answer, that the generator
    /// waits at.
    std::uint64_t max_waiting = 20'000;
    /// Different recipients; 0: each transaction has a new one.
    std::uint64_t recipients = 0;
    bool json = false;
};

/// Keeps a reference to `options` until the command line is parsed.
void add_load_flags(CLI::App& command, BenchLoadOptions& options);

/// returns: the process's exit code: 0; 1 when nothing was answered or included; 2 for options
/// that make no sense; 4 when nobody answers at the endpoint, or no longer.
int run_bench_load(const BenchLoadOptions& options);

/// What was measured.
struct LoadReport {
    std::uint64_t accepted = 0, refused = 0, included = 0;  ///< transactions
    std::uint64_t requests = 0, answered = 0, failed = 0;   ///< failed: answered with an error
    std::uint64_t unsent = 0;                               ///< due before the end, and never sent
    double total_s = 0;                                     ///< until the last was included
    double sending_s = 0;                                   ///< while the generator sent
    std::uint64_t included_while_sending = 0;
    std::map<LoadOperation, LoadHistogram> latency_us;
    std::map<std::string, std::uint64_t> errors;
    std::optional<HeadReport> heads;
    std::string gone;  ///< why the endpoint answers no more
};

/// Prints to standard output; troubles to standard error.
void print_load_report(const BenchLoadOptions& options, const Mix& mix, const LoadReport& report);

}  // namespace mezz::app
