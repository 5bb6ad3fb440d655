// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/state/journal.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"

namespace mezz {
namespace {

/// The precompile whose touch once survived a revert on mainnet; clients keep that behaviour.
/// spec: EIP-161, note on block 2,675,119.
constexpr Address RIPEMD160_ADDRESS = hex<Address>("0x0000000000000000000000000000000000000003");

}  // namespace

Journal::Journal(View& view, Revision rev, std::uint64_t seed)
    : view_(view),
      rev_(rev),
      account_index_(seed),
      slot_index_(seed),
      code_index_(seed),
      transient_index_(seed) {}

void Journal::begin_transaction() {
    ++txn_;
    undo_.clear();
    touched_.clear();
    destroyed_.clear();
    logs_.clear();
    refund_ = 0;
    transient_index_.clear();
    transient_values_.clear();
}

void Journal::end_transaction() {
    for (const std::uint32_t index : destroyed_)
        if (accounts_[index].destroyed_txn == txn_) remove(index);
    if (traits(rev_).clears_touched_empty_accounts) {
        for (const std::uint32_t index : touched_) {
            const Entry& entry = accounts_[index];
            if (entry.touched_txn == txn_ && entry.exists && empty(AccountId{index})) remove(index);
        }
    }
    undo_.clear();
}

Journal::Checkpoint Journal::checkpoint() const noexcept {
    return {static_cast<std::uint32_t>(undo_.size()), static_cast<std::uint32_t>(logs_.size()),
            refund_};
}

void Journal::revert(const Checkpoint& to) {
    while (undo_.size() > to.undo) {
        const Undo& u = undo_.back();
        switch (u.kind) {
            case UndoKind::balance:
                accounts_[u.index].current.balance = u.previous;
                break;
            case UndoKind::nonce:
                accounts_[u.index].current.nonce = u.previous.limb[0];
                break;
            case UndoKind::code:
                accounts_[u.index].current.code_hash = to_bytes32(u.previous);
                accounts_[u.index].code = NO_CODE;
                break;
            case UndoKind::exists:
                accounts_[u.index].exists = false;
                break;
            case UndoKind::touched:
                if (account_index_.key(u.index) != RIPEMD160_ADDRESS)
                    accounts_[u.index].touched_txn = 0;
                break;
            case UndoKind::created:
                accounts_[u.index].created_txn = 0;
                break;
            case UndoKind::destroyed:
                accounts_[u.index].destroyed_txn = 0;
                break;
            case UndoKind::account_warm:
                accounts_[u.index].warm_txn = 0;
                break;
            case UndoKind::value:
                slots_[u.index].current = u.previous;
                break;
            case UndoKind::slot_warm:
                slots_[u.index].warm_txn = 0;
                break;
            case UndoKind::transient:
                transient_values_[u.index] = u.previous;
                break;
        }
        undo_.pop_back();
    }
    logs_.resize(to.logs);
    refund_ = to.refund;
}

void Journal::note(UndoKind kind, std::uint32_t index, const uint256& previous) {
    undo_.push_back({kind, index, previous});
}

// --- accounts ---------------------------------------------------------------------------------

AccountId Journal::account(const Address& address) {
    const auto [index, inserted] = account_index_.insert(address);
    if (inserted) {
        Entry entry;
        if (const auto found = view_.account(address)) {
            entry.current = entry.loaded = *found;
            entry.exists = entry.existed = true;
        }
        accounts_.push_back(entry);
    }
    return AccountId{index};
}

const Address& Journal::address(AccountId id) const {
    return account_index_.key(static_cast<std::uint32_t>(id));
}
bool Journal::exists(AccountId id) const {
    return at(id).exists;
}
bool Journal::empty(AccountId id) const {
    const Account& a = at(id).current;
    return a.nonce == 0 && a.balance.is_zero() && a.code_hash == EMPTY_CODE_HASH;
}
std::uint64_t Journal::nonce(AccountId id) const {
    return at(id).current.nonce;
}
const uint256& Journal::balance(AccountId id) const {
    return at(id).current.balance;
}
const Bytes32& Journal::code_hash(AccountId id) const {
    return at(id).current.code_hash;
}
bool Journal::has_code(AccountId id) const {
    return at(id).current.code_hash != EMPTY_CODE_HASH;
}

ByteView Journal::code(AccountId id) {
    Entry& entry = at(id);
    if (entry.current.code_hash == EMPTY_CODE_HASH) return {};
    if (entry.code == NO_CODE) {
        const auto [index, inserted] = code_index_.insert(entry.current.code_hash);
        if (inserted) codes_.push_back(Code{{}, view_.code(entry.current.code_hash), false});
        entry.code = index;
    }
    return codes_[entry.code].bytes;
}

bool Journal::has_storage(AccountId id) {
    const Entry& entry = at(id);
    for (std::uint32_t i = entry.first_slot; i != NO_SLOT; i = slots_[i].next)
        if (!slots_[i].current.is_zero()) return true;
    return entry.existed && !entry.storage_cleared && view_.has_storage(address(id));
}

void Journal::set_nonce(AccountId id, std::uint64_t nonce) {
    make_exist(id);
    Entry& entry = at(id);
    note(UndoKind::nonce, static_cast<std::uint32_t>(id), entry.current.nonce);
    entry.current.nonce = nonce;
}

void Journal::add_balance(AccountId id, const uint256& wei) {
    touch(id);
    if (wei.is_zero()) return;
    make_exist(id);
    Entry& entry = at(id);
    note(UndoKind::balance, static_cast<std::uint32_t>(id), entry.current.balance);
    entry.current.balance += wei;
}

void Journal::subtract_balance(AccountId id, const uint256& wei) {
    touch(id);
    if (wei.is_zero()) return;
    Entry& entry = at(id);
    ASSERT(entry.current.balance >= wei);
    note(UndoKind::balance, static_cast<std::uint32_t>(id), entry.current.balance);
    entry.current.balance -= wei;
}

void Journal::set_code(AccountId id, Bytes code) {
    make_exist(id);
    Entry& entry = at(id);
    note(UndoKind::code, static_cast<std::uint32_t>(id), to_uint256(entry.current.code_hash));
    if (code.empty()) {
        entry.current.code_hash = EMPTY_CODE_HASH;
        entry.code = NO_CODE;
        return;
    }
    entry.current.code_hash = crypto::keccak256(code);
    const auto [index, inserted] = code_index_.insert(entry.current.code_hash);
    if (inserted) codes_.push_back({});
    Code& stored = codes_[index];
    if (stored.bytes.empty()) {
        stored.owned = std::move(code);
        stored.bytes = stored.owned;
    }
    stored.is_new = true;
    entry.code = index;
}

void Journal::touch(AccountId id) {
    Entry& entry = at(id);
    if (entry.touched_txn != txn_) {
        note(UndoKind::touched, static_cast<std::uint32_t>(id));
        entry.touched_txn = txn_;
        touched_.push_back(static_cast<std::uint32_t>(id));
    }
    if (!traits(rev_).clears_touched_empty_accounts) make_exist(id);
}

void Journal::make_exist(AccountId id) {
    Entry& entry = at(id);
    if (entry.exists) return;
    note(UndoKind::exists, static_cast<std::uint32_t>(id));
    entry.exists = true;
}

void Journal::mark_created(AccountId id) {
    make_exist(id);
    Entry& entry = at(id);
    if (entry.created_txn == txn_) return;
    note(UndoKind::created, static_cast<std::uint32_t>(id));
    entry.created_txn = txn_;
}

bool Journal::is_created(AccountId id) const {
    return at(id).created_txn == txn_;
}

bool Journal::mark_destroyed(AccountId id) {
    Entry& entry = at(id);
    if (entry.destroyed_txn == txn_) return false;
    note(UndoKind::destroyed, static_cast<std::uint32_t>(id));
    entry.destroyed_txn = txn_;
    destroyed_.push_back(static_cast<std::uint32_t>(id));
    return true;
}

void Journal::remove(std::uint32_t index) {
    Entry& entry = accounts_[index];
    entry.current = Account{};
    entry.code = NO_CODE;
    entry.exists = false;
    entry.storage_cleared = true;
    for (std::uint32_t i = entry.first_slot; i != NO_SLOT; i = slots_[i].next)
        slots_[i].current = {};
}

// --- storage ----------------------------------------------------------------------------------

SlotId Journal::slot(AccountId id, const Bytes32& key) {
    const auto account = static_cast<std::uint32_t>(id);
    const auto [index, inserted] = slot_index_.insert({account, key});
    if (inserted) {
        Entry& entry = accounts_[account];
        Slot fresh;
        if (entry.existed) fresh.loaded = view_.storage(address(id), key);
        if (!entry.storage_cleared) fresh.current = fresh.loaded;
        fresh.account = account;
        fresh.next = entry.first_slot;
        entry.first_slot = index;
        slots_.push_back(fresh);
    }
    Slot& s = slots_[index];
    if (s.txn != txn_) {
        s.txn = txn_;
        s.original = s.current;
    }
    return SlotId{index};
}

const uint256& Journal::value(SlotId slot) const {
    return slots_[static_cast<std::uint32_t>(slot)].current;
}
const uint256& Journal::original(SlotId slot) const {
    return slots_[static_cast<std::uint32_t>(slot)].original;
}

void Journal::set_value(SlotId slot, const uint256& value) {
    Slot& s = slots_[static_cast<std::uint32_t>(slot)];
    note(UndoKind::value, static_cast<std::uint32_t>(slot), s.current);
    s.current = value;
}

uint256 Journal::transient(AccountId id, const Bytes32& key) const {
    const std::uint32_t i = transient_index_.find({static_cast<std::uint32_t>(id), key});
    return i == FlatIndex<SlotKey>::NONE ? uint256{} : transient_values_[i];
}

void Journal::set_transient(AccountId id, const Bytes32& key, const uint256& value) {
    const auto [i, inserted] = transient_index_.insert({static_cast<std::uint32_t>(id), key});
    if (inserted) transient_values_.push_back({});
    note(UndoKind::transient, i, transient_values_[i]);
    transient_values_[i] = value;
}

// --- transaction-wide -------------------------------------------------------------------------

bool Journal::warm(AccountId id) {
    Entry& entry = at(id);
    if (entry.warm_txn == txn_) return false;
    note(UndoKind::account_warm, static_cast<std::uint32_t>(id));
    entry.warm_txn = txn_;
    return true;
}

bool Journal::warm(SlotId slot) {
    Slot& s = slots_[static_cast<std::uint32_t>(slot)];
    if (s.warm_txn == txn_) return false;
    note(UndoKind::slot_warm, static_cast<std::uint32_t>(slot));
    s.warm_txn = txn_;
    return true;
}

bool Journal::is_warm(AccountId id) const {
    return at(id).warm_txn == txn_;
}

void Journal::add_log(Log log) {
    logs_.push_back(std::move(log));
}

std::vector<Log> Journal::take_logs() {
    return std::exchange(logs_, {});
}

// --- result -----------------------------------------------------------------------------------

Diff Journal::diff() const {
    Diff out;
    std::vector<std::uint32_t> new_codes;
    for (std::uint32_t i = 0; i < accounts_.size(); ++i) {
        const Entry& entry = accounts_[i];
        Diff::AccountDiff change;
        change.storage_cleared = entry.existed && entry.storage_cleared;
        if (entry.exists) {
            for (std::uint32_t s = entry.first_slot; s != NO_SLOT; s = slots_[s].next) {
                const Slot& slot = slots_[s];
                const uint256 before = change.storage_cleared ? uint256{} : slot.loaded;
                if (slot.current != before)
                    change.storage.emplace_back(slot_index_.key(s).key, slot.current);
            }
            change.account = entry.current;
        }
        const bool fields_changed =
            entry.exists != entry.existed || (entry.exists && entry.current != entry.loaded);
        if (!fields_changed && !change.storage_cleared && change.storage.empty()) continue;
        change.address = account_index_.key(i);
        std::sort(change.storage.begin(), change.storage.end(),
                  [](const auto& a, const auto& b) { return a.first < b.first; });
        out.accounts.push_back(std::move(change));
        if (entry.exists && entry.current.code_hash != entry.loaded.code_hash) {
            const std::uint32_t code = code_index_.find(entry.current.code_hash);
            if (code != FlatIndex<Bytes32>::NONE && codes_[code].is_new) new_codes.push_back(code);
        }
    }
    std::sort(out.accounts.begin(), out.accounts.end(),
              [](const auto& a, const auto& b) { return a.address < b.address; });
    std::sort(new_codes.begin(), new_codes.end());
    new_codes.erase(std::unique(new_codes.begin(), new_codes.end()), new_codes.end());
    for (const std::uint32_t i : new_codes)
        out.codes.emplace_back(code_index_.key(i), to_bytes(codes_[i].bytes));
    std::sort(out.codes.begin(), out.codes.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return out;
}

}  // namespace mezz
