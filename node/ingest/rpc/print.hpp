// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// Blocks, transactions, receipts and logs as JSON, field for field as geth and op-geth print them.
/// spec: ethereum/execution-apis schemas; OP Stack "Deposits" for type 0x7e.

#include "node/ingest/rpc/block_cache.hpp"
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ports/txn_pool.hpp"

namespace mezz::rpc {

/// Wei a gas a transaction pays in a block with this base fee.
[[nodiscard]] uint256 effective_gas_price(const Transaction& txn, const uint256& base_fee);
/// Price of a blob gas in the block; zero without blobs.
[[nodiscard]] uint256 blob_price(const ChainSpec& spec, const Header& header);

void print_header(JsonWriter& out, const Header& header, const Bytes32& hash);
/// The same into an object being written.
void print_header_fields(JsonWriter& out, const Header& header, const Bytes32& hash);
void print_block(JsonWriter& out, const FullBlock& block, bool full_transactions);
/// The same into an object being written.
void print_block_fields(JsonWriter& out, const FullBlock& block, bool full_transactions);
/// requires: index is one of the block's.
void print_transaction(JsonWriter& out, const FullBlock& block, std::size_t index);
void print_pooled(JsonWriter& out, const node::PooledTxn& txn);
void print_receipt(JsonWriter& out, const ChainSpec& spec, const FullBlock& block,
                   std::size_t index);
/// The same into an object being written.
void print_receipt_fields(JsonWriter& out, const ChainSpec& spec, const FullBlock& block,
                          std::size_t index);
/// `index`: in the block.
void print_log(JsonWriter& out, const FullBlock& block, const Log& log, std::size_t txn_index,
               std::uint64_t index, bool removed = false);
/// `removed`: the block is no longer part of the chain.
void print_log(JsonWriter& out, const FullBlock& block, std::size_t txn_index,
               std::size_t log_index, bool removed = false);
/// Writes fields into the receipt being written; nothing on a chain that is no rollup.
void print_l1_fees(JsonWriter& out, const ChainSpec& spec, const FullBlock& block,
                   std::size_t index);
void print_withdrawals(JsonWriter& out, const std::vector<Withdrawal>& withdrawals);
void print_access_list(JsonWriter& out, const std::vector<AccessEntry>& list);

}  // namespace mezz::rpc
