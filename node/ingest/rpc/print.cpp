// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {
namespace {

template <class T>
void print_optional(JsonWriter& out, const std::optional<T>& bytes) {
    if (bytes)
        out.data(*bytes);
    else
        out.null();
}

void print_authorizations(JsonWriter& out, const std::vector<Authorization>& list) {
    out.array([&] {
        for (const Authorization& a : list)
            out.object([&] {
                out.field("chainId").quantity(a.chain_id);
                out.field("address").data(a.address);
                out.field("nonce").quantity(a.nonce);
                out.field("yParity").quantity(a.y_parity);
                out.field("r").quantity(a.r);
                out.field("s").quantity(a.s);
            });
    });
}

/// Where a transaction is; no place while it waits.
struct Place {
    const FullBlock* block = nullptr;
    std::size_t index = 0;
};

void print_signature(JsonWriter& out, const Transaction& t) {
    if (t.type == TxType::deposit) {
        out.field("v").string("0x0");
        out.field("r").string("0x0");
        out.field("s").string("0x0");
        return;
    }
    if (t.type != TxType::legacy) {
        out.field("v").quantity(std::uint64_t{t.odd_y});
    } else if (t.chain_id) {
        out.field("v").quantity(uint256{*t.chain_id} * uint256{2} +
                                uint256{35 + std::uint64_t{t.odd_y}});
    } else {
        out.field("v").quantity(27 + std::uint64_t{t.odd_y});
    }
    out.field("r").quantity(t.r);
    out.field("s").quantity(t.s);
    if (t.type != TxType::legacy) out.field("yParity").quantity(std::uint64_t{t.odd_y});
}

void print_fees(JsonWriter& out, const Transaction& t, const Place& place) {
    if (t.type == TxType::deposit) return out.field("gasPrice").string("0x0");
    const bool dynamic = t.type >= TxType::dynamic_fee;
    uint256 price = t.max_fee_per_gas;
    if (dynamic && place.block != nullptr)
        price =
            effective_gas_price(t, place.block->block.header.base_fee_per_gas.value_or(uint256{}));
    out.field("gasPrice").quantity(price);
    if (!dynamic) return;
    out.field("maxFeePerGas").quantity(t.max_fee_per_gas);
    out.field("maxPriorityFeePerGas").quantity(t.max_priority_fee_per_gas);
}

void print_any(JsonWriter& out, const Transaction& t, const Bytes32& hash, const Address& from,
               const Place& place) {
    const bool mined = place.block != nullptr;
    out.object([&] {
        if (mined) {
            out.field("blockHash").data(place.block->block.hash);
            out.field("blockNumber").quantity(place.block->number());
            out.field("blockTimestamp").quantity(place.block->block.header.timestamp);
        } else {
            out.field("blockHash").null();
            out.field("blockNumber").null();
        }
        out.field("from").data(from);
        out.field("gas").quantity(t.gas_limit);
        print_fees(out, t, place);
        if (t.type == TxType::blob) out.field("maxFeePerBlobGas").quantity(t.max_fee_per_blob_gas);
        out.field("hash").data(hash);
        out.field("input").data(t.data);
        const bool deposit = t.type == TxType::deposit;
        const auto deposit_nonce =
            deposit && mined ? place.block->receipts[place.index].deposit_nonce : std::nullopt;
        out.field("nonce").quantity(deposit ? deposit_nonce.value_or(0) : t.nonce);
        print_optional(out.field("to"), t.to);
        if (mined)
            out.field("transactionIndex").quantity(place.index);
        else
            out.field("transactionIndex").null();
        out.field("value").quantity(t.value);
        out.field("type").quantity(static_cast<std::uint64_t>(t.type));
        if (t.type != TxType::legacy && !deposit)
            print_access_list(out.field("accessList"), t.access_list);
        if (t.chain_id && !deposit) out.field("chainId").quantity(*t.chain_id);
        if (t.type == TxType::blob)
            out.field("blobVersionedHashes").array([&] {
                for (const Bytes32& h : t.blob_hashes) out.data(h);
            });
        if (t.type == TxType::set_code)
            print_authorizations(out.field("authorizationList"), t.authorizations);
        if (deposit) {
            out.field("sourceHash").data(t.source_hash);
            out.field("mint").quantity(t.mint);
            out.field("isSystemTx").boolean(t.is_system);
            if (deposit_nonce) out.field("depositReceiptVersion").quantity(deposit_receipt_version);
        }
        print_signature(out, t);
    });
}

}  // namespace

uint256 effective_gas_price(const Transaction& t, const uint256& base_fee) {
    if (t.type == TxType::deposit) return {};
    if (t.type < TxType::dynamic_fee) return t.max_fee_per_gas;
    if (t.max_fee_per_gas < base_fee) return t.max_fee_per_gas;
    const uint256 room = t.max_fee_per_gas - base_fee;
    return base_fee + std::min(room, t.max_priority_fee_per_gas);
}

uint256 blob_price(const ChainSpec& spec, const Header& header) {
    if (!header.excess_blob_gas) return {};
    return blob_base_fee(*header.excess_blob_gas, spec.blobs_at(header.timestamp).update_fraction);
}

void print_access_list(JsonWriter& out, const std::vector<AccessEntry>& list) {
    out.array([&] {
        for (const AccessEntry& e : list)
            out.object([&] {
                out.field("address").data(e.address);
                out.field("storageKeys").array([&] {
                    for (const Bytes32& key : e.storage_keys) out.data(key);
                });
            });
    });
}

void print_header_fields(JsonWriter& out, const Header& h, const Bytes32& hash) {
    if (h.base_fee_per_gas) out.field("baseFeePerGas").quantity(*h.base_fee_per_gas);
    if (h.blob_gas_used) out.field("blobGasUsed").quantity(*h.blob_gas_used);
    out.field("difficulty").quantity(h.difficulty);
    if (h.excess_blob_gas) out.field("excessBlobGas").quantity(*h.excess_blob_gas);
    out.field("extraData").data(h.extra_data);
    out.field("gasLimit").quantity(h.gas_limit);
    out.field("gasUsed").quantity(h.gas_used);
    out.field("hash").data(hash);
    out.field("logsBloom").data(h.logs_bloom);
    out.field("miner").data(h.coinbase);
    out.field("mixHash").data(h.prev_randao);
    out.field("nonce").data(h.nonce);
    out.field("number").quantity(h.number);
    if (h.parent_beacon_block_root)
        out.field("parentBeaconBlockRoot").data(*h.parent_beacon_block_root);
    out.field("parentHash").data(h.parent_hash);
    out.field("receiptsRoot").data(h.receipts_root);
    if (h.requests_hash) out.field("requestsHash").data(*h.requests_hash);
    out.field("sha3Uncles").data(h.ommers_hash);
    out.field("stateRoot").data(h.state_root);
    out.field("timestamp").quantity(h.timestamp);
    out.field("transactionsRoot").data(h.transactions_root);
    if (h.withdrawals_root) out.field("withdrawalsRoot").data(*h.withdrawals_root);
}

void print_header(JsonWriter& out, const Header& header, const Bytes32& hash) {
    out.object([&] { print_header_fields(out, header, hash); });
}

void print_withdrawals(JsonWriter& out, const std::vector<Withdrawal>& withdrawals) {
    out.array([&] {
        for (const Withdrawal& w : withdrawals)
            out.object([&] {
                out.field("index").quantity(w.index);
                out.field("validatorIndex").quantity(w.validator_index);
                out.field("address").data(w.address);
                out.field("amount").quantity(w.amount_gwei);
            });
    });
}

void print_block_fields(JsonWriter& out, const FullBlock& full, bool full_transactions) {
    const node::StoredBlock& b = full.block;
    print_header_fields(out, b.header, b.hash);
    out.field("size").quantity(b.size_bytes);
    out.field("transactions").array([&] {
        for (std::size_t i = 0; i < b.transactions.size(); ++i) {
            if (full_transactions)
                print_transaction(out, full, i);
            else
                out.data(b.transaction_hashes[i]);
        }
    });
    out.field("uncles").array([&] {
        for (const Header& ommer : b.ommers) out.data(hash(ommer));
    });
    if (!b.header.withdrawals_root) return;
    print_withdrawals(out.field("withdrawals"), b.withdrawals);
}

void print_block(JsonWriter& out, const FullBlock& full, bool full_transactions) {
    out.object([&] { print_block_fields(out, full, full_transactions); });
}

void print_transaction(JsonWriter& out, const FullBlock& block, std::size_t index) {
    print_any(out, block.block.transactions[index], block.block.transaction_hashes[index],
              block.block.senders[index], {&block, index});
}

void print_pooled(JsonWriter& out, const node::PooledTxn& txn) {
    print_any(out, txn.txn, txn.hash, txn.sender, {});
}

void print_log(JsonWriter& out, const FullBlock& full, std::size_t txn_index, std::size_t log_index,
               bool removed) {
    print_log(out, full, full.receipts[txn_index].logs[log_index], txn_index,
              full.first_log[txn_index] + log_index, removed);
}

void print_log(JsonWriter& out, const FullBlock& full, const Log& log, std::size_t txn_index,
               std::uint64_t index, bool removed) {
    out.object([&] {
        out.field("address").data(log.address);
        out.field("topics").array([&] {
            for (const Bytes32& topic : log.topics) out.data(topic);
        });
        out.field("data").data(log.data);
        out.field("blockNumber").quantity(full.number());
        out.field("transactionHash").data(full.block.transaction_hashes[txn_index]);
        out.field("transactionIndex").quantity(txn_index);
        out.field("blockHash").data(full.block.hash);
        out.field("blockTimestamp").quantity(full.block.header.timestamp);
        out.field("logIndex").quantity(index);
        out.field("removed").boolean(removed);
    });
}

void print_receipt_fields(JsonWriter& out, const ChainSpec& spec, const FullBlock& full,
                          std::size_t index) {
    const Transaction& t = full.block.transactions[index];
    const Receipt& r = full.receipts[index];
    const Header& h = full.block.header;
    const bool deposit = t.type == TxType::deposit;
    out.field("blockHash").data(full.block.hash);
    out.field("blockNumber").quantity(full.number());
    out.field("contractAddress");
    if (t.to)
        out.null();
    else
        out.data(create_address(full.block.senders[index],
                                deposit ? r.deposit_nonce.value_or(0) : t.nonce));
    out.field("cumulativeGasUsed").quantity(r.cumulative_gas_used);
    out.field("effectiveGasPrice")
        .quantity(effective_gas_price(t, h.base_fee_per_gas.value_or(uint256{})));
    out.field("from").data(full.block.senders[index]);
    out.field("gasUsed").quantity(full.gas_used(index));
    if (t.type == TxType::blob) {
        out.field("blobGasUsed").quantity(t.blob_hashes.size() * GAS_PER_BLOB);
        out.field("blobGasPrice").quantity(blob_price(spec, h));
    }
    out.field("logs").array([&] {
        for (std::size_t i = 0; i < r.logs.size(); ++i) print_log(out, full, index, i);
    });
    out.field("logsBloom").data(r.bloom);
    if (r.state_root)
        out.field("root").data(*r.state_root);
    else
        out.field("status").quantity(std::uint64_t{r.success});
    print_optional(out.field("to"), t.to);
    out.field("transactionHash").data(full.block.transaction_hashes[index]);
    out.field("transactionIndex").quantity(index);
    out.field("type").quantity(static_cast<std::uint64_t>(t.type));
    if (deposit && r.deposit_nonce) {
        out.field("depositNonce").quantity(*r.deposit_nonce);
        out.field("depositReceiptVersion").quantity(deposit_receipt_version);
    }
    print_l1_fees(out, spec, full, index);
}

void print_receipt(JsonWriter& out, const ChainSpec& spec, const FullBlock& full,
                   std::size_t index) {
    out.object([&] { print_receipt_fields(out, spec, full, index); });
}

}  // namespace mezz::rpc
