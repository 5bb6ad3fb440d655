// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// eth_fillTransaction, for clients that sign themselves.
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/fees.hpp"
#include "node/ingest/rpc/fill.hpp"
#include "node/ingest/rpc/print.hpp"

namespace mezz::rpc {

Transaction filled_transaction(Context& context, CallArguments& a) {
    const ChainSpec& spec = context.chain.spec();
    const node::BlockRef head = context.chain.head(node::Head::unsafe);
    a.require_chain(spec.chain_id);
    if (a.has_two_inputs)
        fail(invalid_params, R"(params[0]: both "data" and "input" are set and not equal. )"
                             R"(Please use "input" to pass transaction call data)");
    Transaction t;
    t.chain_id = spec.chain_id;
    t.to = a.call.to;
    t.value = a.call.value;
    t.access_list = a.call.access_list;
    t.authorizations = a.call.authorizations;
    if (a.gas_price) {
        t.type = a.has_access_list ? TxType::access_list : TxType::legacy;
        t.max_fee_per_gas = t.max_priority_fee_per_gas = *a.gas_price;
    } else {
        t.type = a.call.authorizations.empty() ? TxType::dynamic_fee : TxType::set_code;
        const uint256 base_fee = base_fee_after(spec, head_header(context));
        t.max_priority_fee_per_gas = a.max_priority_fee_per_gas.value_or(suggested_tip(context));
        t.max_fee_per_gas =
            a.max_fee_per_gas.value_or(base_fee * uint256{2} + t.max_priority_fee_per_gas);
        t.max_priority_fee_per_gas = std::min(t.max_priority_fee_per_gas, t.max_fee_per_gas);
    }
    if (a.nonce) {
        t.nonce = *a.nonce;
    } else if (const auto pending = context.pool.pending_nonce(a.call.from)) {
        t.nonce = *pending;
    } else {
        const auto account = unwrap(context.chain.state(head.number))->account(a.call.from);
        t.nonce = account.value_or(Account{}).nonce;
    }
    if (!a.gas) a.gas = estimate_for(context, a);
    t.gas_limit = *a.gas;
    t.data = std::move(a.call.data);
    return t;
}

namespace {

void fill(const Call& c) {
    const Value object = c.params.at(0);
    CallArguments arguments = read_call(object);
    if (!arguments.call.blob_hashes.empty())
        fail(invalid_params, object.path() +
                                 ".blobVersionedHashes: blobs and their proofs must be made by the "
                                 "client");
    const Address from = arguments.call.from;
    node::PooledTxn unsigned_txn;
    unsigned_txn.txn = filled_transaction(c.context, arguments);
    unsigned_txn.sender = from;
    unsigned_txn.hash = hash(unsigned_txn.txn);
    c.out.object([&] {
        c.out.field("raw").data(encode(unsigned_txn.txn));
        print_pooled(c.out.field("tx"), unsigned_txn);
    });
}

}  // namespace

void add_fill_methods(MethodTable& table) {
    table.add("eth_fillTransaction",
              {"call: Call -> {raw: Bytes, tx: Transaction}",
               "A transaction with nonce, fees and gas filled in; its signature is zero."},
              fill);
}

}  // namespace mezz::rpc
