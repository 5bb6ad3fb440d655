// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Drives core/derive over what the watcher has seen, and keeps the safe and finalised heads.
///
/// On a sequencer it confirms the blocks that are there, and replaces those that the inbox says
/// otherwise about; on a verifier it makes all of them. A reorg of the parent takes it back to the
/// last entry the parent still has. A plain object driven by `step` on the chain's thread.

#include <functional>
#include <mutex>

#include "core/derive/block.hpp"
#include "node/derive/sender_recovery.hpp"
#include "node/ports/chain_writer.hpp"
#include "node/ports/parent_view.hpp"
#include "node/ports/txn_source.hpp"

namespace mezz::node {

struct DriverStatus {
    DerivedPosition derived;
    DerivedPosition finalized;
    std::uint64_t reorgs = 0;            ///< times unsafe blocks were replaced
    std::uint64_t last_reorg_depth = 0;  ///< blocks
    std::uint64_t empty_entries = 0;     ///< entries that derived to nothing
    std::string last_batch_error;        ///< empty: none yet
};

class DerivationDriver {
public:
    /// Keeps references. `pool` may be null (a verifier has none).
    DerivationDriver(derive::RollupSpec spec, ChainWriter& chain, ParentView& parent,
                     TxnSource* pool);

    /// Called before blocks are taken off the chain, so that an open block is given up.
    void on_rollback(std::function<void()> callback) { before_rollback_ = std::move(callback); }

    /// Who recovers senders; without it, this thread does when it needs them. Keeps a reference.
    /// Call before `open`.
    void set_recovery(SenderRecovery& recovery) { recovery_ = &recovery; }

    /// Reads where derivation stood. Call once before `step`.
    Result<void> open();
    /// Does at most about `max_blocks` blocks of work. returns: whether there is more to do.
    Result<bool> step(unsigned max_blocks = 16);

    /// Thread-safe.
    [[nodiscard]] DriverStatus status() const;
    /// Where the chain stood after that many inbox entries. returns: none when they are not derived
    /// (any more). Thread-safe.
    Result<std::optional<DerivedPosition>> derived_at(std::uint64_t inbox_count);
    /// returns: none when the block is not derived (any more). Thread-safe.
    Result<std::optional<BlockPlace>> place_of(std::uint64_t number);
    /// Least number of inbox entries that derive the block. returns: none when it is not derived
    /// (any more). Thread-safe.
    Result<std::optional<std::uint64_t>> entries_for(std::uint64_t number);

private:
    struct Stored {
        derive::Position position;
        BlockRef parent_block;
    };
    void look_ahead();
    Result<void> check_parent();
    Result<void> check_origins();
    Result<void> reset_to(std::uint64_t inbox_count);
    Result<std::optional<Stored>> stored(std::uint64_t inbox_count);
    Result<void> import(const derive::BlockAttributes& block);
    Result<bool> matches(const derive::BlockAttributes& block);
    Result<void> take_back(std::uint64_t number);
    Result<void> finish_entry();
    Result<void> record_entry();
    Result<void> update_finalized();
    Result<void> restore_finalized();

    derive::RollupSpec spec_;
    ChainWriter& chain_;
    ParentView& parent_;
    TxnSource* pool_;
    std::function<void()> before_rollback_;
    SerialSenderRecovery serial_recovery_;
    SenderRecovery* recovery_ = &serial_recovery_;
    std::uint64_t expected_to_ = 0;  ///< entries before this one were announced
    std::optional<derive::Derivation> derivation_;
    derive::Position genesis_;
    BlockRef entry_block_;  ///< parent block of the entry being derived
    Bytes32 entry_acc_;

    mutable std::mutex mutex_;
    DriverStatus status_;
};

}  // namespace mezz::node
