// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/build_block.hpp"

#include "core/trie/trie.hpp"
#include "core/types/block.hpp"
#include "node/ingest/rpc/print.hpp"
#include "tests/conformance/vectors.hpp"

namespace mezz::conformance {
namespace {

using simdjson::dom::element;

constexpr std::uint64_t WEI_PER_GWEI = 1'000'000'000;
/// Gas limit that builders move towards. geth: miner.DefaultConfig.GasCeil.
constexpr std::uint64_t WANTED_GAS_LIMIT = 60'000'000;

struct Attributes {
    std::uint64_t timestamp = 0;
    Bytes32 prev_randao;
    Address fee_recipient;
    Bytes32 parent_beacon_root;
    std::vector<Withdrawal> withdrawals;
};

bool read_attributes(element json, Attributes& out) {
    if (!read(json, "timestamp", out.timestamp, parse_quantity) ||
        !read(json, "prevRandao", out.prev_randao, parse_fixed<Bytes32>) ||
        !read(json, "suggestedFeeRecipient", out.fee_recipient, parse_fixed<Address>) ||
        !read(json, "parentBeaconBlockRoot", out.parent_beacon_root, parse_fixed<Bytes32>))
        return false;
    simdjson::dom::array list;
    if (json["withdrawals"].get(list) != simdjson::SUCCESS) return true;
    for (const element item : list) {
        Withdrawal w;
        if (!read(item, "index", w.index, parse_quantity) ||
            !read(item, "validatorIndex", w.validator_index, parse_quantity) ||
            !read(item, "address", w.address, parse_fixed<Address>) ||
            !read(item, "amount", w.amount_gwei, parse_quantity))
            return false;
        out.withdrawals.push_back(w);
    }
    return true;
}

/// spec: geth, core.CalcGasLimit.
std::uint64_t next_gas_limit(std::uint64_t parent) {
    const std::uint64_t step = parent / 1024 - 1;
    return parent < WANTED_GAS_LIMIT ? std::min(parent + step, WANTED_GAS_LIMIT)
                                     : std::max(parent - step, WANTED_GAS_LIMIT);
}

Bytes32 root_of(const auto& items) {
    std::vector<Bytes> encoded;
    for (const auto& item : items) encoded.push_back(encode(item));
    return trie::ordered_root(encoded);
}

std::unexpected<rpc::RpcError> refuse(int code, std::string message) {
    return std::unexpected(rpc::RpcError{code, std::move(message), {}});
}

void print(rpc::JsonWriter& out, const Block& block, const uint256& value,
           const std::vector<exec::Requests>& requests) {
    const Header& h = block.header;
    out.object([&] {
        out.field("executionPayload").object([&] {
            out.field("parentHash").data(h.parent_hash);
            out.field("feeRecipient").data(h.coinbase);
            out.field("stateRoot").data(h.state_root);
            out.field("receiptsRoot").data(h.receipts_root);
            out.field("logsBloom").data(h.logs_bloom);
            out.field("prevRandao").data(h.prev_randao);
            out.field("blockNumber").quantity(h.number);
            out.field("gasLimit").quantity(h.gas_limit);
            out.field("gasUsed").quantity(h.gas_used);
            out.field("timestamp").quantity(h.timestamp);
            out.field("extraData").data(h.extra_data);
            out.field("baseFeePerGas").quantity(*h.base_fee_per_gas);
            out.field("blockHash").data(hash(h));
            out.field("transactions").array([&] {
                for (const Transaction& t : block.transactions) out.data(encode(t));
            });
            rpc::print_withdrawals(out.field("withdrawals"), *block.withdrawals);
            out.field("blobGasUsed").quantity(*h.blob_gas_used);
            out.field("excessBlobGas").quantity(*h.excess_blob_gas);
        });
        out.field("blockValue").quantity(value);
        out.field("blobsBundle").object([&] {
            for (const char* name : {"commitments", "proofs", "blobs"}) out.field(name).raw("[]");
        });
        out.field("executionRequests").array([&] {
            for (const exec::Requests& r : requests) {
                if (r.data.empty()) continue;
                Bytes typed{r.type};
                append(typed, r.data);
                out.data(typed);
            }
        });
        out.field("shouldOverrideBuilder").boolean(false);
    });
}

}  // namespace

rpc::RawResult build_block(ServedChain& chain, node::TxnPool& pool, std::string_view params) {
    simdjson::dom::parser parser;
    element list;
    Attributes attributes;
    if (parser.parse(simdjson::padded_string(params)).get(list) != simdjson::SUCCESS)
        return refuse(rpc::invalid_params, "params are not JSON");
    element second;
    const auto parent_hash = parse_fixed<Bytes32>(list.at(0));
    if (!parent_hash || list.at(1).get(second) != simdjson::SUCCESS ||
        !read_attributes(second, attributes))
        return refuse(rpc::invalid_params, "expected a parent hash and payload attributes");
    const auto head = chain.head(node::Head::unsafe);
    if (*parent_hash != head.hash) return refuse(rpc::server_error, "the parent is not the head");

    auto context = next_context(chain, head.number);
    if (!context) return refuse(rpc::server_error, context.error().message);
    const Header parent = **chain.header(head.number);
    context->timestamp = attributes.timestamp;
    context->gas_limit = next_gas_limit(parent.gas_limit);
    context->coinbase = attributes.fee_recipient;
    context->prev_randao = attributes.prev_randao;
    context->parent_beacon_root = attributes.parent_beacon_root;

    node::ChainHashes hashes(chain);
    const auto state = chain.state(head.number);
    if (!state) return refuse(rpc::server_error, state.error().message);
    exec::BlockExecutor executor(**state, chain.spec(), *context, hashes);
    executor.begin();

    Block block;
    block.withdrawals = attributes.withdrawals;
    std::vector<Receipt> receipts;
    uint256 value;
    const auto include = [&](const Transaction& txn) -> std::string {
        const auto sender = recover_sender(txn);
        if (!sender) return "invalid signature";
        const std::uint64_t before = executor.gas_used();
        auto receipt = executor.apply(txn, *sender);
        if (!receipt) return std::string(exec::name(receipt.error()));
        const uint256 room = txn.max_fee_per_gas - context->base_fee;
        value +=
            std::min(room, txn.max_priority_fee_per_gas) * uint256{executor.gas_used() - before};
        receipts.push_back(std::move(*receipt));
        block.transactions.push_back(txn);
        return {};
    };
    simdjson::dom::array wanted;
    if (list.at(2).get(wanted) == simdjson::SUCCESS) {
        for (const element item : wanted) {
            const auto bytes = parse_bytes(item);
            if (!bytes) return refuse(rpc::invalid_params, "a transaction is not hex");
            const auto txn = decode_transaction(*bytes);
            if (!txn) return refuse(rpc::invalid_params, "a transaction is malformed");
            if (std::string why = include(*txn); !why.empty())
                return refuse(rpc::server_error, std::move(why));
        }
    } else {
        for (const node::PooledTxn& pooled : pool.content().pending) include(pooled.txn);
    }
    for (const Withdrawal& w : attributes.withdrawals)
        executor.credit(w.address, uint256{w.amount_gwei} * uint256{WEI_PER_GWEI});
    const auto requests = executor.requests(receipts);
    if (!requests) return refuse(rpc::server_error, std::string(exec::name(requests.error())));

    Header& h = block.header;
    h.parent_hash = *parent_hash;
    h.coinbase = context->coinbase;
    h.number = context->number;
    h.gas_limit = context->gas_limit;
    h.gas_used = executor.gas_used();
    h.timestamp = context->timestamp;
    h.prev_randao = context->prev_randao;
    h.base_fee_per_gas = context->base_fee;
    h.blob_gas_used = executor.blob_gas_used();
    h.excess_blob_gas = context->excess_blob_gas;
    h.parent_beacon_block_root = context->parent_beacon_root;
    h.requests_hash = exec::requests_hash(*requests);
    h.transactions_root = root_of(block.transactions);
    h.receipts_root = root_of(receipts);
    h.withdrawals_root = root_of(*block.withdrawals);
    for (const Receipt& r : receipts) merge(h.logs_bloom, r.bloom);
    if (list.at(3).error() == simdjson::SUCCESS)
        h.extra_data = parse_bytes(list.at(3)).value_or(Bytes{});
    const auto root = (*state)->pretend(executor.finish());
    if (!root) return refuse(rpc::server_error, root.error().message);
    h.state_root = *root;
    rpc::JsonWriter out;
    print(out, block, value, *requests);
    return out.take();
}

}  // namespace mezz::conformance
