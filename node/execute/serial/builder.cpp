// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/builder.hpp"

#include <algorithm>

#include "core/crypto/keccak.hpp"
#include "core/trie/trie.hpp"

namespace mezz::node {

namespace {

/// Puts an edit over what the block did. `before` is the state the block began with.
void apply_edit(Diff& diff, View& before, const StateEdit& edit) {
    auto at =
        std::ranges::lower_bound(diff.accounts, edit.address, {}, &Diff::AccountDiff::address);
    const bool changed = at != diff.accounts.end() && at->address == edit.address;
    const auto known = changed ? at->account : before.account(edit.address);
    Account account = known.value_or(Account{});
    if (edit.balance) account.balance = *edit.balance;
    if (edit.nonce) account.nonce = *edit.nonce;
    if (edit.code) {
        account.code_hash = crypto::keccak256(*edit.code);
        const auto code = std::ranges::lower_bound(diff.codes, account.code_hash, {},
                                                   &std::pair<Bytes32, Bytes>::first);
        if (!edit.code->empty() && (code == diff.codes.end() || code->first != account.code_hash))
            diff.codes.insert(code, {account.code_hash, *edit.code});
    }
    std::vector<std::pair<Bytes32, uint256>> slots;
    if (changed) slots = at->storage;
    const bool cleared = changed && at->storage_cleared;
    for (const auto& [key, value] : edit.storage) {
        const auto slot =
            std::ranges::lower_bound(slots, key, {}, &std::pair<Bytes32, uint256>::first);
        if (slot != slots.end() && slot->first == key)
            slot->second = value;
        else if (value != (cleared ? uint256{} : before.storage(edit.address, key)))
            slots.insert(slot, {key, value});
    }
    if (!changed && slots.empty() && account == known.value_or(Account{})) return;
    if (!changed) at = diff.accounts.insert(at, {edit.address, std::nullopt, false, {}});
    const bool gone = account == Account{} && slots.empty();
    at->account = gone ? std::nullopt : std::optional(account);
    at->storage = std::move(slots);
}

}  // namespace

Builder::Builder(Chain& chain, std::shared_ptr<HeadState> state, const BlockPlan& plan)
    : context_(plan.context),
      hashes_(chain, context_.number, context_.parent_hash),
      state_(std::move(state)),
      view_(*state_),
      executor_(view_, chain.spec(), context_, hashes_),
      runner_(chain.make_runner()),
      edits_(plan.edits) {
    executor_.set_runner(runner_.get());
    executor_.begin();
}

std::expected<void, exec::TxError> Builder::apply(const Transaction& txn, const Address& sender,
                                                  const Bytes32& hash) {
    std::expected<Receipt, exec::TxError> receipt;
    if (is_impersonated(txn, sender)) {
        // Its sender may be a contract, which no signed transaction's can. spec: EIP-3607.
        auto done = executor_.call(txn, sender, true);
        if (!done) return std::unexpected(done.error());
        receipt = std::move(done->receipt);
    } else {
        receipt = executor_.apply(txn, sender);
    }
    if (!receipt) return std::unexpected(receipt.error());
    merge(bloom_, receipt->bloom);
    receipts_.push_back(std::move(*receipt));
    body_.push_back({txn, sender, hash});
    return {};
}

Diff Builder::finish() {
    Diff diff = executor_.finish();
    for (const StateEdit& edit : edits_) apply_edit(diff, view_, edit);
    return diff;
}

Header Builder::header() const {
    Header h;
    h.parent_hash = context_.parent_hash;
    h.coinbase = context_.coinbase;
    h.logs_bloom = bloom_;
    h.number = context_.number;
    h.gas_limit = context_.gas_limit;
    h.gas_used = executor_.gas_used();
    h.timestamp = context_.timestamp;
    h.prev_randao = context_.prev_randao;
    h.base_fee_per_gas = context_.base_fee;
    h.blob_gas_used = executor_.blob_gas_used();
    h.excess_blob_gas = context_.excess_blob_gas;
    h.parent_beacon_block_root = context_.parent_beacon_root;
    h.requests_hash = EMPTY_REQUESTS_HASH;
    return h;
}

Builder::Encoded Builder::encoded() const {
    Encoded out;
    std::vector<Bytes> items;
    items.reserve(body_.size());
    for (const auto& item : body_) items.push_back(encode(item.txn));
    out.transactions_root = trie::ordered_root(items);
    out.body = encode_body(body_, items);
    items.clear();
    for (const auto& r : receipts_) items.push_back(encode(r));
    out.receipts_root = trie::ordered_root(items);
    out.receipts = encode_receipts(items);
    return out;
}

}  // namespace mezz::node
