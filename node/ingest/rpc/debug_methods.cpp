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

/// spec: execution-apis, "Resource not found".
constexpr int resource_not_found = -32001;

/// Lists come with EIP-7928, which no chain here has.
void no_access_list(const Call& c) {
    const std::uint64_t number = require_block(c.context, c.params.at(0));
    fail(resource_not_found,
         "block " + std::to_string(number) + " has no access list: EIP-7928 is not active in it");
}

}  // namespace

void add_debug_methods(MethodTable& table) {
    table.add("debug_getRawHeader", {"block: BlockId -> Bytes", "The RLP of a header."},
              [](const Call& c) {
                  const auto header =
                      unwrap(c.context.chain.header(require_block(c.context, c.params.at(0))));
                  if (!header) fail(server_error, "header not found");
                  c.out.data(encode(*header));
              });
    table.add("debug_getRawBlock", {"block: BlockId -> Bytes", "The RLP of a block."},
              [](const Call& c) { c.out.data(encode_block(*required_block(c))); });
    table.add("debug_getRawReceipts",
              {"block: BlockId -> Bytes[]", "The canonical encodings of a block's receipts."},
              [](const Call& c) {
                  const auto block = required_block(c);
                  c.out.array([&] {
                      for (const Receipt& r : block->receipts) c.out.data(encode(r));
                  });
              });
    table.add("debug_getRawTransaction",
              {"hash: Hash -> Bytes | null", "The canonical encoding of a transaction."},
              table.methods.at("eth_getRawTransactionByHash").run);
    table.add(
        "debug_getBadBlocks",
        {"-> {block: Block, hash: Hash, rlp: Bytes}[]", "Always empty: blocks come from no peers."},
        [](const Call& c) { c.out.array([] {}); });
    table.add("debug_getRawBlockAccessList",
              {"block: BlockId -> Bytes", "Refused: no block has a list before EIP-7928."},
              no_access_list);
    table.add("eth_getBlockAccessList",
              {"block: BlockId -> any", "Refused: no block has a list before EIP-7928."},
              no_access_list);
}

}  // namespace mezz::rpc
