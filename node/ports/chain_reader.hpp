// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A chain as its readers (RPC, actors, explorers) see it. Thread-safe: answers come from the last
/// committed state, and a StateReader keeps one block's state for as long as it lives.

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/exec/block_executor.hpp"
#include "core/state/view.hpp"
#include "core/types/header.hpp"
#include "core/vm/evm/machine.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

/// The four heads of a rollup; on a parent `unsafe` is latest.
enum class Head : std::uint8_t { unsafe, safe, finalized };

struct BlockRef {
    std::uint64_t number = 0;
    Bytes32 hash;
    friend bool operator==(const BlockRef&, const BlockRef&) = default;
};

/// How an error about a block begins whose transactions and receipts are no longer kept.
inline constexpr std::string_view PRUNED_HISTORY = "pruned history unavailable";

/// The same of the state of a block. As geth says it.
inline constexpr std::string_view PRUNED_STATE = "missing trie node";

struct StoredBlock {
    Header header;
    Bytes32 hash;
    std::uint64_t size_bytes = 0;  ///< of the RLP of header and transactions
    std::vector<Transaction> transactions;
    std::vector<Bytes32> transaction_hashes;
    std::vector<Address> senders;
    std::vector<Header> ommers;  ///< before the Merge only
    std::vector<Withdrawal> withdrawals;
};

struct BlockReceipts {
    std::vector<Receipt> receipts;
};

struct TxnPlace {
    std::uint64_t block_number = 0;
    std::uint32_t index = 0;
};

struct AccountProof {
    std::vector<Bytes> account_proof;
    Account account;
    Bytes32 storage_root;
    struct Slot {
        Bytes32 key;
        uint256 value;
        std::vector<Bytes> proof;
    };
    std::vector<Slot> slots;
};

/// The state after one block. A View too: it can be executed on. Owned by one thread.
class StateReader : public View {
public:
    /// Sticky: set once the store could not answer.
    [[nodiscard]] virtual std::optional<Error> error() const = 0;
    virtual Result<AccountProof> prove(const Address& address,
                                       const std::vector<Bytes32>& keys) = 0;
    /// From now on answers as if a block had made these changes: the one exception to a View's
    /// rule that its state is fixed, for simulated blocks. Nothing is written.
    /// returns: the state root.
    virtual Result<Bytes32> pretend(const Diff& changes) = 0;
};

/// units: seconds.
struct NumberedFork {
    std::uint64_t block = 0;
    std::uint64_t timestamp = 0;  ///< of that block
};

class ChainReader {
public:
    virtual ~ChainReader() = default;
    [[nodiscard]] virtual const ChainSpec& spec() const = 0;
    [[nodiscard]] virtual BlockRef head(Head head) const = 0;
    /// returns: none when there is no such block.
    virtual Result<std::optional<Header>> header(std::uint64_t number) = 0;
    virtual Result<std::optional<std::uint64_t>> number_of(const Bytes32& block_hash) = 0;
    virtual Result<std::optional<StoredBlock>> block(std::uint64_t number) = 0;
    virtual Result<std::optional<BlockReceipts>> receipts(std::uint64_t number) = 0;
    virtual Result<std::optional<TxnPlace>> find_transaction(const Bytes32& hash) = 0;
    /// returns: an error when the block is not there or its state was pruned.
    virtual Result<std::unique_ptr<StateReader>> state(std::uint64_t number) = 0;
    /// What a call or estimate on block `number` sees as its block.
    virtual Result<BlockContext> context_of(std::uint64_t number) = 0;
    virtual Bytes32 hash_of(std::uint64_t number) = 0;

    /// Called after every change of a head, on the thread that made it; must not block.
    using Listener = std::function<void()>;
    virtual void on_new_head(Listener listener) = 0;
    /// Runs the frames of calls on this chain's states faster than the plain instructions, with
    /// equal effect; for one thread, while the chain lives. nullptr: none.
    virtual std::unique_ptr<evm::Runner> make_runner() { return nullptr; }
    /// The first block from which appearances of addresses are indexed; none where they are not.
    virtual Result<std::optional<std::uint64_t>> appearances_since() {
        return std::optional<std::uint64_t>{};
    }
    /// Blocks in which something may have happened to an address: transactions from it or to it,
    /// its creation, or a change of its account inside a transaction (changes that every block
    /// makes are left out). From block `from` on, upwards or `back`, at most `limit`.
    virtual Result<std::vector<std::uint64_t>> appearances(const Address& /*address*/,
                                                           std::uint64_t /*from*/, bool /*back*/,
                                                           std::size_t /*limit*/) {
        return std::vector<std::uint64_t>{};
    }
    /// The oldest block of which the node keeps the state, and transactions and receipts.
    struct Kept {
        std::uint64_t state = 0, body = 0;
    };
    [[nodiscard]] virtual Kept kept() const { return {}; }
    /// Forks that began at a block number, before forks had times. For the fork id (EIP-2124).
    [[nodiscard]] virtual std::vector<NumberedFork> numbered_forks() const { return {}; }
};

/// The hashes of a chain's blocks, as execution asks for them. Keeps the reference.
class ChainHashes final : public BlockHashes {
public:
    explicit ChainHashes(ChainReader& chain) : chain_(chain) {}
    Bytes32 hash(std::uint64_t number) override { return chain_.hash_of(number); }

private:
    ChainReader& chain_;
};

}  // namespace mezz::node
