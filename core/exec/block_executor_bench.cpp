// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0

/// Rates of BlockExecutor::apply on a state in memory, without signature recovery.

#include <benchmark/benchmark.h>

#include "core/crypto/keccak.hpp"
#include "core/exec/exec_test.hpp"

namespace mezz::exec::test {
namespace {

constexpr std::uint64_t TRANSACTIONS = 2000;
constexpr std::uint64_t SENDERS = 200;

Address sender_at(std::uint64_t i) {
    return to_address(to_uint256(crypto::keccak256(to_bytes32(i))));
}

/// A token without checks: moves `amount` from caller to `to` in slots keccak(address), then logs.
/// Call data: to (32 bytes), amount (32 bytes).
Bytes token_code() {
    using namespace evm;
    Bytes code;
    const auto op = [&](std::initializer_list<int> bytes) {
        for (const int b : bytes) code.push_back(static_cast<std::uint8_t>(b));
    };
    for (const bool credit : {false, true}) {
        if (credit)
            op({OP_PUSH0, OP_CALLDATALOAD});
        else
            op({OP_CALLER});
        op({OP_PUSH0, OP_MSTORE, OP_PUSH1, 64, OP_PUSH0, OP_KECCAK256});  // slot
        op({OP_DUP1, OP_SLOAD, OP_PUSH1, 32, OP_CALLDATALOAD, OP_SWAP1});
        op({credit ? OP_ADD : OP_SUB, OP_SWAP1, OP_SSTORE});
    }
    op({OP_PUSH1, 32, OP_CALLDATALOAD, OP_PUSH0, OP_MSTORE});
    op({OP_PUSH0, OP_CALLDATALOAD, OP_CALLER});
    code.push_back(OP_PUSH32);
    append(code, crypto::keccak256(Bytes{'T', 'r', 'a', 'n', 's', 'f', 'e', 'r'}));
    op({OP_PUSH1, 32, OP_PUSH0, OP_LOG0 + 3, OP_PUSH1, 1, OP_PUSH0, OP_MSTORE, OP_PUSH1, 32,
        OP_PUSH0, OP_RETURN});
    return code;
}

struct Load {
    World world;
    std::vector<Transaction> transactions;
    std::vector<Address> senders;

    explicit Load(bool token) {
        world.block.gas_limit = std::uint64_t{1} << 40;
        std::vector<std::pair<Bytes32, uint256>> balances;
        for (std::uint64_t i = 0; i < SENDERS; ++i) {
            const Address sender = sender_at(i);
            world.view.set(sender, 0, ETHER);
            Bytes key = to_bytes(to_bytes32(to_uint256(sender)));
            key.resize(64);
            balances.emplace_back(crypto::keccak256(key), 1'000'000);
        }
        if (token) world.view.set(RECIPIENT, 1, 0, token_code(), balances);
        for (std::uint64_t i = 0; i < TRANSACTIONS; ++i) {
            Transaction txn = transfer();
            txn.nonce = i / SENDERS;
            const Address to = sender_at((i * 7 + 1) % SENDERS);
            if (token) {
                txn.value = 0;
                txn.gas_limit = 100'000;
                txn.data = to_bytes(to_bytes32(to_uint256(to)));
                append(txn.data, to_bytes32(3));
            } else {
                txn.to = to;
                txn.value = 5;
            }
            transactions.push_back(txn);
            senders.push_back(sender_at(i % SENDERS));
        }
    }
};

void apply(benchmark::State& state, bool token) {
    Load load(token);
    std::uint64_t gas = 0;
    for (auto _ : state) {
        BlockExecutor executor(load.world.view, load.world.spec, load.world.block,
                               load.world.hashes);
        for (std::size_t i = 0; i < load.transactions.size(); ++i) {
            auto receipt = executor.apply(load.transactions[i], load.senders[i]);
            if (!receipt || !receipt->success) state.SkipWithError("a transaction failed");
            benchmark::DoNotOptimize(receipt);
        }
        gas += executor.gas_used();
        Diff diff = executor.finish();
        benchmark::DoNotOptimize(diff);
    }
    using benchmark::Counter;
    state.counters["txn/s"] =
        Counter(static_cast<double>(state.iterations() * TRANSACTIONS), Counter::kIsRate);
    state.counters["Mgas/s"] = Counter(static_cast<double>(gas) / 1e6, Counter::kIsRate);
}
BENCHMARK_CAPTURE(apply, transfers, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(apply, token_transfers, true)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace mezz::exec::test
