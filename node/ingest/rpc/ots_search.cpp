// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/ots_search.hpp"

#include <algorithm>

#include "node/ingest/rpc/frames.hpp"

namespace mezz::rpc {
namespace {

/// Blocks asked of the index at once.
constexpr std::size_t blocks_a_look = 256;
constexpr std::uint64_t transfer_gas = 21'000;

bool names(const FullBlock& block, std::size_t i, const Address& address) {
    const Transaction& t = block.block.transactions[i];
    const Address& sender = block.block.senders[i];
    if (sender == address || t.to == address) return true;
    if (t.to) return false;
    const std::uint64_t nonce =
        t.type == TxType::deposit ? block.receipts[i].deposit_nonce.value_or(0) : t.nonce;
    return create_address(sender, nonce) == address;
}

/// Places of the block's transactions with the address, in its order.
std::vector<std::size_t> matches(Context& context, const FullBlock& block, const Address& address,
                                 Deadline deadline) {
    const std::size_t count = block.block.transactions.size();
    std::vector<bool> found(count);
    bool may_call = false;
    for (std::size_t i = 0; i < count; ++i) {
        found[i] = names(block, i, address);
        may_call |= !found[i] && block.gas_used(i) > transfer_gas;
    }
    if (may_call)
        each_calls(context, block, deadline, [&](std::size_t i, const trace::CallFrame& top) {
            each_frame(top, [&](const trace::CallFrame& f, std::int64_t) {
                if (f.from == address || f.to == address) found[i] = true;
            });
            return true;
        });
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < count; ++i)
        if (found[i]) out.push_back(i);
    return out;
}

/// The block after it in the direction of a search.
std::optional<std::uint64_t> step(std::uint64_t block, bool back) {
    if (!back) return block + 1;
    return block == 0 ? std::nullopt : std::optional(block - 1);
}

}  // namespace

FoundPage search_transactions(Context& context, const Address& address, std::uint64_t block,
                              std::uint64_t size, bool back) {
    const auto since = unwrap(context.chain.appearances_since());
    if (!since)
        fail(server_error,
             "this node keeps no index of appearances: start it with --index-appearances");
    const auto incomplete = [&] {
        fail(server_error, "the index of appearances begins at block " + std::to_string(*since) +
                               ": transactions before it are not found");
    };
    const std::uint64_t head = context.chain.head(node::Head::unsafe).number;
    const bool all = block == 0;
    std::optional<std::uint64_t> next = back ? (all ? head : block - 1) : (all ? 0 : block + 1);
    if (!back && *next < *since) incomplete();
    const Deadline deadline = trace_deadline(context);
    FoundPage page;
    while (next && page.transactions.size() < size) {
        const auto blocks = unwrap(context.chain.appearances(address, *next, back, blocks_a_look));
        if (blocks.size() < blocks_a_look) next.reset();
        for (const std::uint64_t number : blocks) {
            if (page.transactions.size() >= size) break;
            if (blocks.back() != number || next) next = step(number, back);
            // Rows of blocks that are gone may lead to others, which are looked at like any.
            const auto full = number <= head ? context.blocks.get(number) : nullptr;
            if (!full) continue;
            auto places = matches(context, *full, address, deadline);
            if (back) std::ranges::reverse(places);
            for (const std::size_t i : places) page.transactions.push_back({full, i});
        }
    }
    if (back && !next && *since > 0) incomplete();
    if (!back) std::ranges::reverse(page.transactions);
    page.is_first = back ? all : !next;
    page.is_last = back ? !next : all;
    return page;
}

}  // namespace mezz::rpc
