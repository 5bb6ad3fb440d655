// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/head_state.hpp"

#include <mutex>

namespace mezz::node {

namespace {
/// units: entries; a full memory is dropped whole, which costs one block some hashing.
constexpr std::size_t max_hashes = 1u << 20;
}  // namespace

Bytes32 CachingHasher::hash(ByteView key) {
    if (key.size() == 20) {
        if (addresses_.size() > max_hashes) addresses_.clear();
        auto [it, fresh] = addresses_.try_emplace(Address::from(key));
        if (fresh) it->second = KeyHasher::hash(key);
        return it->second;
    }
    if (key.size() != 32) return KeyHasher::hash(key);
    if (slots_.size() > max_hashes) slots_.clear();
    auto [it, fresh] = slots_.try_emplace(Bytes32::from(key));
    if (fresh) it->second = KeyHasher::hash(key);
    return it->second;
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

HeadState::HeadState(KvStore& store, const trie::NodeRef& root, std::size_t max_nodes,
                     std::size_t max_values)
    : nodes_(store), trie_(nodes_, hasher_, root), max_nodes_(max_nodes), max_values_(max_values) {}

std::optional<Account> HeadState::account(const Address& address) {
    if (const auto it = accounts_.find(address); it != accounts_.end()) return it->second.account;
    const auto leaf = trie_.account(address);
    const std::unique_lock lock(mutex_);
    auto& cached = accounts_[address];
    cached.account = leaf ? std::optional(leaf->account) : std::nullopt;
    ++values_;
    return cached.account;
}

uint256 HeadState::storage(const Address& address, const Bytes32& key) {
    account(address);
    auto& slots = accounts_[address].slots;
    if (const auto it = slots.find(key); it != slots.end()) return it->second;
    ++values_;
    return slots[key] = trie_.storage(address, key);
}

ByteView HeadState::code(const Bytes32& code_hash) {
    if (code_hash == EMPTY_CODE_HASH) return {};
    auto& slot = codes_[code_hash];
    if (!slot) {
        slot = std::make_unique<Bytes>();
        KvRead* rows = nodes_.rows();
        if (rows == nullptr) return {};
        const auto row = rows->get(Table::codes, code_hash);
        if (!row)
            error_ = row.error();
        else if (!*row)
            error_ = Error{Handling::fatal, "database: code is missing; restore from a snapshot"};
        else
            *slot = to_bytes(**row);
    }
    return *slot;
}

Result<trie::NodeRef> HeadState::commit(const Diff& diff, KvWrite& rows,
                                        std::uint64_t& next_locator) {
    trie_.apply(diff);
    NodeWriter writer(rows, next_locator);
    const trie::NodeRef root = trie_.commit(&writer);
    if (writer.error()) return std::unexpected(*writer.error());
    for (const auto& [code_hash, code] : diff.codes)
        if (auto done = rows.put(Table::codes, code_hash, code); !done)
            return std::unexpected(done.error());
    if (const auto e = error()) return std::unexpected(*e);
    return root;
}

void HeadState::committed(const Diff& diff) {
    nodes_.refresh();
    {
        const std::unique_lock lock(mutex_);
        for (const auto& change : diff.accounts) {
            auto& cached = accounts_[change.address];
            cached.account = change.account;
            if (change.storage_cleared || !change.account) cached.slots.clear();
            for (const auto& [key, value] : change.storage) cached.slots[key] = value;
        }
        if (values_ > max_values_) {
            accounts_.clear();
            values_ = 0;
        }
    }
    if (codes_.size() > 4096) codes_.clear();
    trie_.trim(max_nodes_);
}

std::optional<std::optional<Account>> HeadState::cached_account(const Address& address) const {
    const std::shared_lock lock(mutex_);
    const auto it = accounts_.find(address);
    if (it == accounts_.end()) return std::nullopt;
    return it->second.account;
}

std::optional<Error> HeadState::error() const {
    if (error_) return error_;
    if (const auto e = nodes_.error()) return e;
    if (trie_.incomplete())
        return Error{Handling::fatal, "database: the state has a hole; restore from a snapshot"};
    return std::nullopt;
}

}  // namespace mezz::node
