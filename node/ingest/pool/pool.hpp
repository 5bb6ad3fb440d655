// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The transaction pool: checks what arrives, keeps what can run, hands out the best next one.
///
/// Each account's transactions stand by nonce. The first one that may run now is its candidate;
/// candidates are ordered by tip, then by arrival. A transaction handed out with `pop_best` stays
/// known until `settle` says that its block exists (or `give_back` that it does not).
/// Thread-safe: one lock, held briefly; signature recovery happens outside it.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <unordered_map>

#include "core/exec/transaction.hpp"
#include "core/types/blob_sidecar.hpp"
#include "node/ports/result.hpp"
#include "node/ports/txn_pool.hpp"
#include "node/ports/txn_source.hpp"

namespace mezz::node {

struct PoolOptions {
    std::size_t max_transactions = 65'536;
    /// Of all transactions, sidecars included: what their number alone does not bound.
    std::size_t max_bytes = 256 << 20;
    /// Executable or not; also how far ahead of the account a nonce may be.
    std::size_t max_per_account = 16'384;
    /// units: bytes of a transaction without its sidecar. geth: txMaxSize.
    std::size_t max_txn_bytes = 131'072;
    /// A replacement must raise both fees by this much. units: percent.
    unsigned replacement_bump_percent = 10;
    /// Blob transactions must at least double theirs. spec: geth blobpool.
    unsigned blob_replacement_bump_percent = 100;
    /// Least tip taken. units: wei a gas. geth: txpool.pricelimit.
    uint256 min_tip{1};
};

/// What the pool asks about the chain.
struct PoolChain {
    const ChainSpec* spec = nullptr;
    /// The account at the head. Any thread.
    std::function<Result<Account>(const Address&)> account;
    /// The context of the next block (number, timestamp, gas limit, base fee, excess blob gas).
    std::function<BlockContext()> next_block;
    /// Fee for publishing these bytes, on a rollup. units: wei. May be empty.
    std::function<uint256(ByteView)> l1_data_fee;
    /// Checks a blob sidecar; empty where blob transactions are refused anyway.
    std::function<std::expected<void, std::string>(const NetworkTransaction&)> check_sidecar;
};

class Pool final : public TxnPool, public TxnSource {
public:
    Pool(PoolChain chain, PoolOptions options = {});

    // TxnPool
    std::expected<Bytes32, PoolRejection> submit(ByteView raw) override;
    std::optional<PooledTxn> find(const Bytes32& hash) override;
    std::optional<std::uint64_t> pending_nonce(const Address& sender) override;
    PoolStatus status() override;
    Content content() override;
    void on_pending(Listener listener) override;

    /// Takes a transaction without a signature, on trust (node::is_impersonated). Development only.
    std::expected<Bytes32, PoolRejection> submit_impersonated(Transaction txn,
                                                              const Address& sender);
    /// Forgets transactions that are not being included now: one, those of a sender, all.
    /// returns: how many.
    std::size_t forget(const Bytes32& hash);
    std::size_t forget(const Address& sender);
    std::size_t forget_all();

    // TxnSource
    PooledRef pop_best(const uint256& base_fee, const uint256& blob_base_fee = {}) override;
    std::vector<PooledRef> peek(std::size_t count) override;
    void drop(const PooledRef& txn) override;
    void give_back(const PooledRef& txn) override;
    void settle(const std::vector<std::pair<Address, std::uint64_t>>& next_nonces) override;
    void reinject(const std::vector<Transaction>& txns) override;

private:
    struct Candidate {
        uint256 tip;
        std::uint64_t arrival;
        PooledRef txn;
        bool operator<(const Candidate& o) const {
            if (tip != o.tip) return tip > o.tip;
            return arrival < o.arrival;
        }
    };
    struct Slot {
        PooledRef txn;
        std::uint64_t arrival = 0;
        bool popped = false;
    };
    struct Queue {
        std::uint64_t next_nonce = 0;  ///< of the account at the head
        std::uint64_t popped_to = 0;   ///< slots from next_nonce to here are there and popped
        std::map<std::uint64_t, Slot> slots;
    };

    std::expected<PooledTxn, PoolRejection> check(ByteView raw) const;
    /// Takes one whose sender is known.
    std::expected<Bytes32, PoolRejection> take(PooledTxn txn);
    std::size_t forget_of(const Address& sender, Queue& queue);
    std::expected<void, PoolRejection> insert(const PooledRef& txn, const Account& account);
    void refresh_candidate(const Address& sender, Queue& queue);
    void remove_candidate(const Address& sender);
    bool make_room();
    void erase(const Address& sender, Queue& queue, std::map<std::uint64_t, Slot>::iterator slot);
    void remember(const PooledRef& txn);
    void forget(const PooledRef& txn);

    PoolChain chain_;
    PoolOptions options_;
    mutable std::mutex mutex_;
    std::uint64_t arrivals_ = 0;
    std::map<Address, Queue> queues_;
    std::map<Bytes32, PooledRef> by_hash_;
    std::size_t bytes_ = 0;  ///< of by_hash_
    std::set<Candidate> candidates_;
    std::map<Address, Candidate> candidate_of_;
    /// Senders of dropped ones: asked about once a block exists.
    std::set<Address> dropped_from_;
    std::vector<Listener> listeners_;
};

}  // namespace mezz::node
