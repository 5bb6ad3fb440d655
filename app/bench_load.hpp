// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// `mezz bench load`: signs transfers, sends them over JSON-RPC, counts what blocks include.
///
/// Works against any Ethereum endpoint that knows the development accounts, so that peers can be
/// measured in the same run.

#include <cstdint>
#include <string>

namespace mezz::app {

struct BenchLoadOptions {
    std::string rpc_url = "http://127.0.0.1:9545";
    std::uint64_t seconds = 10;
    std::uint64_t rate = 1000;  ///< transactions a second offered; 0: as fast as answers come
    std::uint64_t batch = 100;  ///< requests in one JSON-RPC batch
    bool json = false;
};

/// returns: the process's exit code.
int run_bench_load(const BenchLoadOptions& options);

}  // namespace mezz::app
