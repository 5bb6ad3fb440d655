// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Canonical encodings of what the chain stores. spec: execution-apis, debug namespace.
#include "core/codec/rlp.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

std::shared_ptr<const FullBlock> required_block(const Call& c) {
    auto block = c.context.blocks.get(require_block(c.context, c.params.at(0)));
    if (!block) fail(server_error, "block not found");
    return block;
}

/// [header, transactions, ommers, withdrawals]; typed transactions are strings.
Bytes encode_block(const FullBlock& full) {
    Bytes out;
    {
        const rlp::List block(out);
        rlp::append_raw(out, encode(full.block.header));
        {
            const rlp::List transactions(out);
            for (const Transaction& t : full.block.transactions) {
                if (t.type == TxType::legacy)
                    rlp::append_raw(out, encode(t));
                else
                    rlp::append(out, encode(t));
            }
        }
        {
            const rlp::List ommers(out);
        }
        if (full.block.header.withdrawals_root) {
            const rlp::List withdrawals(out);
        }
    }
    return out;
}

}  // namespace

void add_debug_methods(MethodTable& table) {
    table.add("debug_getRawHeader", [](const Call& c) {
        const auto header =
            unwrap(c.context.chain.header(require_block(c.context, c.params.at(0))));
        if (!header) fail(server_error, "header not found");
        c.out.data(encode(*header));
    });
    table.add("debug_getRawBlock",
              [](const Call& c) { c.out.data(encode_block(*required_block(c))); });
    table.add("debug_getRawReceipts", [](const Call& c) {
        const auto block = required_block(c);
        c.out.array([&] {
            for (const Receipt& r : block->receipts) c.out.data(encode(r));
        });
    });
    table.methods.emplace("debug_getRawTransaction",
                          table.methods.at("eth_getRawTransactionByHash"));
}

}  // namespace mezz::rpc
