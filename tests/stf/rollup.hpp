// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A small rollup for tests: an inbox in memory, and a chain that derives from it.

#include "node/execute/serial/chain.hpp"
#include "node/execute/witness/recorder.hpp"
#include "node/host/kv/memory_store.hpp"

namespace mezz::test {

/// Stores calldata word 1 under word 0.
inline constexpr Address STORE = hex<Address>("0x0000000000000000000000000000000000005704");
/// Stores the hash of the third block before this one under the block's number.
inline constexpr Address HISTORIAN = hex<Address>("0x0000000000000000000000000000000000001234");
/// Calls itself as deep as it can, then counts.
inline constexpr Address DIVER = hex<Address>("0x00000000000000000000000000000000000d1ce5");

class Rollup {
public:
    explicit Rollup(std::uint64_t gas_limit = 60'000'000);

    [[nodiscard]] Transaction call(const Address& to, Bytes data, const uint256& value = {});
    [[nodiscard]] Transaction create(Bytes init_code);
    /// As `txn`, signed by the user with the next nonce.
    [[nodiscard]] Transaction sign(Transaction txn);

    /// Queues a deposit on the parent. returns: its label.
    derive::DepositLabel queue(const Address& to, const uint256& mint, Bytes data,
                               std::uint64_t gas = 100'000);
    /// A batch of one block for each element, two seconds apart, after the derived head. The first
    /// takes `labels`. A new origin every other block.
    derive::Batch batch(std::vector<std::vector<Transaction>> blocks,
                        std::vector<derive::DepositLabel> labels = {});
    /// Puts bytes into the inbox and derives them into the chain; the queue's items all go with it.
    void post(Bytes data, derive::Source source = derive::Source::calldata);
    void post(const derive::Batch& batch, bool compressed = false,
              derive::Source source = derive::Source::calldata);

    /// Puts blobs that hold `data` into the inbox under the hash of something else.
    void post_mismatch(Bytes data);

    /// The request that proves entries [from, to).
    node::WitnessRequest request(std::size_t from, std::size_t to);
    /// The request that proves the block after `number` out of the first `to` entries.
    node::WitnessRequest block_request(std::uint64_t number, std::size_t to);
    /// The claim of a block, put together from what the chain stored.
    stf::Claim claim(std::uint64_t number);
    /// The header after `entries` entries.
    Header head_after(std::size_t entries);

    host::MemoryStore store;
    derive::RollupSpec spec;
    std::unique_ptr<node::Chain> chain;
    std::vector<node::InboxEntry> entries;
    std::optional<derive::BatchError> last_error;

private:
    std::optional<derive::Derivation> derivation_;
    std::vector<derive::QueueItem> queue_;
    /// `data`: none where the blobs hold something else than the entry declares.
    void derive(node::InboxEntry entry);
    node::WitnessRequest request(std::uint64_t number, std::size_t from, std::size_t to);

    std::vector<derive::Position> positions_;  ///< after so many entries
    std::uint64_t nonce_ = 0;
    std::uint64_t parent_number_ = 100;
    Header parent_header_;
};

/// word 0 | word 1 | …
Bytes words(std::initializer_list<std::uint64_t> values);

}  // namespace mezz::test
