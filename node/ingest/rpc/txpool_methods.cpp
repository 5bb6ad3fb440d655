// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// What waits in the pool, by sender and nonce. spec: geth, txpool namespace.
#include <map>

#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

using BySender = std::map<Address, std::map<std::uint64_t, const node::PooledTxn*>>;

BySender sorted(const std::vector<node::PooledTxn>& txns, const std::optional<Address>& only) {
    BySender out;
    for (const auto& t : txns)
        if (!only || *only == t.sender) out[t.sender][t.txn.nonce] = &t;
    return out;
}

template <class Print>
void print_nonces(JsonWriter& out, const BySender::mapped_type& txns, Print&& print) {
    out.object([&] {
        for (const auto& [nonce, txn] : txns) {
            out.field(std::to_string(nonce));
            print(*txn);
        }
    });
}

template <class Print>
void print_content(const Call& c, Print&& print) {
    const auto content = c.context.pool.content();
    const auto part = [&](const char* name, const std::vector<node::PooledTxn>& txns) {
        c.out.field(name).object([&] {
            for (const auto& [sender, nonces] : sorted(txns, {}))
                print_nonces(c.out.field(hex_text(sender)), nonces, print);
        });
    };
    c.out.object([&] {
        part("pending", content.pending);
        part("queued", content.queued);
    });
}

std::string summary(const node::PooledTxn& t) {
    return (t.txn.to ? hex_text(*t.txn.to) : std::string("contract creation")) + ": " +
           decimal(t.txn.value) + " wei + " + std::to_string(t.txn.gas_limit) + " gas × " +
           decimal(t.txn.max_fee_per_gas) + " wei";
}

void content_from(const Call& c) {
    const Address sender = c.params.at(0).address();
    const auto content = c.context.pool.content();
    const auto part = [&](const char* name, const std::vector<node::PooledTxn>& txns) {
        print_nonces(c.out.field(name), sorted(txns, sender)[sender],
                     [&](const node::PooledTxn& t) { print_pooled(c.out, t); });
    };
    c.out.object([&] {
        part("pending", content.pending);
        part("queued", content.queued);
    });
}

}  // namespace

void add_txpool_methods(MethodTable& table) {
    table.add("txpool_status",
              {"-> {pending: Quantity, queued: Quantity}",
               "How many transactions can run now, and how many wait for an earlier one."},
              [](const Call& c) {
                  const auto status = c.context.pool.status();
                  c.out.object([&] {
                      c.out.field("pending").quantity(status.pending);
                      c.out.field("queued").quantity(status.queued);
                  });
              });
    table.add("txpool_content",
              {"-> {pending: map<TxpoolByNonce>, queued: map<TxpoolByNonce>}",
               "Waiting transactions by sender and nonce."},
              [](const Call& c) {
                  print_content(c, [&](const node::PooledTxn& t) { print_pooled(c.out, t); });
              });
    table.add("txpool_inspect",
              {"-> {pending: map<map<string>>, queued: map<map<string>>}", "The same in words."},
              [](const Call& c) {
                  print_content(c, [&](const node::PooledTxn& t) { c.out.string(summary(t)); });
              });
    table.add("txpool_contentFrom",
              {"address: Address -> {pending: TxpoolByNonce, queued: TxpoolByNonce}",
               "Waiting transactions of one sender."},
              content_from);
}

}  // namespace mezz::rpc
