// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/state/state_trie.hpp"

#include "core/codec/rlp.hpp"

namespace mezz {

Bytes encode_account(const TrieAccount& a) {
    Bytes out;
    out.reserve(120);
    {
        const rlp::List list(out);
        rlp::append(out, a.account.nonce);
        rlp::append(out, a.account.balance);
        rlp::append(out, a.storage_root.hash);
        rlp::append(out, a.account.code_hash);
    }
    return out;
}

std::optional<TrieAccount> decode_account(ByteView bytes, std::uint64_t storage_locator) {
    rlp::Reader whole(bytes);
    rlp::Reader in = whole.list();
    TrieAccount a;
    a.account.nonce = in.u64();
    a.account.balance = in.u256();
    a.storage_root = {in.fixed<32>(), storage_locator};
    a.account.code_hash = in.fixed<32>();
    whole.take(in);
    if (whole.finish() != rlp::Error::none) return std::nullopt;
    return a;
}

StateTrie::StateTrie(trie::NodeSource& source, KeyHasher& hasher, const trie::NodeRef& root)
    : source_(source), hasher_(hasher), accounts_(source, root) {}

std::optional<TrieAccount> StateTrie::account(const Address& address) {
    const auto leaf = accounts_.get(hasher_.hash(address));
    if (!leaf) return std::nullopt;
    auto decoded = decode_account(leaf->bytes, leaf->locator);
    if (!decoded) incomplete_ = true;
    return decoded;
}

trie::Trie* StateTrie::storage_trie(const Address& address) {
    if (const auto it = storages_.find(address); it != storages_.end()) return it->second.get();
    const auto leaf = account(address);
    if (!leaf) return nullptr;
    auto& slot = storages_[address];
    slot = std::make_unique<trie::Trie>(source_, leaf->storage_root);
    return slot.get();
}

uint256 StateTrie::storage(const Address& address, const Bytes32& key) {
    trie::Trie* storage = storage_trie(address);
    if (storage == nullptr) return {};
    const auto leaf = storage->get(hasher_.hash(key));
    if (!leaf) return {};
    rlp::Reader in(leaf->bytes);
    const uint256 value = in.u256();
    if (in.finish() != rlp::Error::none) incomplete_ = true;
    return value;
}

void StateTrie::apply(const Diff& diff) {
    for (const auto& change : diff.accounts) {
        if (change.storage_cleared || !change.account)
            storages_[change.address] = std::make_unique<trie::Trie>(source_);
        if (!change.account) {
            storages_.erase(change.address);
            changed_.erase(change.address);
            accounts_.erase(hasher_.hash(change.address));
            continue;
        }
        if (!change.storage.empty()) {
            trie::Trie* storage = storage_trie(change.address);
            if (storage == nullptr)
                storage = (storages_[change.address] = std::make_unique<trie::Trie>(source_)).get();
            for (const auto& [key, value] : change.storage) {
                Bytes encoded;
                if (!value.is_zero()) rlp::append(encoded, value);
                storage->put(hasher_.hash(key), encoded);
            }
        }
        changed_[change.address] = *change.account;
    }
}

trie::NodeRef StateTrie::commit(trie::NodeSink* sink) {
    for (const auto& [address, account] : changed_) {
        TrieAccount leaf{account, {EMPTY_TRIE_ROOT, 0}};
        if (const auto it = storages_.find(address); it != storages_.end()) {
            leaf.storage_root = it->second->commit(sink);
            incomplete_ = incomplete_ || it->second->incomplete();
        } else if (const auto before = this->account(address)) {
            leaf.storage_root = before->storage_root;
        }
        accounts_.put(hasher_.hash(address), encode_account(leaf), leaf.storage_root.locator);
    }
    changed_.clear();
    return accounts_.commit(sink);
}

std::vector<Bytes> StateTrie::prove_account(const Address& address) {
    return accounts_.prove(hasher_.hash(address));
}

std::vector<Bytes> StateTrie::prove_storage(const Address& address, const Bytes32& key) {
    trie::Trie* storage = storage_trie(address);
    return storage == nullptr ? std::vector<Bytes>{} : storage->prove(hasher_.hash(key));
}

Bytes32 StateTrie::storage_root(const Address& address) {
    if (const auto it = storages_.find(address); it != storages_.end())
        return it->second->root_hash();
    const auto leaf = account(address);
    return leaf ? leaf->storage_root.hash : EMPTY_TRIE_ROOT;
}

bool StateTrie::incomplete() const noexcept {
    if (incomplete_ || accounts_.incomplete()) return true;
    for (const auto& [address, storage] : storages_)
        if (storage->incomplete()) return true;
    return false;
}

void StateTrie::trim(std::size_t max_nodes) {
    std::size_t total = accounts_.loaded_nodes();
    for (const auto& [address, storage] : storages_) total += storage->loaded_nodes();
    if (total <= max_nodes) return;
    storages_.clear();
    for (unsigned depth = 6; depth > 0 && accounts_.loaded_nodes() > max_nodes / 2; --depth)
        accounts_.forget_below(depth);
}

}  // namespace mezz
