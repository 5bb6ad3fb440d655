// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/head_state.hpp"

#include <mutex>

namespace mezz::node {

namespace {
/// units: entries. Keys are hashed when they are read and again when they are written.
constexpr std::size_t known_addresses = 1u << 15, known_slots = 1u << 16;
constexpr std::size_t max_codes = 4096;
constexpr std::size_t max_lives = 4096;
}  // namespace

CachingHasher::CachingHasher() : addresses_(known_addresses), slots_(known_slots) {}

Bytes32 CachingHasher::hash(ByteView key) {
    const auto known = [&](auto& memory, const auto& k) {
        auto& place = memory[hash_of(k, 0) % memory.size()];
        if (!place.is_set || !(place.key == k)) place = {k, KeyHasher::hash(key), true};
        return place.hash;
    };
    if (key.size() == 20) return known(addresses_, Address::from(key));
    if (key.size() == 32) return known(slots_, Bytes32::from(key));
    return KeyHasher::hash(key);
}

KvRead* RefreshingNodes::rows() {
    if (!rows_) {
        auto opened = store_.read();
        if (!opened) {
            error_ = opened.error();
            return nullptr;
        }
        rows_ = std::move(*opened);
        nodes_ = std::make_unique<StoredNodes>(*rows_);
    }
    return rows_.get();
}

std::unique_ptr<trie::Node> RefreshingNodes::load(const trie::NodeRef& ref) {
    return rows() == nullptr ? nullptr : nodes_->load(ref);
}

HeadState::HeadState(KvStore& store, const trie::NodeRef& root, const HeadStateOptions& options)
    : nodes_(store),
      trie_(nodes_, hasher_, root),
      max_nodes_(options.max_nodes),
      accounts_(options.max_values),
      slots_(options.max_values) {}

std::optional<Account> HeadState::account(const Address& address) {
    if (const auto* known = accounts_.find(address)) return *known;
    const auto leaf = trie_.account(address);
    const std::unique_lock lock(mutex_);
    return accounts_.put(address, leaf ? std::optional(leaf->account) : std::nullopt);
}

uint256 HeadState::storage(const Address& address, const Bytes32& key) {
    const SlotOf slot{address, life(address), key};
    if (const auto* known = slots_.find(slot)) return *known;
    return slots_.put(slot, trie_.storage(address, key));
}

ByteView HeadState::code(const Bytes32& code_hash) {
    if (code_hash == EMPTY_CODE_HASH) return {};
    if (const auto it = codes_.find(code_hash); it != codes_.end()) return it->second;
    KvRead* rows = nodes_.rows();
    if (rows == nullptr) return {};
    const auto row = rows->get(Table::codes, code_hash);
    if (!row) {
        error_ = row.error();
        return {};
    }
    if (!*row) {
        error_ = Error{Handling::fatal, "database: code is missing; restore from a snapshot"};
        return {};
    }
    code_order_.push_back(code_hash);
    return codes_[code_hash] = to_bytes(**row);
}

Result<trie::NodeRef> HeadState::commit(const Diff& diff, Helper& helper, NodeBatch& nodes) {
    trie_.apply(diff);
    helper.for_each(trie_.split(), [this](std::size_t n) { trie_.hash_part(n); });
    const trie::NodeRef root = trie_.commit(&nodes);
    if (const auto e = error()) return std::unexpected(*e);
    remember(diff);
    return root;
}

std::uint32_t HeadState::life(const Address& address) const {
    if (lives_.empty()) return 0;
    const auto it = lives_.find(address);
    return it == lives_.end() ? 0 : it->second;
}

void HeadState::remember(const Diff& diff) {
    {
        const std::unique_lock lock(mutex_);
        for (const auto& change : diff.accounts) accounts_.put(change.address, change.account);
    }
    if (lives_.size() > max_lives) {
        slots_.clear();
        lives_.clear();
    }
    for (const auto& change : diff.accounts) {
        if (change.storage_cleared || !change.account) ++lives_[change.address];
        for (const auto& [key, value] : change.storage)
            slots_.put({change.address, life(change.address), key}, value);
    }
    for (const auto& [code_hash, code] : diff.codes)
        if (codes_.try_emplace(code_hash, code).second) code_order_.push_back(code_hash);
}

void HeadState::trim() {
    for (; code_order_.size() > max_codes; code_order_.pop_front())
        codes_.erase(code_order_.front());
    trie_.trim(max_nodes_);
}

std::optional<std::optional<Account>> HeadState::cached_account(const Address& address) const {
    const std::shared_lock lock(mutex_);
    const auto* known = accounts_.peek(address);
    if (known == nullptr) return std::nullopt;
    return std::optional<std::optional<Account>>(std::in_place, *known);
}

std::optional<Error> HeadState::error() const {
    if (error_) return error_;
    if (const auto e = nodes_.error()) return e;
    if (trie_.incomplete())
        return Error{Handling::fatal, "database: the state has a hole; restore from a snapshot"};
    return std::nullopt;
}

}  // namespace mezz::node
