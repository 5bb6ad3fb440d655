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

}  // namespace

void add_net_methods(MethodTable& table) {
    table.add("eth_chainId", {"-> Quantity", "The chain id."},
              [](const Call& c) { c.out.quantity(c.context.chain.spec().chain_id); });
    table.add("net_version", {"-> string", "The chain id in decimal."},
              [](const Call& c) { c.out.string(std::to_string(c.context.chain.spec().chain_id)); });
    table.add("net_listening", {"-> boolean", "Always true."},
              [](const Call& c) { c.out.boolean(true); });
    table.add("net_peerCount", {"-> Quantity", "Always zero: there are no peers."},
              [](const Call& c) { c.out.quantity(std::uint64_t{0}); });
    table.add("web3_clientVersion", {"-> string", "Name and version of this program."},
              [](const Call& c) { c.out.string(c.context.options.client_version); });
    table.add("web3_sha3", {"data: Bytes -> Hash", "Keccak-256."},
              [](const Call& c) { c.out.data(crypto::keccak256(c.params.at(0).bytes())); });
    table.add("eth_syncing", {"-> SyncStatus", "False, or how far the node is."}, syncing);
    table.add("eth_accounts", {"-> Address[]", "The accounts this node signs for (development)."},
              [](const Call& c) {
                  c.out.array([&] {
                      for (const Address& a : c.context.options.dev_accounts) c.out.data(a);
                  });
              });
    table.add("eth_coinbase", {"-> Address", "Who gets the tips of the head."}, [](const Call& c) {
        const auto head = c.context.chain.head(node::Head::unsafe).number;
        const auto header = unwrap(c.context.chain.header(head));
        c.out.data(header ? header->coinbase : Address{});
    });
}

}  // namespace mezz::rpc
