// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Canonical encodings of what the chain stores. spec: execution-apis, debug namespace.
#include "core/types/block.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

std::shared_ptr<const FullBlock> required_block(const Call& c) {
    auto block = c.context.blocks.get(require_block(c.context, c.params.at(0)));
    if (!block) fail(server_error, "block not found");
    return block;
}

Bytes encode_block(const FullBlock& full) {
    Block block{full.block.header, full.block.transactions, full.block.ommers, {}};
    if (block.header.withdrawals_root) block.withdrawals = full.block.withdrawals;
    return encode(block);
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
