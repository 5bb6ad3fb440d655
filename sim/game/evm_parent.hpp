// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A parent chain that is nothing but the EVM over a state in memory: no trie, pool, database or
/// network, so that a game of hundreds of transactions takes milliseconds.
///
/// Transactions wait until `mine`, which puts them into one block at the clock's time, in an order
/// drawn by chance, those of one account by their nonces. Accounts can be censored meanwhile.
/// Copies start from the state of the original. Owned by one thread.

#include <map>
#include <set>

#include "core/exec/block_executor.hpp"
#include "core/state/memory_view.hpp"
#include "node/execute/interpreter/engine.hpp"
#include "node/ports/parent.hpp"
#include "sim/event_log.hpp"
#include "sim/random.hpp"

namespace mezz::sim {

class EvmParent final : public node::Parent {
public:
    static constexpr std::uint64_t id = 900;
    /// units: wei a gas. Constant: fees are no part of the game.
    static constexpr std::uint64_t base_fee = 7;

    /// Keeps the reference. units of `each`: wei.
    EvmParent(SimClock& clock, const std::vector<Address>& funded, const uint256& each);
    /// The same chain, to go on with another clock.
    EvmParent(const EvmParent& other, SimClock& clock);

    /// An unsigned call that the next block holds, behind all transactions: of somebody whose own
    /// fees and nonces do not matter.
    struct Call {
        Address from, to;
        uint256 value;
        Bytes input;
    };
    void inject(Call call) { injected_.push_back(std::move(call)); }
    void mine(Random& random);

    void censor(const Address& account) { censored_.insert(account); }
    void include_again(const Address& account) { censored_.erase(account); }

    [[nodiscard]] std::uint64_t now() const { return blocks_.back().timestamp; }
    /// Inputs of the calls that succeeded, in order: of transactions and injected ones.
    [[nodiscard]] const std::vector<Call>& succeeded() const { return succeeded_; }
    /// All ether there is, what was burnt as base fee included. units: wei.
    [[nodiscard]] uint256 total_supply() const;
    /// Fees an account paid. units: wei.
    [[nodiscard]] uint256 fees_paid(const Address& account) const;

    node::Result<std::uint64_t> chain_id() override { return id; }
    node::Result<node::ParentBlock> block(node::BlockTag tag) override;
    node::Result<std::optional<node::ParentBlock>> block(std::uint64_t number) override;
    node::Result<std::vector<node::ParentLog>> logs(const node::LogFilter& filter) override;
    node::Result<std::optional<Transaction>> transaction(const Bytes32& hash) override;
    node::Result<std::vector<Bytes>> blobs(const node::ParentBlock& block,
                                           const std::vector<Bytes32>& hashes) override;
    node::Result<Bytes> call(const Address& to, ByteView data,
                             node::BlockTag tag = node::BlockTag::latest) override;
    node::Result<std::uint64_t> nonce(const Address& address, bool pending) override;
    node::Result<uint256> balance(const Address& address) override;
    node::Result<Bytes> code(const Address& address) override;
    node::Result<std::uint64_t> estimate_gas(const Address& from, const std::optional<Address>& to,
                                             const uint256& value, ByteView data) override;
    node::Result<node::FeeQuote> fees() override;
    node::Result<Bytes32> send(ByteView raw) override;
    node::Result<std::optional<node::ParentReceipt>> receipt(const Bytes32& hash) override;

private:
    struct Waiting {
        Transaction txn;
        Bytes32 hash;
    };

    [[nodiscard]] BlockContext context(std::uint64_t number, std::uint64_t timestamp) const;
    void add(node::ParentReceipt receipt, const std::vector<Log>& logs, const Bytes32& hash);
    void pay(const Address& from, std::uint64_t gas, const uint256& price);

    std::expected<exec::SimulationResult, exec::TxError> simulate(const exec::Call& call,
                                                                  std::uint64_t blocks_ahead);

    SimClock& clock_;
    ChainSpec spec_;
    MemoryView state_;
    node::interpreter::CodeCache codes_;
    node::interpreter::Engine engine_{codes_};
    std::vector<node::ParentBlock> blocks_;
    std::vector<node::ParentLog> logs_;
    std::map<Bytes32, node::ParentReceipt> receipts_;
    std::map<Address, std::map<std::uint64_t, Waiting>> pending_;
    std::set<Address> censored_;
    std::vector<Call> injected_;
    std::vector<Call> succeeded_;
    std::map<Address, uint256> fees_;
    uint256 burnt_;  ///< base fees
};

}  // namespace mezz::sim
