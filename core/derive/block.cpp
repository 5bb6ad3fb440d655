// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/block.hpp"

#include "core/crypto/keccak.hpp"

namespace mezz::derive {

BlockContext block_context(const RollupSpec& spec, const Header& parent, const Bytes32& parent_hash,
                           const BlockAttributes& attributes) {
    BlockContext c;
    c.number = attributes.number;
    c.timestamp = attributes.timestamp;
    c.gas_limit = spec.gas_limit;
    c.base_fee =
        next_base_fee(spec.chain_spec(), {.gas_limit = parent.gas_limit,
                                          .gas_used = parent.gas_used,
                                          .base_fee = parent.base_fee_per_gas.value_or(uint256{})});
    c.coinbase = predeploy::SEQUENCER_FEE_VAULT;
    c.prev_randao = attributes.origin.hash;
    c.parent_hash = parent_hash;
    return c;
}

Header seal(const RollupSpec& spec, const BlockContext& context, const Block& executed,
            std::uint64_t gas_used, const Bloom& bloom, const Bytes32& state_root,
            const Bytes32& withdrawals_root) {
    std::vector<Bytes> items;
    items.reserve(executed.transactions.size());
    for (const auto& t : executed.transactions) items.push_back(encode(t));
    Header h;
    h.transactions_root = trie::ordered_root(items);
    items.clear();
    for (const auto& r : executed.receipts) items.push_back(encode(r));
    h.receipts_root = trie::ordered_root(items);
    h.parent_hash = context.parent_hash;
    h.coinbase = context.coinbase;
    h.state_root = state_root;
    h.logs_bloom = bloom;
    h.number = context.number;
    h.gas_limit = spec.gas_limit;
    h.gas_used = gas_used;
    h.timestamp = context.timestamp;
    h.prev_randao = context.prev_randao;
    h.base_fee_per_gas = context.base_fee;
    h.withdrawals_root = withdrawals_root;
    h.blob_gas_used = 0;
    h.excess_blob_gas = 0;
    h.parent_beacon_block_root = context.parent_beacon_root;
    h.requests_hash = EMPTY_REQUESTS_HASH;
    return h;
}

Bytes32 HistoryHashes::hash(std::uint64_t number) {
    constexpr Address history = hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935");
    constexpr std::uint64_t HISTORY_SERVE_WINDOW = 8191;
    if (number + 1 == block_number_) return parent_hash_;
    if (number >= block_number_ || block_number_ - number > HISTORY_SERVE_WINDOW) return {};
    return to_bytes32(view_.storage(history, to_bytes32(uint256{number % HISTORY_SERVE_WINDOW})));
}

Bytes output_preimage(const Header& header) {
    Bytes words(32);
    append(words, header.state_root);
    append(words, header.withdrawals_root.value_or(EMPTY_TRIE_ROOT));
    append(words, hash(header));
    return words;
}

Bytes32 output_root(const Header& header) {
    return crypto::keccak256(output_preimage(header));
}

exec::BlockOutput execute(View& view, const RollupSpec& spec, const Header& parent,
                          const Bytes32& parent_hash, const BlockAttributes& attributes,
                          Block& out) {
    exec::BlockInput input;
    input.context = block_context(spec, parent, parent_hash, attributes);
    input.transactions = leading_transactions(spec, attributes);
    input.transactions.insert(input.transactions.end(), attributes.transactions.begin(),
                              attributes.transactions.end());
    HistoryHashes hashes(view, attributes.number, parent_hash);
    exec::BlockOutput result = exec::transition(view, input, spec.chain_spec(), hashes);
    for (const auto i : result.included)
        out.transactions.push_back(std::move(input.transactions[i]));
    out.receipts = std::move(result.receipts);
    return result;
}

}  // namespace mezz::derive
