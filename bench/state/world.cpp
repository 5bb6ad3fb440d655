// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "bench/state/world.hpp"

#include <simdjson.h>

#include <cstdio>

#include "app/genesis.hpp"
#include "core/codec/hex.hpp"
#include "core/crypto/keccak.hpp"
#include "core/vm/evm/evm.hpp"
#include "node/host/signing/abi.hpp"

namespace mezz::bench {
namespace {

constexpr Address token_a = hex<Address>("0x00000000000000000000000000000000000000a0");
constexpr Address token_b = hex<Address>("0x00000000000000000000000000000000000000b0");
/// Slots of OpenZeppelin's ERC20.
constexpr std::uint64_t balances_slot = 0, allowances_slot = 1, supply_slot = 2;
const uint256 one = uint256{1'000'000'000'000'000'000};
const uint256 unlimited = ~uint256{};

Bytes32 mapping_slot(const Address& key, const Bytes32& slot) {
    Bytes bytes = to_bytes(to_bytes32(to_uint256(key)));
    append(bytes, slot);
    return crypto::keccak256(bytes);
}

[[noreturn]] void fail(const std::string& message) {
    std::fprintf(stderr, "bench-state: %s\n", message.c_str());
    std::exit(1);
}

}  // namespace

Contracts read_contracts(const std::filesystem::path& file) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.load(file.string()).get(root)) fail(file.string() + ": not a JSON file");
    const auto code = [&](const char* name, const char* field) {
        std::string_view text;
        if (root[name][field].get(text))
            fail(file.string() + ": lacks " + name + "." + std::string(field));
        auto bytes = from_hex(text);
        if (!bytes) fail(file.string() + ": " + name + " is not 0x-hex");
        return std::move(*bytes);
    };
    return {code("Token", "deployed"), code("UniswapV2Factory", "creation"),
            code("UniswapV2Router02", "creation"), code("WETH9", "creation")};
}

Address account_address(std::uint64_t n) {
    return Address::from(ByteView(crypto::keccak256(to_bytes32(uint256{n}))).first(20));
}

World make_world(std::uint64_t accounts) {
    World w;
    w.accounts = accounts;
    w.spec.chain_id = 42069;
    w.spec.gas_limit = 1'000'000'000;
    w.spec.genesis_timestamp = 1'700'000'000;
    w.spec.fee_scalars = {1368, 810'949};
    w.token_a = token_a;
    w.token_b = token_b;
    const Address deployer = account_address(0);
    w.factory = create_address(deployer, 0);
    w.weth = create_address(deployer, 1);
    w.router = create_address(deployer, 2);
    return w;
}

std::vector<node::GenesisAccount> make_genesis(const World& world, const Contracts& contracts) {
    std::vector<node::GenesisAccount> out = app::rollup_genesis({}, account_address(0));
    out.reserve(out.size() + world.accounts + 2);
    node::GenesisAccount a, b;
    a.address = token_a;
    b.address = token_b;
    a.nonce = b.nonce = 1;
    a.code = b.code = contracts.token;
    a.storage.reserve(world.accounts + world.traders() + 1);
    b.storage.reserve(2 * world.traders() + 1);
    const Bytes32 balances = to_bytes32(uint256{balances_slot});
    const Bytes32 allowances = to_bytes32(uint256{allowances_slot});
    const uint256 each = one * uint256{1'000'000};
    for (std::uint64_t i = 0; i < world.accounts; ++i) {
        node::GenesisAccount account;
        account.address = account_address(i);
        account.balance = one * uint256{1'000};
        const Bytes32 slot = mapping_slot(account.address, balances);
        a.storage.emplace_back(slot, each);
        if (i < world.traders()) {
            b.storage.emplace_back(slot, each);
            const Bytes32 allowed =
                mapping_slot(world.router, mapping_slot(account.address, allowances));
            a.storage.emplace_back(allowed, unlimited);
            b.storage.emplace_back(allowed, unlimited);
        }
        out.push_back(std::move(account));
    }
    const Bytes32 supply = to_bytes32(uint256{supply_slot});
    a.storage.emplace_back(supply, each * uint256{world.accounts});
    b.storage.emplace_back(supply, each * uint256{world.traders()});
    out.push_back(std::move(a));
    out.push_back(std::move(b));
    return out;
}

std::vector<Transaction> make_exchange(const World& world, const Contracts& contracts) {
    using node::abi::Call;
    std::vector<Transaction> out;
    const Address me = account_address(0);
    const auto add = [&](std::optional<Address> to, Bytes data) {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = world.spec.chain_id;
        t.nonce = out.size();
        t.gas_limit = 10'000'000;
        t.max_fee_per_gas = 200'000'000'000;
        t.to = to;
        t.data = std::move(data);
        t.r = t.s = uint256{1};
        out.push_back(std::move(t));
    };
    const auto create = [&](Bytes code, std::initializer_list<Address> arguments) {
        for (const auto& argument : arguments) append(code, to_bytes32(to_uint256(argument)));
        add(std::nullopt, std::move(code));
    };
    create(contracts.factory, {me});
    create(contracts.weth, {});
    create(contracts.router, {world.factory, world.weth});
    // The router makes the pair, so that its address is what the router expects.
    for (const auto& token : {token_a, token_b})
        add(token, Call("approve(address,uint256)").word(world.router).word(unlimited).finish());
    add(world.router,
        Call("addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)")
            .word(token_a)
            .word(token_b)
            .word(one * uint256{500'000})
            .word(one * uint256{500'000})
            .word(std::uint64_t{0})
            .word(std::uint64_t{0})
            .word(me)
            .word(unlimited)
            .finish());
    return out;
}

}  // namespace mezz::bench
