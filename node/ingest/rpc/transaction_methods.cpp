// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Transactions by hash, and sending signed ones.
#include <algorithm>
#include <thread>

#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

constexpr std::chrono::milliseconds receipt_look_every{5};

}  // namespace

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

/// How long to wait. spec: EIP-7966: what is no time a node grants is its own time.
std::uint64_t sync_timeout_ms(const Call& c) {
    const auto wanted = c.params.get(1);
    if (!wanted) return c.context.options.sync_send_timeout_ms;
    const std::uint64_t ms = wanted->u64(true);
    return ms == 0 || ms > c.context.options.max_sync_send_timeout_ms
               ? c.context.options.sync_send_timeout_ms
               : ms;
}

/// Whether a transaction of the pool cannot be included before another one comes.
bool waits_for_another(node::TxnPool& pool, const Bytes32& hash) {
    const auto txn = pool.find(hash);
    if (!txn) return false;
    const auto next = pool.pending_nonce(txn->sender);
    // Asked again: it may have been included between the questions.
    return (!next || *next <= txn->txn.nonce) && pool.find(hash);
}

/// spec: EIP-7966.
void send_raw_and_wait(const Call& c) {
    using Clock = std::chrono::steady_clock;
    const Bytes raw = c.params.at(0).bytes();
    const std::uint64_t wait_ms = sync_timeout_ms(c);
    const auto pass = c.context.sync_sends.enter();
    if (!pass)
        fail(limit_exceeded, "too many transactions are waited for: at most " +
                                 std::to_string(c.context.options.max_sync_sends) +
                                 " at once; use eth_sendRawTransaction");
    const auto hash = c.context.pool.submit(raw);
    if (!hash) fail(hash.error().code, hash.error().message);
    if (waits_for_another(c.context.pool, *hash))
        fail(sync_not_ready, "the transaction waits in the pool for one with an earlier nonce",
             quote_hex(*hash));
    for (const auto end = Clock::now() + std::chrono::milliseconds(wait_ms);;) {
        if (const FoundTxn found = find_mined(c.context, *hash); found.block)
            return print_receipt(c.out, c.context.chain.spec(), *found.block, found.index);
        c.context.check_stopping();
        const auto now = Clock::now();
        if (now >= end)
            fail(sync_timed_out,
                 "the transaction is in the pool, but was not processed in " +
                     std::to_string(wait_ms) + " ms",
                 quote_hex(*hash));
        std::this_thread::sleep_for(std::min<Clock::duration>(end - now, receipt_look_every));
    }
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
    table.add("eth_sendRawTransactionSync",
              {"transaction: Bytes, timeoutMs?: Quantity | integer -> Receipt",
               "Sends a signed transaction and waits for its receipt (EIP-7966)."},
              send_raw_and_wait);
}

}  // namespace mezz::rpc
