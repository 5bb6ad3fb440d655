// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/served_chain.hpp"

#include <algorithm>

#include "core/base/assert.hpp"
#include "core/state/state_trie.hpp"
#include "node/parent/sidecar_check.hpp"

namespace mezz::conformance {
namespace {

using node::Result;

/// The state after one block. Its trie is made when a proof is asked for.
class ServedState final : public node::StateReader {
public:
    explicit ServedState(const std::shared_ptr<const MemoryView>& state) : view_(*state) {}
    std::optional<Account> account(const Address& a) override { return view_.account(a); }
    uint256 storage(const Address& a, const Bytes32& k) override { return view_.storage(a, k); }
    ByteView code(const Bytes32& h) override { return view_.code(h); }
    bool has_storage(const Address& a) override { return view_.has_storage(a); }
    [[nodiscard]] std::optional<node::Error> error() const override { return std::nullopt; }
    Result<Bytes32> pretend(const Diff& changes) override {
        view_.apply(changes);
        return view_.root();
    }
    Result<node::AccountProof> prove(const Address& address,
                                     const std::vector<Bytes32>& keys) override {
        trie::EmptySource nothing;
        KeyHasher hasher;
        StateTrie trie(nothing, hasher);
        trie.apply(everything());
        trie.commit(nullptr);
        node::AccountProof proof;
        proof.account_proof = trie.prove_account(address);
        proof.account = view_.account(address).value_or(Account{});
        proof.storage_root = trie.storage_root(address);
        for (const Bytes32& key : keys)
            proof.slots.push_back(
                {key, view_.storage(address, key), trie.prove_storage(address, key)});
        return proof;
    }

private:
    Diff everything() const {
        Diff diff;
        for (const auto& [address, entry] : view_.accounts())
            diff.accounts.push_back(
                {address, entry.account, false, {entry.storage.begin(), entry.storage.end()}});
        return diff;
    }

    MemoryView view_;
};

bool same(const BlobParams& a, const BlobParams& b) {
    return a.target == b.target && a.max == b.max && a.update_fraction == b.update_fraction;
}

}  // namespace

ServedChain::ServedChain(const Chain& chain) : chain_(chain) {
    for (Bytes32 at = chain.head(); const Chain::Imported* block = chain.find(at);
         at = block->block.header.parent_hash)
        hashes_.push_back(at);
    std::ranges::reverse(hashes_);
    spec_.revisions.clear();
    for (std::uint64_t n = 0; n < hashes_.size(); ++n) {
        const Chain::Imported& block = *chain.find(hashes_[n]);
        const Header& header = block.block.header;
        const Chain::Imported* parent = at(n == 0 ? 0 : n - 1);
        ASSERT(parent != nullptr);
        const ChainSpec rules = chain.spec_of(header, *parent);
        spec_.chain_id = rules.chain_id;
        spec_.deposit_contract = rules.deposit_contract;
        const Revision revision = rules.revision_at(header.timestamp);
        if (spec_.revisions.empty() || spec_.revisions.back().revision != revision)
            spec_.revisions.push_back({n == 0 ? 0 : header.timestamp, revision});
        if (revision >= Revision::cancun) {
            const BlobParams blobs = rules.blobs_at(header.timestamp);
            if (spec_.blobs.empty() || !same(spec_.blobs.back().params, blobs))
                spec_.blobs.push_back({header.timestamp, blobs});
        }
        for (std::uint32_t i = 0; i < block.block.transactions.size(); ++i)
            places_[mezz::hash(block.block.transactions[i])] = {n, i};
    }
}

const Chain::Imported* ServedChain::at(std::uint64_t number) const {
    return number < hashes_.size() ? chain_.find(hashes_[number]) : nullptr;
}

node::BlockRef ServedChain::head(node::Head) const {
    return {hashes_.size() - 1, hashes_.back()};
}

Result<std::optional<Header>> ServedChain::header(std::uint64_t number) {
    const auto* block = at(number);
    return block == nullptr ? std::nullopt : std::optional(block->block.header);
}

Result<std::optional<std::uint64_t>> ServedChain::number_of(const Bytes32& block_hash) {
    const auto found = std::ranges::find(hashes_, block_hash);
    if (found == hashes_.end()) return std::nullopt;
    return static_cast<std::uint64_t>(found - hashes_.begin());
}

Result<std::optional<node::StoredBlock>> ServedChain::block(std::uint64_t number) {
    const auto* block = at(number);
    if (block == nullptr) return std::nullopt;
    node::StoredBlock out;
    out.header = block->block.header;
    out.hash = hashes_[number];
    out.size_bytes = block->size_bytes;
    out.transactions = block->block.transactions;
    for (const Transaction& txn : out.transactions)
        out.transaction_hashes.push_back(mezz::hash(txn));
    out.senders = block->senders;
    out.ommers = block->block.ommers;
    out.withdrawals = block->block.withdrawals.value_or(std::vector<Withdrawal>{});
    return out;
}

Result<std::optional<node::BlockReceipts>> ServedChain::receipts(std::uint64_t number) {
    const auto* block = at(number);
    if (block == nullptr) return std::nullopt;
    return node::BlockReceipts{block->receipts};
}

Result<std::optional<node::TxnPlace>> ServedChain::find_transaction(const Bytes32& hash) {
    const auto found = places_.find(hash);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::unique_ptr<node::StateReader>> ServedChain::state(std::uint64_t number) {
    const auto* block = at(number);
    if (block == nullptr) return node::fatal("no block " + std::to_string(number));
    return std::make_unique<ServedState>(block->state);
}

Result<BlockContext> ServedChain::context_of(std::uint64_t number) {
    const auto* block = at(number);
    if (block == nullptr) return node::fatal("no block " + std::to_string(number));
    return Chain::context_of(block->block.header, spec_.revision_at(block->block.header.timestamp));
}

Bytes32 ServedChain::hash_of(std::uint64_t number) {
    return number < hashes_.size() ? hashes_[number] : Bytes32{};
}

std::vector<node::NumberedFork> ServedChain::numbered_forks() const {
    std::vector<node::NumberedFork> out;
    for (const std::uint64_t number : chain_.network().fork_numbers)
        if (const auto* block = at(number)) out.push_back({number, block->block.header.timestamp});
    return out;
}

Result<BlockContext> next_context(ServedChain& chain, std::uint64_t number) {
    const auto header = chain.header(number);
    if (!header || !*header) return node::fatal("no block " + std::to_string(number));
    const Header& h = **header;
    BlockContext next = *chain.context_of(number);
    const ParentFees fees{h.gas_limit, h.gas_used, h.base_fee_per_gas.value_or(uint256{}),
                          h.blob_gas_used.value_or(0), h.excess_blob_gas.value_or(0)};
    ++next.number;
    ++next.timestamp;
    next.parent_hash = chain.hash_of(number);
    if (h.base_fee_per_gas) next.base_fee = next_base_fee(chain.spec(), fees);
    next.excess_blob_gas = next_excess_blob_gas(chain.spec(), next.timestamp, fees);
    return next;
}

std::unique_ptr<node::Pool> make_pool(ServedChain& chain) {
    node::PoolChain asks;
    asks.spec = &chain.spec();
    const auto head = chain.head(node::Head::unsafe).number;
    asks.account = [&chain, head](const Address& address) -> Result<Account> {
        return (*chain.state(head))->account(address).value_or(Account{});
    };
    asks.next_block = [&chain, head] { return *next_context(chain, head); };
    asks.check_sidecar = [&chain, head](const NetworkTransaction& txn) {
        return node::check_sidecar(txn, chain.spec().revision_at((*chain.header(head))->timestamp));
    };
    return std::make_unique<node::Pool>(std::move(asks));
}

}  // namespace mezz::conformance
