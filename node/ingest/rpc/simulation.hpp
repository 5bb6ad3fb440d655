// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Blocks that are executed on a block and forgotten. spec: execution-apis, eth_simulateV1;
/// geth, internal/ethapi/simulate.go.

#include "node/ingest/rpc/call_arguments.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {

/// One entry of blockStateCalls; number and timestamp are set once the gaps are filled.
struct BlockCalls {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;
    std::optional<std::uint64_t> gas_limit;
    std::optional<uint256> base_fee;
    std::optional<Address> coinbase;
    std::optional<Bytes32> prev_randao;
    std::optional<Bytes32> parent_beacon_root;
    std::vector<Withdrawal> withdrawals;
    std::vector<exec::AccountOverride> overrides;
    std::vector<CallArguments> calls;
};

struct SimulationRequest {
    std::vector<BlockCalls> blocks;
    bool transfers = false;  ///< log movements of ether, too
    bool validates = false;  ///< nonces and fees must be those of real transactions
    bool full_transactions = false;
};

/// Reads params[0] and fills the gaps between the blocks, seen from `base`.
/// errors: -38020, -38021 (order of numbers, of times), -38026 (more than 256 blocks).
SimulationRequest read_simulation(const Value& value, const Header& base);

/// How one call ended.
struct SimulatedCall {
    evm::Status status = evm::Status::success;
    Bytes output;
    std::uint64_t gas_used = 0;
    std::uint64_t most_used = 0;
    std::vector<Log> logs;
};

struct SimulatedBlock {
    FullBlock full;
    std::vector<SimulatedCall> calls;
};

/// errors: -38010 to -38015, -38025, as execution-apis names them.
std::vector<SimulatedBlock> simulate_blocks(Context& context, std::uint64_t base,
                                            const SimulationRequest& request);

}  // namespace mezz::rpc
