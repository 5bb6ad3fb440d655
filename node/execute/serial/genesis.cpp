// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/genesis.hpp"

#include <algorithm>

#include "core/base/endian.hpp"
#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "core/spec/chain_spec.hpp"
#include "core/state/state_trie.hpp"
#include "core/trie/builder.hpp"
#include "node/execute/store/block_rows.hpp"

namespace mezz::node {
namespace {

/// units: bytes of records in one transaction.
constexpr std::size_t batch_bytes = std::size_t{128} << 20;

/// An entry of a list by its hashed key.
struct Keyed {
    Bytes32 key;
    std::uint32_t index = 0;
};

/// By key; of equal keys only the one that stood last.
void sort_by_key(std::vector<Keyed>& entries) {
    std::sort(entries.begin(), entries.end(), [](const Keyed& a, const Keyed& b) {
        return a.key != b.key ? a.key < b.key : a.index > b.index;
    });
    const auto same = [](const Keyed& a, const Keyed& b) { return a.key == b.key; };
    entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
}

trie::NodeRef build_storage(const std::vector<std::pair<Bytes32, uint256>>& storage,
                            trie::NodeSink* sink) {
    std::vector<Keyed> entries(storage.size());
    for (std::uint32_t i = 0; i < entries.size(); ++i)
        entries[i] = {crypto::keccak256(storage[i].first), i};
    sort_by_key(entries);
    trie::TrieBuilder builder(sink);
    Bytes value;
    for (const Keyed& entry : entries) {
        if (storage[entry.index].second.is_zero()) continue;
        value.clear();
        rlp::append(value, storage[entry.index].second);
        builder.add(entry.key, value);
    }
    return builder.finish();
}

}  // namespace

trie::NodeRef build_genesis(const std::vector<GenesisAccount>& accounts, trie::NodeSink* sink) {
    std::vector<Keyed> entries(accounts.size());
    for (std::uint32_t i = 0; i < entries.size(); ++i)
        entries[i] = {crypto::keccak256(accounts[i].address), i};
    sort_by_key(entries);
    // Storage comes first, in order of the addresses.
    std::vector<std::uint32_t> owners;
    for (const Keyed& entry : entries)
        if (!accounts[entry.index].storage.empty()) owners.push_back(entry.index);
    std::sort(owners.begin(), owners.end(), [&](std::uint32_t a, std::uint32_t b) {
        return accounts[a].address < accounts[b].address;
    });
    std::vector<std::pair<std::uint32_t, trie::NodeRef>> roots;
    for (const std::uint32_t i : owners)
        roots.emplace_back(i, build_storage(accounts[i].storage, sink));
    std::sort(roots.begin(), roots.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });

    trie::TrieBuilder builder(sink);
    for (const Keyed& entry : entries) {
        const GenesisAccount& a = accounts[entry.index];
        TrieAccount leaf{{a.nonce, a.balance, EMPTY_CODE_HASH}, {EMPTY_TRIE_ROOT, 0}};
        if (!a.code.empty()) leaf.account.code_hash = crypto::keccak256(a.code);
        const auto root =
            std::lower_bound(roots.begin(), roots.end(), entry.index,
                             [](const auto& r, std::uint32_t index) { return r.first < index; });
        if (root != roots.end() && root->first == entry.index) leaf.storage_root = root->second;
        builder.add(entry.key, encode_account(leaf), leaf.storage_root.locator);
    }
    return builder.finish();
}

Bytes32 genesis_state_root(const std::vector<GenesisAccount>& accounts) {
    return build_genesis(accounts, nullptr).hash;
}

Bytes32 genesis_withdrawals_root(const std::vector<GenesisAccount>& accounts) {
    Bytes32 root = EMPTY_TRIE_ROOT;
    for (const auto& a : accounts)
        if (a.address == predeploy::MESSAGE_PASSER) root = build_storage(a.storage, nullptr).hash;
    return root;
}

Result<void> GenesisWriter::begin() {
    const auto rows = store_.read();
    if (!rows) return std::unexpected(rows.error());
    const auto row = (*rows)->get(Table::meta, name_key(meta_row::locator));
    if (!row) return std::unexpected(row.error());
    if (*row && (*row)->size() == 8) batch_ = NodeBatch(load_be64((*row)->data()));
    return {};
}

std::uint64_t GenesisWriter::store(const Bytes32& hash, ByteView rlp,
                                   std::span<const std::uint64_t> locators) {
    const std::uint64_t locator = batch_.store(hash, rlp, locators);
    if (batch_.size_bytes() < batch_bytes || error_) return locator;
    auto rows = store_.write();
    Result<void> done = rows ? finish(**rows) : std::unexpected(rows.error());
    if (done) done = (*rows)->commit();
    if (!done) error_ = done.error();
    return locator;
}

Result<void> GenesisWriter::finish(KvWrite& rows) {
    if (error_) return std::unexpected(*error_);
    if (auto done = batch_.write(rows); !done) return done;
    batch_.clear();
    return rows.put(Table::meta, name_key(meta_row::locator), number_key(batch_.next_locator()));
}

}  // namespace mezz::node
