// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Inbox entries -> blocks, as a step machine without I/O.
///
/// The driver asks `step()` what happens next and answers what it needs; the node's driver asks the
/// parent chain, the proof's driver asks the witness. Every answer is checked against the hash it
/// was asked for, so a driver cannot make it derive another chain, only stall it.
///
///     for (;;) match (d.step()) {
///         NeedEntry n:  d.provide_entry(entry n.index, its openings)
///         NeedData n:   d.provide_data(bytes)        or, for blobs, d.provide_mismatch()
///         NeedQueue n:  d.provide_queue(items [n.from, n.to))
///         NextBlock b:  execute b.attributes; then step again
///     }
///
/// Total: any batch bytes give blocks. A batch that breaks a rule derives to nothing, and queue
/// items its entry covers derive to blocks of deposits only.

#include <variant>

#include "core/derive/channel.hpp"
#include "core/derive/rollup_spec.hpp"

namespace mezz::derive {

/// Where derivation stands: after `inbox_count` entries, at chain block `head_number`.
struct Position {
    std::uint64_t inbox_count = 0;
    Bytes32 inbox_acc;
    std::uint64_t queue_count = 0;
    Bytes32 queue_acc;
    std::uint64_t head_number = 0;
    std::uint64_t head_timestamp = 0;  ///< units: seconds
    Origin origin;
    std::uint64_t sequence_number = 0;
    friend bool operator==(const Position&, const Position&) = default;
};

/// What determines a block besides its parent and the chain's specification.
struct BlockAttributes {
    std::uint64_t number = 0;
    std::uint64_t timestamp = 0;  ///< units: seconds
    Origin origin;
    std::uint64_t sequence_number = 0;                ///< blocks since the origin changed
    std::vector<QueueItem> queue_items;               ///< deposits, in queue order
    std::vector<std::optional<DepositLabel>> labels;  ///< one for each item
    std::vector<Transaction> transactions;  ///< the sequencer's; an invalid one is skipped
};

/// The transactions a block starts with: attributes, then deposits.
std::vector<Transaction> leading_transactions(const RollupSpec& spec, const BlockAttributes& block);

struct NeedEntry {
    std::uint64_t index;
};
struct NeedData {
    Bytes32 data_hash;
    Source source;
};
struct NeedQueue {
    std::uint64_t from;
    std::uint64_t to;
};
struct NextBlock {
    BlockAttributes attributes;
};
using Step = std::variant<NeedEntry, NeedData, NeedQueue, NextBlock>;

/// Why an answer was refused; the machine still waits for the right one.
enum class Refusal : std::uint8_t {
    not_asked,       ///< an answer to a question that was not asked
    wrong_openings,  ///< openings that do not hash to the entry's blobs hash
    wrong_data,      ///< bytes that do not hash to the data hash
    wrong_queue,     ///< items that do not lead to the entry's queue accumulator
    not_blobs,       ///< a mismatch reported for bytes that are calldata
};

class Derivation {
public:
    Derivation(RollupSpec spec, Position start) : spec_(std::move(spec)), position_(start) {}

    [[nodiscard]] Step step();

    std::expected<void, Refusal> provide_entry(const Entry& entry,
                                               std::span<const BlobOpening> openings);
    /// requires: an entry of blobs holds these bytes.
    std::expected<void, Refusal> provide_data(ByteView data);
    /// The blobs on the parent do not hold bytes with this hash.
    std::expected<void, Refusal> provide_mismatch();
    std::expected<void, Refusal> provide_queue(std::vector<QueueItem> items);

    /// The position after the last block that `step` gave and the entries fully derived.
    [[nodiscard]] const Position& position() const noexcept { return position_; }
    /// Why the last batch derived to nothing, if it did. Cleared by the next entry.
    [[nodiscard]] std::optional<BatchError> last_error() const noexcept { return last_error_; }
    /// Whether every block of the entries provided so far was given.
    [[nodiscard]] bool between_entries() const noexcept { return stage_ == Stage::entry; }

private:
    enum class Stage : std::uint8_t { entry, data, queue, blocks };

    void take_batch(std::expected<Batch, BatchError> batch);
    [[nodiscard]] std::optional<BatchError> check(const Batch& batch) const;
    [[nodiscard]] bool deposits_fit(const Batch& batch) const;
    void plan_blocks();
    void plan_queue_blocks();
    BlockAttributes& plan_block(std::uint64_t timestamp, const Origin& origin);
    void finish_entry();

    RollupSpec spec_;
    Position position_;
    Stage stage_ = Stage::entry;
    Entry entry_;
    std::optional<Batch> batch_;
    std::vector<DepositLabel> forced_labels_;
    std::optional<BatchError> last_error_;
    std::vector<QueueItem> items_;
    std::size_t next_item_ = 0;
    std::vector<BlockAttributes> planned_;
    std::size_t next_planned_ = 0;
    /// What the last planned block was; positions move only when a block is given.
    Position plan_;
};

}  // namespace mezz::derive
