// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The state after the last block that was made, in memory as far as it fits: a trie with its
/// recently used nodes and, over it, recently used accounts, slots and codes.
///
/// Owned by the block-making thread, except `cached_account`, which any thread may ask.

#include <deque>
#include <shared_mutex>
#include <unordered_map>

#include "core/spec/chain_spec.hpp"
#include "core/state/state_trie.hpp"
#include "node/execute/serial/recent.hpp"
#include "node/execute/store/node_store.hpp"
#include "node/ports/helper.hpp"

namespace mezz::node {

/// keccak of keys, remembered for as long as nobody needs their place. Owned by one thread.
class CachingHasher final : public KeyHasher {
public:
    CachingHasher();
    Bytes32 hash(ByteView key) override;

private:
    template <class Key>
    struct Known {
        Key key;
        Bytes32 hash;
        bool is_set = false;
    };
    std::vector<Known<Address>> addresses_;
    std::vector<Known<Bytes32>> slots_;
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

struct HeadStateOptions {
    std::size_t max_nodes = 0;   ///< trie nodes
    std::size_t max_values = 0;  ///< accounts, and as many slots
};

class HeadState final {
public:
    /// Keeps a reference to `store`.
    HeadState(KvStore& store, const trie::NodeRef& root, const HeadStateOptions& options);

    std::optional<Account> account(const Address& address);
    uint256 storage(const Address& address, const Bytes32& key);
    ByteView code(const Bytes32& code_hash);

    /// Applies a block, hashed with the help of others. Its nodes go to `nodes`, numbered as the
    /// plain `StateTrie::commit` does. returns: the new root.
    Result<trie::NodeRef> commit(const Diff& diff, Helper& helper, NodeBatch& nodes);
    Bytes32 withdrawals_root() { return trie_.storage_root(predeploy::MESSAGE_PASSER); }
    /// Once the rows of all that was committed here are durable: reads go on from there.
    void stored() { nodes_.refresh(); }
    /// Frees memory. requires: all is stored, and no View of a block lives.
    void trim();

    /// returns: none when it is not in the cache.
    std::optional<std::optional<Account>> cached_account(const Address& address) const;
    [[nodiscard]] std::optional<Error> error() const;

private:
    struct SlotOf {
        Address address;
        std::uint32_t life = 0;  ///< how often the account's storage was cleared
        Bytes32 key;
        friend bool operator==(const SlotOf&, const SlotOf&) = default;
        friend std::uint64_t hash_of(const SlotOf& s, std::uint64_t seed) noexcept {
            return mezz::hash_of(s.key, mezz::hash_of(s.address, seed) + s.life);
        }
    };
    struct FixedHash {
        template <class Key>
        std::size_t operator()(const Key& key) const noexcept {
            return hash_of(key, 0);
        }
    };

    [[nodiscard]] std::uint32_t life(const Address& address) const;
    /// Makes the flat caches follow.
    void remember(const Diff& diff);

    RefreshingNodes nodes_;
    CachingHasher hasher_;
    StateTrie trie_;
    std::size_t max_nodes_;
    mutable std::shared_mutex mutex_;  ///< changes of `accounts_` lock it
    Recent<Address, std::optional<Account>> accounts_;
    Recent<SlotOf, uint256> slots_;
    std::unordered_map<Address, std::uint32_t, FixedHash> lives_;  ///< of cleared storage only
    std::unordered_map<Bytes32, Bytes, FixedHash> codes_;
    std::deque<Bytes32> code_order_;  ///< as they came
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
