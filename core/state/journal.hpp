// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The write side of the state: everything execution changes, undoable back to any checkpoint.
///
/// A Journal covers one block. What it learned from the View and what transactions changed stay
/// cached over the transactions; warmth, transient storage, logs, refunds and marks of creation
/// and destruction belong to the transaction between `begin_transaction` and `end_transaction`.
/// Accounts and slots are named by dense numbers (AccountId, SlotId) so that the hot path hashes a
/// key once. Keeps a reference to the View. Owned by one thread.

#include <span>
#include <vector>

#include "core/base/flat_map.hpp"
#include "core/spec/revision.hpp"
#include "core/state/diff.hpp"
#include "core/types/receipt.hpp"

namespace mezz {

enum class AccountId : std::uint32_t {};
enum class SlotId : std::uint32_t {};

class Journal {
public:
    /// `seed` spreads the hash tables; no result depends on it.
    Journal(View& view, Revision rev, std::uint64_t seed = 0);

    // --- transactions ---------------------------------------------------------------------

    /// Forgets warmth, transient storage, logs, refund and marks.
    void begin_transaction();
    /// Removes destroyed and (EIP-161) touched empty accounts. Logs stay readable until the next
    /// `begin_transaction`; checkpoints do not survive.
    void end_transaction();

    struct Checkpoint {
        std::uint32_t undo = 0;
        std::uint32_t logs = 0;
        std::int64_t refund = 0;
    };
    [[nodiscard]] Checkpoint checkpoint() const noexcept;
    /// Undoes everything since the checkpoint, which must belong to this transaction.
    void revert(const Checkpoint& to);

    // --- accounts -------------------------------------------------------------------------

    /// The number of an account; asks the View the first time.
    AccountId account(const Address& address);
    [[nodiscard]] const Address& address(AccountId id) const;
    /// Whether the account is in the state trie (before EIP-161, empty ones may be).
    [[nodiscard]] bool exists(AccountId id) const;
    /// No code, no nonce, no balance; absent accounts are empty. spec: EIP-161.
    [[nodiscard]] bool empty(AccountId id) const;
    [[nodiscard]] std::uint64_t nonce(AccountId id) const;
    [[nodiscard]] const uint256& balance(AccountId id) const;
    [[nodiscard]] const Bytes32& code_hash(AccountId id) const;
    [[nodiscard]] bool has_code(AccountId id) const;
    /// Stays valid while the Journal and the View live.
    [[nodiscard]] ByteView code(AccountId id);
    /// Whether an account without code and nonce has storage all the same. spec: EIP-7610.
    [[nodiscard]] bool has_storage(AccountId id);

    void set_nonce(AccountId id, std::uint64_t nonce);
    /// Touches the account; creates it if `wei` is not zero. Wraps modulo 2^256.
    void add_balance(AccountId id, const uint256& wei);
    /// requires: balance >= wei.
    void subtract_balance(AccountId id, const uint256& wei);
    /// Makes `code` the account's code; empty code is allowed.
    void set_code(AccountId id, Bytes code);
    /// Marks for removal if empty (EIP-161); creates the account in earlier revisions.
    void touch(AccountId id);
    /// Marks the account as created in this transaction and makes it exist. spec: EIP-6780.
    void mark_created(AccountId id);
    [[nodiscard]] bool is_created(AccountId id) const;
    /// Marks the account for removal at the end. returns: false if it was marked before.
    bool mark_destroyed(AccountId id);

    // --- storage --------------------------------------------------------------------------

    /// The number of a slot; asks the View the first time.
    SlotId slot(AccountId id, const Bytes32& key);
    [[nodiscard]] const uint256& value(SlotId slot) const;
    /// The value when the transaction began. spec: EIP-2200.
    [[nodiscard]] const uint256& original(SlotId slot) const;
    void set_value(SlotId slot, const uint256& value);
    [[nodiscard]] uint256 transient(AccountId id, const Bytes32& key) const;
    void set_transient(AccountId id, const Bytes32& key, const uint256& value);

    // --- transaction-wide -----------------------------------------------------------------

    /// Adds to the accessed set. returns: whether it was cold. spec: EIP-2929.
    bool warm(AccountId id);
    bool warm(SlotId slot);
    [[nodiscard]] bool is_warm(AccountId id) const;

    void add_log(Log log);
    [[nodiscard]] std::span<const Log> logs() const noexcept { return logs_; }
    /// Moves the logs out; `logs` is empty afterwards.
    std::vector<Log> take_logs();
    void add_refund(std::int64_t gas) noexcept { refund_ += gas; }
    [[nodiscard]] std::int64_t refund() const noexcept { return refund_; }

    // --- result ---------------------------------------------------------------------------

    /// Everything that differs from the View. Call between transactions.
    [[nodiscard]] Diff diff() const;

    [[nodiscard]] Revision revision() const noexcept { return rev_; }

private:
    static constexpr std::uint32_t NO_CODE = 0xffffffff;
    static constexpr std::uint32_t NO_SLOT = 0xffffffff;

    struct Entry {
        Account current;
        Account loaded;
        std::uint32_t first_slot = NO_SLOT;
        std::uint32_t code = NO_CODE;  ///< number in codes_, if known.
        std::uint32_t warm_txn = 0;
        std::uint32_t touched_txn = 0;
        std::uint32_t created_txn = 0;
        std::uint32_t destroyed_txn = 0;
        bool exists = false;
        bool existed = false;          ///< in the View.
        bool storage_cleared = false;  ///< the View's slots are gone.
    };
    struct Slot {
        uint256 current;
        uint256 original;  ///< valid while `txn` is the current one.
        uint256 loaded;
        std::uint32_t account = 0;
        std::uint32_t next = NO_SLOT;  ///< next slot of the same account.
        std::uint32_t txn = 0;
        std::uint32_t warm_txn = 0;
    };
    enum class UndoKind : std::uint8_t {
        balance,
        nonce,
        code,
        exists,
        touched,
        created,
        destroyed,
        account_warm,
        value,
        slot_warm,
        transient,
    };
    struct Undo {
        UndoKind kind;
        std::uint32_t index;
        uint256 previous;
    };
    struct Code {
        Bytes owned;
        ByteView bytes;
        bool is_new = false;
    };

    Entry& at(AccountId id) { return accounts_[static_cast<std::uint32_t>(id)]; }
    [[nodiscard]] const Entry& at(AccountId id) const {
        return accounts_[static_cast<std::uint32_t>(id)];
    }
    void note(UndoKind kind, std::uint32_t index, const uint256& previous = {});
    void make_exist(AccountId id);
    void remove(std::uint32_t index);

    View& view_;
    Revision rev_;
    std::uint32_t txn_ = 1;
    FlatIndex<Address> account_index_;
    StableVector<Entry> accounts_;
    FlatIndex<SlotKey> slot_index_;
    StableVector<Slot> slots_;
    FlatIndex<Bytes32> code_index_;
    StableVector<Code, 64> codes_;
    FlatIndex<SlotKey> transient_index_;
    std::vector<uint256> transient_values_;
    std::vector<Undo> undo_;
    std::vector<std::uint32_t> touched_;
    std::vector<std::uint32_t> destroyed_;
    std::vector<Log> logs_;
    std::int64_t refund_ = 0;
};

}  // namespace mezz
