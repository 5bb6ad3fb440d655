// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Transactions by hash, and sending signed ones.
#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {

FoundTxn find_mined(Context& context, const Bytes32& hash) {
    const auto place = unwrap(context.chain.find_transaction(hash));
    if (!place) return {};
    auto block = context.blocks.get(place->block_number);
    // The index row may be older than a rollback.
    if (!block || place->index >= block->block.transaction_hashes.size() ||
        block->block.transaction_hashes[place->index] != hash)
        return {};
    return {std::move(block), place->index};
}

namespace {

void get_transaction(const Call& c) {
    const Bytes32 hash = c.params.at(0).hash();
    if (const FoundTxn found = find_mined(c.context, hash); found.block)
        return print_transaction(c.out, *found.block, found.index);
    if (const auto pooled = c.context.pool.find(hash)) return print_pooled(c.out, *pooled);
    c.out.null();
}

void get_receipt(const Call& c) {
    const FoundTxn found = find_mined(c.context, c.params.at(0).hash());
    if (found.block)
        print_receipt(c.out, c.context.chain.spec(), *found.block, found.index);
    else
        c.out.null();
}

void get_raw(const Call& c) {
    const Bytes32 hash = c.params.at(0).hash();
    if (const FoundTxn found = find_mined(c.context, hash); found.block)
        return c.out.data(encode(found.block->block.transactions[found.index]));
    if (const auto pooled = c.context.pool.find(hash)) return c.out.data(pooled->raw);
    c.out.null();
}

void send_raw(const Call& c) {
    const Bytes raw = c.params.at(0).bytes();
    const auto hash = c.context.pool.submit(raw);
    if (!hash) fail(hash.error().code, hash.error().message);
    c.out.data(*hash);
}

}  // namespace

void add_transaction_methods(MethodTable& table) {
    table.add("eth_getTransactionByHash",
              {"hash: Hash -> Transaction | null", "A transaction, in a block or waiting."},
              get_transaction);
    table.add("eth_getTransactionReceipt",
              {"hash: Hash -> Receipt | null", "What a transaction did."}, get_receipt);
    table.add("eth_getRawTransactionByHash",
              {"hash: Hash -> Bytes | null", "The canonical encoding of a transaction."}, get_raw);
    table.add("eth_sendRawTransaction",
              {"transaction: Bytes -> Hash", "Sends a signed transaction."}, send_raw);
}

}  // namespace mezz::rpc
