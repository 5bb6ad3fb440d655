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

trie::Trie& StateTrie::new_storage(const Address& address, const trie::NodeRef& root) {
    auto& slot = storages_[address];
    slot = std::make_unique<Storage>(trie::Trie(source_, root), round_);
    return slot->trie;
}

trie::Trie* StateTrie::storage_trie(const Address& address) {
    if (const auto it = storages_.find(address); it != storages_.end()) {
        it->second->used = round_;
        return &it->second->trie;
    }
    const auto leaf = account(address);
    return leaf ? &new_storage(address, leaf->storage_root) : nullptr;
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
        const Bytes32 key = hasher_.hash(change.address);
        if (!change.account) {
            storages_.erase(change.address);
            changed_.erase(change.address);
            accounts_.erase(key);
            continue;
        }
        if (change.storage_cleared) new_storage(change.address, {EMPTY_TRIE_ROOT, 0});
        if (change.storage_cleared || !change.storage.empty() ||
            changed_.contains(change.address)) {
            trie::Trie* storage = storage_trie(change.address);
            if (storage == nullptr) storage = &new_storage(change.address, {EMPTY_TRIE_ROOT, 0});
            Bytes encoded;
            for (const auto& [slot, value] : change.storage) {
                encoded.clear();
                if (!value.is_zero()) rlp::append(encoded, value);
                storage->put(hasher_.hash(slot), encoded);
            }
            changed_[change.address] = *change.account;
            continue;
        }
        TrieAccount leaf{*change.account, {EMPTY_TRIE_ROOT, 0}};
        if (const auto before = accounts_.get(key)) {
            const auto decoded = decode_account(before->bytes, before->locator);
            if (!decoded) incomplete_ = true;
            if (decoded) leaf.storage_root = decoded->storage_root;
        }
        accounts_.put(key, encode_account(leaf), leaf.storage_root.locator);
    }
}

std::size_t StateTrie::split() {
    split_.assign(1, &accounts_);
    for (const auto& [address, account] : changed_) split_.push_back(&storages_[address]->trie);
    return split_.size() * trie::Trie::parts;
}

void StateTrie::hash_part(std::size_t n) {
    split_[n / trie::Trie::parts]->hash_part(static_cast<unsigned>(n % trie::Trie::parts));
}

trie::NodeRef StateTrie::commit(trie::NodeSink* sink) {
    split_.clear();
    for (const auto& [address, account] : changed_) {
        trie::Trie& storage = storages_[address]->trie;
        const TrieAccount leaf{account, storage.commit(sink)};
        incomplete_ = incomplete_ || storage.incomplete();
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
        return it->second->trie.root_hash();
    const auto leaf = account(address);
    return leaf ? leaf->storage_root.hash : EMPTY_TRIE_ROOT;
}

bool StateTrie::incomplete() const noexcept {
    if (incomplete_ || accounts_.incomplete()) return true;
    for (const auto& [address, storage] : storages_)
        if (storage->trie.incomplete()) return true;
    return false;
}

std::size_t StateTrie::loaded_nodes() const noexcept {
    std::size_t total = accounts_.loaded_nodes();
    for (const auto& [address, storage] : storages_) total += 1 + storage->trie.loaded_nodes();
    return total;
}

void StateTrie::trim(std::size_t max_nodes) {
    const std::size_t loaded = loaded_nodes();
    // How long unused nodes may stay is found by trial: longer while there is room.
    const bool has_room = loaded < max_nodes - max_nodes / 8;
    if (has_room && kept_rounds_ < 1u << 20) kept_rounds_ += 1 + kept_rounds_ / 16;
    if (loaded > max_nodes) kept_rounds_ -= kept_rounds_ > 4 ? kept_rounds_ / 4 : kept_rounds_ / 2;
    // A part at a time, unless memory grows faster than that.
    const bool at_once = loaded / 2 > max_nodes;
    const std::uint32_t kept = at_once ? 0 : kept_rounds_;
    const auto forget = [&](trie::Trie& trie) {
        for (unsigned part = 0; part < trie::Trie::parts && !has_room; ++part)
            if (at_once || part == round_ % trie::Trie::parts) trie.forget_unused(part, kept);
        trie.next_round();
    };
    forget(accounts_);
    for (auto it = storages_.begin(); it != storages_.end();) {
        forget(it->second->trie);
        const bool is_old = !has_room && round_ - it->second->used > kept;
        it = is_old ? storages_.erase(it) : std::next(it);
    }
    ++round_;
}

}  // namespace mezz
