// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The parent chain in process: the real embedded parent, and the port its clients see it through.
///
/// A SimParent answers from the chain directly; before that it may lose the call, afterwards the
/// answer. Both are owned by the simulation's one thread.

#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/ingest/pool/pool.hpp"
#include "node/parent/embedded_parent.hpp"
#include "node/ports/parent.hpp"
#include "sim/event_log.hpp"
#include "sim/faults.hpp"

namespace mezz::sim {

/// Copies what is committed.
void copy_rows(host::MemoryStore& from, host::MemoryStore& to);

class ParentNode {
public:
    /// Blocks behind the head that are final, twice: deeper than any reorg made here.
    static constexpr std::uint64_t epoch_slots = 6;

    /// Opens the chain in `store`, or begins it. Keeps the references.
    ParentNode(host::MemoryStore& store, SimClock& clock, const std::vector<Address>& funded,
               bool instant);

    /// Makes the block that is due; delivers what was delayed.
    void step();
    /// The block to be made on the head, as it will be when nothing else happens.
    [[nodiscard]] BlockContext next_block();
    void reorg(std::uint64_t depth, bool keep_transactions);
    void set_instant(bool instant) { parent_->set_instant(instant); }
    /// Gives a transaction to the pool later.
    void deliver_later(std::uint64_t at_ms, Bytes raw);

    [[nodiscard]] std::uint64_t head() const { return chain_->head(node::Head::unsafe).number; }
    [[nodiscard]] std::uint64_t reorgs() const { return reorgs_; }
    node::Chain& chain() { return *chain_; }
    node::Pool& pool() { return *pool_; }
    host::MemoryStore& store() { return store_; }
    const ChainSpec& spec() const { return spec_; }
    SimClock& clock() { return clock_; }

private:
    host::MemoryStore& store_;
    SimClock& clock_;
    ChainSpec spec_;
    std::unique_ptr<node::Chain> chain_;
    std::unique_ptr<node::Pool> pool_;
    std::unique_ptr<node::EmbeddedParent> parent_;
    std::multimap<std::uint64_t, Bytes> delayed_;
    std::uint64_t reorgs_ = 0;
};

/// What one client's connection does wrong. Null members: nothing.
struct Connection {
    Random* random = nullptr;
    const Faults* faults = nullptr;
    EventLog* log = nullptr;
    bool cut = false;  ///< nothing passes
};

class SimParent final : public node::Parent {
public:
    /// Keeps the references.
    SimParent(ParentNode& parent, Connection& connection)
        : parent_(parent), connection_(connection) {}

    node::Result<std::uint64_t> chain_id() override;
    node::Result<node::ParentBlock> block(node::BlockTag tag) override;
    node::Result<std::optional<node::ParentBlock>> block(std::uint64_t number) override;
    node::Result<std::vector<node::ParentLog>> logs(const node::LogFilter& filter) override;
    node::Result<std::optional<Transaction>> transaction(const Bytes32& hash) override;
    node::Result<std::vector<Bytes>> blobs(const node::ParentBlock& block,
                                           const std::vector<Bytes32>& versioned_hashes) override;
    node::Result<Bytes> call(const Address& to, ByteView data, node::BlockTag tag) override;
    node::Result<std::uint64_t> nonce(const Address& address, bool pending) override;
    node::Result<uint256> balance(const Address& address) override;
    node::Result<Bytes> code(const Address& address) override;
    node::Result<std::uint64_t> estimate_gas(const Address& from, const std::optional<Address>& to,
                                             const uint256& value, ByteView data) override;
    node::Result<node::FeeQuote> fees() override;
    node::Result<Bytes32> send(ByteView raw) override;
    node::Result<std::optional<node::ParentReceipt>> receipt(const Bytes32& hash) override;

private:
    /// May fail, and may reorganise the parent under the caller.
    node::Result<void> reach(const char* method);
    node::Result<Bytes> run(const std::optional<Address>& from, const std::optional<Address>& to,
                            const uint256& value, ByteView data, std::uint64_t number,
                            const std::optional<BlockContext>& next, std::uint64_t* gas_used);
    std::uint64_t number_of(node::BlockTag tag);
    node::Result<std::vector<node::ParentLog>> logs_of(std::uint64_t number);

    ParentNode& parent_;
    Connection& connection_;
};

}  // namespace mezz::sim
