// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
// Identity: net_, web3_, rpc_ and the parts of eth_ that need no block.
#include "core/crypto/keccak.hpp"
#include "node/ingest/rpc/context.hpp"

namespace mezz::rpc {
namespace {

void syncing(const Call& c) {
    if (c.context.options.syncing)
        c.out.raw(c.context.options.syncing());
    else
        c.out.boolean(false);
}

void modules(const Call& c) {
    c.out.object([&] {
        for (const char* name : {"debug", "eth", "mezz", "net", "rpc", "txpool", "web3"})
            c.out.field(name).string("1.0");
    });
}

}  // namespace

void add_net_methods(MethodTable& table) {
    table.add("eth_chainId",
              [](const Call& c) { c.out.quantity(c.context.chain.spec().chain_id); });
    table.add("net_version",
              [](const Call& c) { c.out.string(std::to_string(c.context.chain.spec().chain_id)); });
    table.add("net_listening", [](const Call& c) { c.out.boolean(true); });
    table.add("net_peerCount", [](const Call& c) { c.out.quantity(std::uint64_t{0}); });
    table.add("web3_clientVersion",
              [](const Call& c) { c.out.string(c.context.options.client_version); });
    table.add("web3_sha3",
              [](const Call& c) { c.out.data(crypto::keccak256(c.params.at(0).bytes())); });
    table.add("rpc_modules", modules);
    table.add("eth_syncing", syncing);
    table.add("eth_accounts", [](const Call& c) {
        c.out.array([&] {
            for (const Address& a : c.context.options.dev_accounts) c.out.data(a);
        });
    });
}

}  // namespace mezz::rpc
