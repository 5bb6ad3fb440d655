// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state at the unsafe head, in memory as far as it fits: a trie with its recently used nodes
/// and a flat cache of accounts, slots and code over it.
///
/// Owned by the block-making thread, except `cached_account`, which any thread may ask.

#include <shared_mutex>
#include <unordered_map>

#include "core/spec/chain_spec.hpp"
#include "core/state/state_trie.hpp"
#include "node/execute/store/node_store.hpp"

namespace mezz::node {

struct FixedHash {
    template <std::size_t N>
    std::size_t operator()(const FixedBytes<N>& v) const noexcept {
        std::uint64_t a, b;
        std::memcpy(&a, v.data(), 8);
        std::memcpy(&b, v.data() + N - 8, 8);
        return (a ^ (b * 0x9e3779b97f4a7c15)) * 0xff51afd7ed558ccd;
    }
};

/// keccak of keys, remembered. Owned by one thread.
class CachingHasher final : public KeyHasher {
public:
    Bytes32 hash(ByteView key) override;

private:
    std::unordered_map<Address, Bytes32, FixedHash> addresses_;
    std::unordered_map<Bytes32, Bytes32, FixedHash> slots_;
};

/// Loads nodes in a read transaction that is opened anew for each block.
class RefreshingNodes final : public trie::NodeSource {
public:
    explicit RefreshingNodes(KvStore& store) noexcept : store_(store) {}
    std::unique_ptr<trie::Node> load(const trie::NodeRef& ref) override;
    /// Ends the transaction, so that the next load sees the last commit.
    void refresh() noexcept {
        nodes_.reset();
        rows_.reset();
    }
    KvRead* rows();
    [[nodiscard]] std::optional<Error> error() const {
        return error_ ? error_ : nodes_ ? nodes_->error() : std::nullopt;
    }

private:
    KvStore& store_;
    std::unique_ptr<KvRead> rows_;
    std::unique_ptr<StoredNodes> nodes_;
    std::optional<Error> error_;
};

class HeadState final {
public:
    HeadState(KvStore& store, const trie::NodeRef& root, std::size_t max_nodes,
              std::size_t max_values);

    std::optional<Account> account(const Address& address);
    uint256 storage(const Address& address, const Bytes32& key);
    ByteView code(const Bytes32& code_hash);

    /// Applies a block and writes its new nodes and codes. returns: the new root.
    Result<trie::NodeRef> commit(const Diff& diff, KvWrite& rows, std::uint64_t& next_locator);
    Bytes32 withdrawals_root() { return trie_.storage_root(predeploy::MESSAGE_PASSER); }
    /// After the block's rows are durable: makes caches follow and frees memory.
    void committed(const Diff& diff);

    /// returns: none when it is not in the cache.
    std::optional<std::optional<Account>> cached_account(const Address& address) const;
    [[nodiscard]] std::optional<Error> error() const;

private:
    struct AccountCache {
        std::optional<Account> account;
        std::unordered_map<Bytes32, uint256, FixedHash> slots;
    };

    RefreshingNodes nodes_;
    CachingHasher hasher_;
    StateTrie trie_;
    std::size_t max_nodes_, max_values_;
    mutable std::shared_mutex mutex_;  ///< writes lock it; reads by the owner need not
    std::unordered_map<Address, AccountCache, FixedHash> accounts_;
    std::unordered_map<Bytes32, std::unique_ptr<Bytes>, FixedHash> codes_;
    std::size_t values_ = 0;
    std::optional<Error> error_;
};

/// HeadState as the View of one block.
class HeadView final : public View {
public:
    explicit HeadView(HeadState& state) noexcept : state_(state) {}
    std::optional<Account> account(const Address& a) override { return state_.account(a); }
    uint256 storage(const Address& a, const Bytes32& k) override { return state_.storage(a, k); }
    ByteView code(const Bytes32& h) override { return state_.code(h); }

private:
    HeadState& state_;
};

}  // namespace mezz::node
