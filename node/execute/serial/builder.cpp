// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/builder.hpp"

#include <algorithm>

#include "core/trie/trie.hpp"

namespace mezz::node {

Builder::Builder(Chain& chain, std::shared_ptr<HeadState> state, const BlockContext& context)
    : context_(context),
      hashes_(chain, context.number, context.parent_hash),
      state_(std::move(state)),
      view_(*state_),
      executor_(view_, chain.spec(), context_, hashes_),
      runner_(chain.make_runner()) {
    executor_.set_runner(runner_.get());
    executor_.begin();
}

std::expected<void, exec::TxError> Builder::apply(const Transaction& txn, const Address& sender,
                                                  const Bytes32& hash) {
    auto receipt = executor_.apply(txn, sender);
    if (!receipt) return std::unexpected(receipt.error());
    merge(bloom_, receipt->bloom);
    receipts_.push_back(std::move(*receipt));
    body_.push_back({txn, sender, hash});
    return {};
}

std::size_t Builder::failed_count() const {
    return static_cast<std::size_t>(
        std::count_if(receipts_.begin(), receipts_.end(),
                      [](const Receipt& r) { return !r.success && !r.state_root; }));
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
