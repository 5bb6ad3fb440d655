// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A small world for the tests and benchmarks of this folder.

#include "core/exec/transition.hpp"
#include "core/state/memory_view.hpp"
#include "core/vm/evm/opcodes.hpp"

namespace mezz::exec::test {

inline constexpr Address SENDER = hex<Address>("0x00000000000000000000000000000000005e4de4");
inline constexpr Address RECIPIENT = hex<Address>("0x0000000000000000000000000000000000004ec1");
inline constexpr Address COINBASE = hex<Address>("0x4200000000000000000000000000000000000011");
inline const uint256 ETHER = 1'000'000'000'000'000'000;

struct NumberHashes final : BlockHashes {
    Bytes32 hash(std::uint64_t number) override { return to_bytes32(number); }
};

struct World {
    World() {
        view.set(SENDER, 5, ETHER);
        block.number = 1;
        block.timestamp = 1000;
        block.gas_limit = 30'000'000;
        block.base_fee = 10;
        block.coinbase = COINBASE;
    }
    std::expected<Receipt, TxError> apply(const Transaction& txn) {
        BlockExecutor executor(view, spec, block, hashes);
        auto receipt = executor.apply(txn, SENDER);
        diff = executor.finish();
        return receipt;
    }
    /// The same, keeping the changes.
    std::expected<Receipt, TxError> commit(const Transaction& txn) {
        auto receipt = apply(txn);
        view.apply(diff);
        return receipt;
    }
    uint256 balance(const Address& address) {
        const auto account = view.account(address);
        return account ? account->balance : uint256{};
    }

    MemoryView view;
    ChainSpec spec;
    BlockContext block;
    NumberHashes hashes;
    Diff diff;
};

inline Transaction transfer() {
    Transaction txn;
    txn.type = TxType::dynamic_fee;
    txn.chain_id = 1;
    txn.nonce = 5;
    txn.max_fee_per_gas = 20;
    txn.max_priority_fee_per_gas = 2;
    txn.gas_limit = 21000;
    txn.to = RECIPIENT;
    txn.value = 1000;
    return txn;
}

}  // namespace mezz::exec::test
