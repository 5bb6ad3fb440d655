// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Signing with unlocked development keys. Registered only where the node has any.
#include "core/crypto/keccak.hpp"
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/fees.hpp"

namespace mezz::rpc {
namespace {

crypto::Signature sign(Context& context, const Address& signer, const Bytes32& hash) {
    const auto signature = context.options.dev_sign(signer, hash);
    if (!signature)
        fail(server_error, "unknown account " + hex_text(signer) +
                               ": this node signs only for the accounts of eth_accounts");
    return *signature;
}

/// The transaction an unsigned object means, with everything it left out filled in.
Transaction filled(Context& context, CallArguments& a) {
    const ChainSpec& spec = context.chain.spec();
    const node::BlockRef head = context.chain.head(node::Head::unsafe);
    if (a.chain_id && *a.chain_id != spec.chain_id)
        fail(server_error, "chainId does not match node's (have=" + std::to_string(*a.chain_id) +
                               ", want=" + std::to_string(spec.chain_id) + ")");
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

Bytes signed_transaction(const Call& c) {
    const Value object = c.params.at(0);
    CallArguments a = read_call(object);
    if (!object.get("from"))
        fail(invalid_params, object.path() + ".from: expected an address, got nothing");
    const Address from = a.call.from;
    if (!a.call.blob_hashes.empty())
        fail(invalid_params, object.path() +
                                 ".blobVersionedHashes: blob transactions must be "
                                 "signed by the client");
    Transaction t = filled(c.context, a);
    const auto signature = sign(c.context, from, signing_hash(t));
    t.odd_y = signature.odd_y;
    t.r = signature.r;
    t.s = signature.s;
    return encode(t);
}

void send_transaction(const Call& c) {
    const auto hash = c.context.pool.submit(signed_transaction(c));
    if (!hash) fail(hash.error().code, hash.error().message);
    c.out.data(*hash);
}

/// spec: EIP-191, version 0x45.
void sign_message(const Call& c, const Address& signer, const Bytes& message) {
    crypto::Keccak256 hasher;
    const std::string prefix =
        "\x19"
        "Ethereum Signed Message:\n" +
        std::to_string(message.size());
    hasher.update({reinterpret_cast<const std::uint8_t*>(prefix.data()), prefix.size()});
    hasher.update(message);
    const auto s = sign(c.context, signer, hasher.finish());
    Bytes out = to_bytes(to_bytes32(s.r));
    append(out, to_bytes32(s.s));
    out.push_back(static_cast<std::uint8_t>(27 + s.odd_y));
    c.out.data(out);
}

}  // namespace

void add_dev_methods(MethodTable& table, const RpcOptions& options) {
    if (options.dev_accounts.empty() || !options.dev_sign) return;
    table.add("eth_sendTransaction", send_transaction);
    table.add("eth_signTransaction", [](const Call& c) {
        const Bytes raw = signed_transaction(c);
        c.out.object([&] { c.out.field("raw").data(raw); });
    });
    table.add("eth_sign", [](const Call& c) {
        sign_message(c, c.params.at(0).address(), c.params.at(1).bytes());
    });
    table.add("personal_sign", [](const Call& c) {
        sign_message(c, c.params.at(1).address(), c.params.at(0).bytes());
    });
}

}  // namespace mezz::rpc
