// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz bench load`: signs transfers of ether or of an ERC-20, sends them over JSON-RPC, counts
/// what blocks include.
///
/// Works against any Ethereum endpoint that knows the development accounts, so that peers can be
/// measured in the same run. What is included is read from the senders' nonces, which every
/// endpoint counts alike.

#include <cstdint>
#include <string>

namespace mezz::app {

enum class LoadKind : std::uint8_t { transfers, erc20 };

struct BenchLoadOptions {
    std::string rpc_url = "http://127.0.0.1:9545";
    LoadKind kind = LoadKind::transfers;
    std::uint64_t seconds = 10;
    std::uint64_t rate = 1000;  ///< transactions a second offered; 0: as fast as they are included
    std::uint64_t batch = 100;  ///< requests in one JSON-RPC batch
    /// Transactions sent and not included yet that the generator waits at.
    std::uint64_t max_waiting = 20'000;
    /// Different recipients; 0: each transaction has a new one.
    std::uint64_t recipients = 0;
    bool json = false;
};

/// returns: the process's exit code.
int run_bench_load(const BenchLoadOptions& options);

}  // namespace mezz::app
