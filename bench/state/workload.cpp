// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "bench/state/workload.hpp"

#include "core/base/assert.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::bench {

std::string_view name(Kind kind) {
    switch (kind) {
        case Kind::transfers:
            return "transfers";
        case Kind::erc20:
            return "erc20";
        case Kind::swaps:
            return "swaps";
        case Kind::mixed:
            break;
    }
    return "mixed";
}

Workload::Workload(const World& world, node::Chain& chain, std::uint64_t seed)
    : world_(world), chain_(chain), random_(seed) {}

std::vector<node::BodyItem> Workload::next(Kind kind, std::size_t count) {
    static constexpr Kind mix[10] = {Kind::transfers, Kind::erc20, Kind::transfers, Kind::swaps,
                                     Kind::transfers, Kind::erc20, Kind::transfers, Kind::swaps,
                                     Kind::transfers, Kind::erc20};
    std::vector<node::BodyItem> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(make(kind == Kind::mixed ? mix[made_ % 10] : kind));
    return out;
}

node::BodyItem Workload::make(Kind kind) {
    using node::abi::Call;
    const std::uint64_t senders = kind == Kind::swaps ? world_.traders() : world_.accounts;
    // Account 0 made the exchange and rests.
    const std::uint64_t from = 1 + random_() % (senders - 1);
    const Address to = account_address(random_() % world_.accounts);
    node::BodyItem item;
    item.sender = account_address(from);
    const auto [nonce, fresh] = nonces_.try_emplace(from);
    if (fresh) {
        const auto account = chain_.head_account(item.sender);
        ASSERT(account);
        nonce->second = account->nonce;
    }
    Transaction& t = item.txn;
    t.type = TxType::dynamic_fee;
    t.chain_id = world_.spec.chain_id;
    t.nonce = nonce->second++;
    t.max_priority_fee_per_gas = uint256{1'000'000};
    t.max_fee_per_gas = uint256{200'000'000'000};
    const uint256 amount{1'000'000 + made_ % 1'000'000};
    if (kind == Kind::transfers) {
        t.to = to;
        t.gas_limit = 21'000;
        t.value = amount;
    } else if (kind == Kind::erc20) {
        t.to = world_.token_a;
        t.gas_limit = 65'000;
        t.data = Call("transfer(address,uint256)").word(to).word(amount).finish();
    } else {
        // To and fro, so that the pair stays balanced.
        const bool forth = made_ % 4 < 2;
        t.to = world_.router;
        t.gas_limit = 300'000;
        // The only dynamic argument, the path, lies after the five words of the head.
        t.data = Call("swapExactTokensForTokens(uint256,uint256,address[],address,uint256)")
                     .word(amount * uint256{1'000'000'000})
                     .word(std::uint64_t{1})
                     .word(std::uint64_t{5 * 32})
                     .word(item.sender)
                     .word(~uint256{})
                     .word(std::uint64_t{2})
                     .word(forth ? world_.token_a : world_.token_b)
                     .word(forth ? world_.token_b : world_.token_a)
                     .finish();
    }
    // A signature's place in the bytes; looks random, as one does.
    t.r = to_uint256(crypto::keccak256(to_bytes32(uint256{made_})));
    t.s = to_uint256(crypto::keccak256(to_bytes32(t.r))) >> 2;
    item.hash = hash(t);
    ++made_;
    return item;
}

}  // namespace mezz::bench
