// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/state/memory_view.hpp"

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace mezz {

std::optional<Account> MemoryView::account(const Address& address) {
    const auto found = accounts_.find(address);
    if (found == accounts_.end()) return std::nullopt;
    return found->second.account;
}

uint256 MemoryView::storage(const Address& address, const Bytes32& key) {
    const auto found = accounts_.find(address);
    if (found == accounts_.end()) return {};
    const auto slot = found->second.storage.find(key);
    return slot == found->second.storage.end() ? uint256{} : slot->second;
}

ByteView MemoryView::code(const Bytes32& code_hash) {
    const auto found = codes_.find(code_hash);
    return found == codes_.end() ? ByteView{} : ByteView{found->second};
}

bool MemoryView::has_storage(const Address& address) {
    const auto found = accounts_.find(address);
    return found != accounts_.end() && !found->second.storage.empty();
}

void MemoryView::set(const Address& address, std::uint64_t nonce, const uint256& balance,
                     Bytes code, const std::vector<std::pair<Bytes32, uint256>>& storage) {
    Entry entry;
    entry.account = {nonce, balance, crypto::keccak256(code)};
    for (const auto& [key, value] : storage)
        if (!value.is_zero()) entry.storage[key] = value;
    if (!code.empty()) codes_[entry.account.code_hash] = std::move(code);
    accounts_[address] = std::move(entry);
}

void MemoryView::apply(const Diff& diff) {
    for (const auto& [hash, code] : diff.codes) codes_[hash] = code;
    for (const Diff::AccountDiff& change : diff.accounts) {
        if (!change.account) {
            accounts_.erase(change.address);
            continue;
        }
        Entry& entry = accounts_[change.address];
        entry.account = *change.account;
        if (change.storage_cleared) entry.storage.clear();
        for (const auto& [key, value] : change.storage) {
            if (value.is_zero())
                entry.storage.erase(key);
            else
                entry.storage[key] = value;
        }
    }
}

Bytes32 MemoryView::root() const {
    trie::EmptySource nothing;
    trie::Trie state(nothing);
    for (const auto& [address, entry] : accounts_) {
        trie::Trie slots(nothing);
        for (const auto& [key, value] : entry.storage) {
            Bytes leaf;
            rlp::append(leaf, value);
            slots.put(crypto::keccak256(key), leaf);
        }
        Bytes leaf;
        {
            rlp::List list(leaf);
            rlp::append(leaf, entry.account.nonce);
            rlp::append(leaf, entry.account.balance);
            rlp::append(leaf, slots.root_hash());
            rlp::append(leaf, entry.account.code_hash);
        }
        state.put(crypto::keccak256(address), leaf);
    }
    return state.root_hash();
}

}  // namespace mezz
