// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The world state as Merkle Patricia tries: accounts under keccak(address), each with a storage
/// trie under keccak(slot).
///
/// One class for the database, the witness and genesis; they differ in the NodeSource. Reading and
/// writing share the loaded nodes. A node that is missing makes it `incomplete()`.
/// spec: Yellow Paper §4.1, Appendix D.

#include <map>

#include "core/crypto/keccak.hpp"
#include "core/state/diff.hpp"
#include "core/trie/trie.hpp"

namespace mezz {

/// An account as its trie leaf holds it.
struct TrieAccount {
    Account account;
    trie::NodeRef storage_root{EMPTY_TRIE_ROOT, 0};
};

/// rlp([nonce, balance, storageRoot, codeHash]).
Bytes encode_account(const TrieAccount& account);
std::optional<TrieAccount> decode_account(ByteView rlp, std::uint64_t storage_locator);

/// keccak256 of a storage key or address; hosts may remember the answers.
class KeyHasher {
public:
    virtual ~KeyHasher() = default;
    /// Inline, so that code with run-time type information can derive from it.
    virtual Bytes32 hash(ByteView key) { return crypto::keccak256(key); }
};

class StateTrie {
public:
    /// Keeps references to `source` and `hasher`.
    StateTrie(trie::NodeSource& source, KeyHasher& hasher,
              const trie::NodeRef& root = {EMPTY_TRIE_ROOT, 0});

    [[nodiscard]] std::optional<TrieAccount> account(const Address& address);
    [[nodiscard]] uint256 storage(const Address& address, const Bytes32& key);
    /// Writes what a block changed. Codes are the caller's to keep.
    void apply(const Diff& diff);
    /// Splits the hashing that `commit` has ahead of it into jobs that share nothing: `hash_part`
    /// may be called for 0 ≤ n < split() in any order, on any threads, or not at all.
    /// Nothing but `hash_part` and `commit` may follow before the commit.
    std::size_t split();
    void hash_part(std::size_t n);
    /// Hashes every change, hands new nodes to `sink` (may be null) and returns the root.
    trie::NodeRef commit(trie::NodeSink* sink);

    std::vector<Bytes> prove_account(const Address& address);
    std::vector<Bytes> prove_storage(const Address& address, const Bytes32& key);
    /// The storage root of one account; the empty root when there is none.
    Bytes32 storage_root(const Address& address);

    [[nodiscard]] bool incomplete() const noexcept;
    /// Forgets clean nodes so that about `max_nodes` stay in memory: first those that were not
    /// used for the longest time, a part of the tries at each call, so that a call stays short.
    /// To be called after each block. requires: no change since the last commit.
    void trim(std::size_t max_nodes);
    [[nodiscard]] std::size_t loaded_nodes() const noexcept;

private:
    struct Storage {
        trie::Trie trie;
        std::uint32_t used = 0;  ///< the round in which it was asked for last
    };
    trie::Trie* storage_trie(const Address& address);
    trie::Trie& new_storage(const Address& address, const trie::NodeRef& root);

    trie::NodeSource& source_;
    KeyHasher& hasher_;
    trie::Trie accounts_;
    /// Storage tries met so far. The changed ones are committed before the account trie.
    std::map<Address, std::unique_ptr<Storage>> storages_;
    /// Accounts whose leaves wait for the root of their storage.
    std::map<Address, Account> changed_;
    std::vector<trie::Trie*> split_;  ///< the tries that `hash_part` works on
    std::uint32_t round_ = 0;
    std::uint32_t kept_rounds_ = 64;  ///< how long what is not used stays
    bool incomplete_ = false;
};

}  // namespace mezz
