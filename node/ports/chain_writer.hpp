// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The one way blocks are added to a chain and taken off it.
///
/// The sequencer, the derivation and the embedded parent make blocks through this port, all on one
/// thread. A block exists once `seal` returned: it is durable. A builder dropped without seal
/// leaves no trace.

#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/derive/derivation.hpp"
#include "core/exec/transaction.hpp"
#include "core/types/header.hpp"
#include "node/ports/chain_reader.hpp"
#include "node/ports/result.hpp"

namespace mezz::node {

/// A transaction in a block, with its recovered sender.
struct BodyItem {
    Transaction txn;
    Address sender;
    Bytes32 hash;
};

struct BlockRecord {
    Bytes32 hash;
    Header header;
    Bytes note;  ///< the maker's own note on the block, kept with it
};

/// A change of an account that no transaction makes. Development chains only: nobody can derive it.
struct StateEdit {
    Address address;
    std::optional<uint256> balance;
    std::optional<std::uint64_t> nonce;
    std::optional<Bytes> code;
    std::vector<std::pair<Bytes32, uint256>> storage;
};

/// What a block starts from.
struct BlockPlan {
    BlockContext context;
    std::vector<Transaction> leading;   ///< deposits: always included
    std::vector<StateEdit> edits = {};  ///< made after the last transaction
};

/// Whether a transaction stands in a block without a signature: its sender is taken on trust, by
/// a development chain that was told so. No signature looks like this.
[[nodiscard]] inline bool is_impersonated(const Transaction& txn, const Address& sender) {
    Bytes32 word;
    std::memcpy(word.data() + 12, sender.data(), 20);
    return txn.s.is_zero() && txn.type != TxType::deposit && to_bytes32(txn.r) == word;
}

class BlockBuilder {
public:
    virtual ~BlockBuilder() = default;
    /// On error nothing changed.
    virtual std::expected<void, exec::TxError> apply(const Transaction& txn, const Address& sender,
                                                     const Bytes32& hash) = 0;
    [[nodiscard]] virtual std::uint64_t gas_used() const = 0;
    [[nodiscard]] virtual std::size_t count() const = 0;
    [[nodiscard]] virtual const BlockContext& context() const = 0;
    /// What the block holds so far.
    [[nodiscard]] virtual const std::vector<BodyItem>& body() const = 0;
};

class ChainWriter {
public:
    virtual ~ChainWriter() = default;
    [[nodiscard]] virtual BlockRef head(Head head) const = 0;
    /// returns: none when there is no such block.
    virtual Result<std::optional<BlockRecord>> record(std::uint64_t number) = 0;
    virtual Result<std::optional<std::vector<BodyItem>>> body(std::uint64_t number) = 0;

    /// requires: plan.context is for the block after the head; otherwise a reset error.
    virtual Result<std::unique_ptr<BlockBuilder>> begin(const BlockPlan& plan) = 0;
    /// Commits the block as the new unsafe head. On error nothing changed.
    virtual Result<BlockRef> seal(std::unique_ptr<BlockBuilder> builder, ByteView note) = 0;
    /// Like `seal`, but returns once the block has its hash, and its rows are written beside what
    /// follows. `begin` may build on the block and `record` knows it; heads and readers do not
    /// until it is durable, and every call that writes waits for that. Where it could not be
    /// written, that call has the error, and the chain is at the block before it.
    virtual Result<BlockRef> seal_ahead(std::unique_ptr<BlockBuilder> builder, ByteView note) {
        return seal(std::move(builder), note);
    }
    /// Whether it pays to tell `expect` what is to come.
    [[nodiscard]] virtual bool reads_ahead() const { return false; }
    /// Transactions that block `number` may hold, as soon as somebody knows: what they will read
    /// may be fetched meanwhile. Changes no result, whatever it is told.
    virtual void expect(std::uint64_t /*number*/, std::span<const BodyItem> /*items*/) {}
    /// Forgets the blocks after `number`. returns: their transactions that were not deposits, in
    /// order, so that they can be ordered again.
    virtual Result<std::vector<BodyItem>> rollback(std::uint64_t number) = 0;
    virtual Result<void> set_heads(std::uint64_t safe, std::uint64_t finalized) = 0;

    /// Rows about derived inbox entries, by index.
    virtual Result<void> put_entry(std::uint64_t index, ByteView value) = 0;
    virtual Result<std::optional<Bytes>> entry(std::uint64_t index) = 0;
    virtual Result<void> erase_entries_from(std::uint64_t index) = 0;
    /// Named rows; names not used by the chain itself.
    virtual Result<void> put_meta(std::string_view name, ByteView value) = 0;
    virtual Result<std::optional<Bytes>> meta(std::string_view name) = 0;
};

/// What a rollup notes on each block: enough to publish it again and to go on after it.
struct RollupNote {
    derive::Origin origin;
    std::uint64_t sequence_number = 0;
    std::uint64_t queue_count = 0;             ///< queue items consumed up to this block
    std::vector<derive::DepositLabel> labels;  ///< of the items consumed in it
    friend bool operator==(const RollupNote&, const RollupNote&) = default;
};
Bytes encode(const RollupNote& note);
std::optional<RollupNote> decode_rollup_note(ByteView bytes);

}  // namespace mezz::node
