// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Signing with unlocked development keys. Registered only where the node has any.
#include "core/crypto/keccak.hpp"
#include "node/ingest/rpc/call_runner.hpp"
#include "node/ingest/rpc/fill.hpp"

namespace mezz::rpc {
namespace {

crypto::Signature sign(Context& context, const Address& signer, const Bytes32& hash) {
    const auto signature = context.options.dev_sign(signer, hash);
    if (!signature)
        fail(server_error, "unknown account " + hex_text(signer) +
                               ": this node signs only for the accounts of eth_accounts");
    return *signature;
}

/// The transaction that params[0] means.
Transaction wanted_transaction(const Call& c, Address& from) {
    const Value object = c.params.at(0);
    CallArguments a = read_call(object);
    if (!object.get("from"))
        fail(invalid_params, object.path() + ".from: expected an address, got nothing");
    from = a.call.from;
    if (!a.call.blob_hashes.empty())
        fail(invalid_params, object.path() +
                                 ".blobVersionedHashes: blob transactions must be "
                                 "signed by the client");
    return filled_transaction(c.context, a);
}

Bytes sign_transaction(Context& context, const Address& from, Transaction t) {
    const auto signature = sign(context, from, signing_hash(t));
    t.odd_y = signature.odd_y;
    t.r = signature.r;
    t.s = signature.s;
    return encode(t);
}

void send_transaction(const Call& c) {
    Address from;
    Transaction t = wanted_transaction(c, from);
    const RpcOptions& options = c.context.options;
    const bool acts = options.impersonates && options.impersonates(from);
    const auto hash = acts ? options.submit_impersonated(std::move(t), from)
                           : c.context.pool.submit(sign_transaction(c.context, from, std::move(t)));
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
    table.add("eth_sendTransaction",
              {"call: Call -> Hash", "Signs with a key of this node and sends (development)."},
              send_transaction);
    table.add("eth_signTransaction",
              {"call: Call -> {raw: Bytes}", "Signs with a key of this node (development)."},
              [](const Call& c) {
                  Address from;
                  Transaction t = wanted_transaction(c, from);
                  const Bytes raw = sign_transaction(c.context, from, std::move(t));
                  c.out.object([&] { c.out.field("raw").data(raw); });
              });
    table.add(
        "eth_sign",
        {"address: Address, message: Bytes -> Bytes",
         "Signs a message (EIP-191) with a key of this node (development)."},
        [](const Call& c) { sign_message(c, c.params.at(0).address(), c.params.at(1).bytes()); });
    table.add(
        "personal_sign",
        {"message: Bytes, address: Address -> Bytes",
         "Signs a message (EIP-191) with a key of this node (development)."},
        [](const Call& c) { sign_message(c, c.params.at(1).address(), c.params.at(0).bytes()); });
}

}  // namespace mezz::rpc
