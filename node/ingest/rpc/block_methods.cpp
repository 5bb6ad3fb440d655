// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Blocks and receipts of blocks. A block that does not exist is null, not an error.
#include "core/types/block.hpp"
#include "node/ingest/rpc/context.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

using Find = std::optional<std::uint64_t> (*)(Context&, const Value&);

std::optional<std::uint64_t> find_by_hash(Context& context, const Value& value) {
    return unwrap(context.chain.number_of(value.hash()));
}

std::shared_ptr<const FullBlock> find(const Call& c, Find which) {
    const auto number = which(c.context, c.params.at(0));
    return number ? c.context.blocks.get(*number) : nullptr;
}

template <Find which>
void get_block(const Call& c) {
    const auto flag = c.params.get(1);
    const bool full = flag && flag->boolean();
    const auto block = find(c, which);
    if (block)
        print_block(c.out, *block, full);
    else
        c.out.null();
}

template <Find which>
void count_transactions(const Call& c) {
    const auto block = find(c, which);
    if (block)
        c.out.quantity(block->block.transactions.size());
    else
        c.out.null();
}

template <Find which>
void count_uncles(const Call& c) {
    const auto block = find(c, which);
    if (block)
        c.out.quantity(block->block.ommers.size());
    else
        c.out.null();
}

/// An uncle is a block without its transactions.
template <Find which>
void get_uncle_at(const Call& c) {
    const std::uint64_t index = c.params.at(1).u64();
    const auto block = find(c, which);
    if (!block || index >= block->block.ommers.size()) return c.out.null();
    FullBlock uncle;
    uncle.block.header = block->block.ommers[index];
    uncle.block.hash = hash(uncle.block.header);
    uncle.block.size_bytes = encode(Block{uncle.block.header, {}, {}, {}}).size();
    print_block(c.out, uncle, false);
}

template <Find which>
void get_transaction_at(const Call& c) {
    const std::uint64_t index = c.params.at(1).u64();
    const auto block = find(c, which);
    if (block && index < block->block.transactions.size())
        print_transaction(c.out, *block, index);
    else
        c.out.null();
}

void get_receipts(const Call& c) {
    const auto block = find(c, block_of);
    if (!block) return c.out.null();
    c.out.array([&] {
        for (std::size_t i = 0; i < block->receipts.size(); ++i)
            print_receipt(c.out, c.context.chain.spec(), *block, i);
    });
}

template <Find which>
void get_header(const Call& c) {
    const auto number = which(c.context, c.params.at(0));
    const auto header = number ? unwrap(c.context.chain.header(*number)) : std::nullopt;
    if (header)
        print_header(c.out, *header, c.context.chain.hash_of(*number));
    else
        c.out.null();
}

}  // namespace

void add_block_methods(MethodTable& table) {
    table.add("eth_blockNumber", {"-> Quantity", "The number of the head."}, [](const Call& c) {
        c.out.quantity(c.context.chain.head(node::Head::unsafe).number);
    });
    table.add("eth_getBlockByNumber",
              {"block: BlockTag, full?: boolean -> Block | null",
               "A block, its transactions as hashes or in full."},
              get_block<block_number_of>);
    table.add("eth_getBlockByHash",
              {"hash: Hash, full?: boolean -> Block | null",
               "A block, its transactions as hashes or in full."},
              get_block<find_by_hash>);
    table.add("eth_getHeaderByNumber",
              {"block: BlockTag -> Header | null", "The header of a block."},
              get_header<block_number_of>);
    table.add("eth_getHeaderByHash", {"hash: Hash -> Header | null", "The header of a block."},
              get_header<find_by_hash>);
    table.add("eth_getBlockTransactionCountByNumber",
              {"block: BlockTag -> Quantity | null", "How many transactions a block has."},
              count_transactions<block_number_of>);
    table.add("eth_getBlockTransactionCountByHash",
              {"hash: Hash -> Quantity | null", "How many transactions a block has."},
              count_transactions<find_by_hash>);
    table.add("eth_getUncleCountByBlockNumber",
              {"block: BlockTag -> Quantity | null",
               "How many uncles a block has; none since the Merge."},
              count_uncles<block_number_of>);
    table.add(
        "eth_getUncleCountByBlockHash",
        {"hash: Hash -> Quantity | null", "How many uncles a block has; none since the Merge."},
        count_uncles<find_by_hash>);
    table.add("eth_getUncleByBlockNumberAndIndex",
              {"block: BlockTag, index: Quantity -> Block | null", "An uncle of a block."},
              get_uncle_at<block_number_of>);
    table.add("eth_getUncleByBlockHashAndIndex",
              {"hash: Hash, index: Quantity -> Block | null", "An uncle of a block."},
              get_uncle_at<find_by_hash>);
    table.add(
        "eth_getTransactionByBlockNumberAndIndex",
        {"block: BlockTag, index: Quantity -> Transaction | null", "A transaction by its place."},
        get_transaction_at<block_number_of>);
    table.add("eth_getTransactionByBlockHashAndIndex",
              {"hash: Hash, index: Quantity -> Transaction | null", "A transaction by its place."},
              get_transaction_at<find_by_hash>);
    table.add("eth_getBlockReceipts",
              {"block: BlockId -> Receipt[] | null", "The receipts of a block, in its order."},
              get_receipts);
}

}  // namespace mezz::rpc
