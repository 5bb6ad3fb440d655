// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/stored_state.hpp"

namespace mezz::node {

ByteView StoredState::code(const Bytes32& code_hash) {
    if (code_hash == EMPTY_CODE_HASH) return {};
    if (const auto it = pretended_codes_.find(code_hash); it != pretended_codes_.end())
        return it->second;
    const auto row = rows_->get(Table::codes, code_hash);
    if (!row) {
        error_ = row.error();
        return {};
    }
    if (!*row) {
        error_ = Error{Handling::fatal, "database: code is missing; restore from a snapshot"};
        return {};
    }
    return **row;
}

std::optional<Error> StoredState::error() const {
    if (error_) return error_;
    if (nodes_.error()) return nodes_.error();
    if (trie_.incomplete())
        return Error{Handling::fatal, "database: the state has a hole; restore from a snapshot"};
    return std::nullopt;
}

Result<Bytes32> StoredState::pretend(const Diff& changes) {
    for (const auto& [code_hash, code] : changes.codes) pretended_codes_.insert({code_hash, code});
    trie_.apply(changes);
    const Bytes32 root = trie_.commit(nullptr).hash;
    if (const auto e = error()) return std::unexpected(*e);
    return root;
}

Result<AccountProof> StoredState::prove(const Address& address, const std::vector<Bytes32>& keys) {
    AccountProof out;
    out.account_proof = trie_.prove_account(address);
    const auto leaf = trie_.account(address);
    out.account = leaf ? leaf->account : Account{};
    out.storage_root = leaf ? leaf->storage_root.hash : EMPTY_TRIE_ROOT;
    for (const auto& key : keys)
        out.slots.push_back({key, trie_.storage(address, key), trie_.prove_storage(address, key)});
    if (const auto e = error()) return std::unexpected(*e);
    return out;
}

}  // namespace mezz::node
