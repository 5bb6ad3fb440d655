// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A real small chain in memory, a pool that keeps what it is given, and an RpcServer over both.
/// For the tests of this folder.

#include <gtest/gtest.h>
#include <simdjson.h>

#include <mutex>

#include "core/codec/hex.hpp"
#include "core/crypto/secp256k1.hpp"
#include "node/execute/serial/chain.hpp"
#include "node/host/kv/memory_store.hpp"
#include "node/ingest/rpc/rpc_server.hpp"

namespace mezz::rpc::test {

inline constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
inline constexpr Address other = hex<Address>("0x00000000000000000000000000000000000000aa");
/// Logs one event with topic 1 and stores 7 in slot 0, when called without data; reverts with
/// Error("no") otherwise.
inline constexpr Address contract = hex<Address>("0x00000000000000000000000000000000000000cc");

/// CALLDATASIZE JUMPI(revert); PUSH1 7 PUSH1 0 SSTORE; LOG1(0, 32, topic 1); return 32 bytes of 7.
inline Bytes contract_code() {
    return *from_hex(
        "0x36601f57"      // CALLDATASIZE, PUSH1 0x1f, JUMPI
        "6007600055"      // SSTORE(0, 7)
        "6007600052"      // MSTORE(0, 7)
        "600160206000a1"  // LOG1(0, 32, 1)
        "60206000f3"      // RETURN(0, 32)
        "0000000000"      // up to 0x1f
        "5b"              // 0x1f: JUMPDEST
        "7f08c379a000000000000000000000000000000000000000000000000000000000600052"
        "6020600452"  // MSTORE(4, 32)
        "6002602452"  // MSTORE(36, 2)
        "7f6e6f000000000000000000000000000000000000000000000000000000000000604452"
        "60646000fd");  // REVERT(0, 100)
}

/// Takes any transaction with a valid signature.
class FakePool final : public node::TxnPool {
public:
    std::expected<Bytes32, node::PoolRejection> submit(ByteView raw) override {
        const auto txn = decode_transaction(raw);
        if (!txn) return std::unexpected(node::PoolRejection{-32000, "rlp: malformed"});
        const auto sender = recover_sender(*txn);
        if (!sender) return std::unexpected(node::PoolRejection{-32000, "invalid sender"});
        node::PooledTxn pooled{*txn, hash(*txn), *sender, to_bytes(raw), {}};
        std::vector<Listener> listeners;
        {
            const std::scoped_lock lock(mutex_);
            content_.pending.push_back(pooled);
            listeners = listeners_;
        }
        for (const auto& l : listeners) l(pooled.hash);
        return pooled.hash;
    }
    std::optional<node::PooledTxn> find(const Bytes32& wanted) override {
        const std::scoped_lock lock(mutex_);
        for (const auto& t : content_.pending)
            if (t.hash == wanted) return t;
        return std::nullopt;
    }
    std::optional<std::uint64_t> pending_nonce(const Address& sender) override {
        const std::scoped_lock lock(mutex_);
        std::optional<std::uint64_t> next;
        for (const auto& t : content_.pending)
            if (t.sender == sender) next = std::max(next.value_or(0), t.txn.nonce + 1);
        return next;
    }
    node::PoolStatus status() override {
        const std::scoped_lock lock(mutex_);
        return {content_.pending.size(), 0};
    }
    Content content() override {
        const std::scoped_lock lock(mutex_);
        return content_;
    }
    void on_pending(Listener listener) override {
        const std::scoped_lock lock(mutex_);
        listeners_.push_back(std::move(listener));
    }
    std::vector<node::PooledTxn> take() {
        const std::scoped_lock lock(mutex_);
        return std::exchange(content_.pending, {});
    }

private:
    std::mutex mutex_;
    Content content_;
    std::vector<Listener> listeners_;
};

class RpcTest : public testing::Test {
protected:
    explicit RpcTest(bool is_rollup = true) {
        auto opened = node::Chain::open(store, chain_options(is_rollup));
        EXPECT_TRUE(opened) << opened.error().message;
        chain = std::move(*opened);
        RpcOptions options;
        options.dev_accounts = {sender};
        options.dev_sign = [](const Address& who,
                              const Bytes32& digest) -> std::optional<crypto::Signature> {
            if (who != *crypto::address_of(key)) return std::nullopt;
            return crypto::sign(digest, key);
        };
        options.max_batch = 100;
        options.max_log_blocks = 50;
        server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    }

    [[nodiscard]] node::ChainOptions chain_options(bool is_rollup) const {
        node::ChainOptions o;
        o.spec.chain_id = 901;
        o.spec.is_rollup = is_rollup;
        o.accounts.push_back({sender, 0, uint256{1'000'000'000'000'000'000}, {}, {}});
        o.accounts.push_back({contract, 1, {}, contract_code(), {}});
        std::ranges::sort(o.accounts, {}, &node::GenesisAccount::address);
        o.genesis.state_root = node::genesis_state_root(o.accounts);
        o.genesis.gas_limit = 30'000'000;
        o.genesis.timestamp = 1'700'000'000;
        o.genesis.base_fee_per_gas = uint256{1'000'000'000};
        o.genesis.withdrawals_root = EMPTY_TRIE_ROOT;
        o.genesis.blob_gas_used = o.genesis.excess_blob_gas = 0;
        o.genesis.parent_beacon_block_root = Bytes32{};
        o.genesis.requests_hash = EMPTY_REQUESTS_HASH;
        return o;
    }

    Transaction make(std::optional<Address> to, const uint256& value = {}, Bytes data = {}) {
        Transaction t;
        t.type = TxType::dynamic_fee;
        t.chain_id = 901;
        t.nonce = nonce++;
        t.max_priority_fee_per_gas = uint256{2'000'000'000};
        t.max_fee_per_gas = uint256{10'000'000'000};
        t.gas_limit = 200'000;
        t.to = to;
        t.value = value;
        t.data = std::move(data);
        return t;
    }
    static Transaction signed_by(Transaction t, const Bytes32& private_key) {
        const auto s = crypto::sign(signing_hash(t), private_key);
        t.r = s->r;
        t.s = s->s;
        t.odd_y = s->odd_y;
        return t;
    }
    /// The attributes deposit of a block, with a parent base fee of 1 gwei.
    static Transaction attributes() {
        Transaction t;
        t.type = TxType::deposit;
        t.source_hash =
            hex<Bytes32>("0x1111111111111111111111111111111111111111111111111111111111111111");
        t.from = hex<Address>("0xdeaddeaddeaddeaddeaddeaddeaddeaddead0001");
        t.to = predeploy::L1_BLOCK;
        t.gas_limit = 1'000'000;
        t.data = Bytes(164);
        t.data[7] = 5;                                            // base fee scalar
        store_be256(t.data.data() + 36, uint256{1'000'000'000});  // parent base fee
        return t;
    }
    /// Seals one block. returns: its number.
    std::uint64_t mine(const std::vector<Transaction>& txns, bool with_attributes = true) {
        const auto head = chain->head(node::Head::unsafe);
        const auto parent = **chain->header(head.number);
        node::BlockPlan plan;
        plan.context.number = head.number + 1;
        plan.context.parent_hash = head.hash;
        plan.context.timestamp = parent.timestamp + 2;
        plan.context.gas_limit = parent.gas_limit;
        plan.context.base_fee = uint256{1'000'000'000};
        plan.context.coinbase = predeploy::SEQUENCER_FEE_VAULT;
        if (with_attributes) plan.leading.push_back(attributes());
        auto builder = chain->begin(plan);
        EXPECT_TRUE(builder);
        for (const Transaction& t : txns) {
            const auto done = (*builder)->apply(t, *recover_sender(t), hash(t));
            EXPECT_TRUE(done) << exec::name(done.error());
        }
        const auto sealed = chain->seal(std::move(*builder), {});
        EXPECT_TRUE(sealed);
        return sealed->number;
    }

    std::string ask(std::string_view body) { return server->handle(body); }
    std::string call(std::string_view method, std::string_view params = "[]") {
        return ask(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                   R"(","params":)" + std::string(params) + "}");
    }
    /// The result as JSON text; fails the test on an error.
    std::string result(std::string_view method, std::string_view params = "[]") {
        const std::string answer = call(method, params);
        constexpr std::string_view start = R"({"jsonrpc":"2.0","id":1,"result":)";
        EXPECT_TRUE(answer.starts_with(start)) << method << params << ": " << answer;
        if (!answer.starts_with(start)) return {};
        EXPECT_TRUE(is_json(answer)) << answer;
        return answer.substr(start.size(), answer.size() - start.size() - 1);
    }
    /// One member of an object result, as JSON text.
    std::string member(std::string_view method, std::string_view params, std::string_view name) {
        simdjson::dom::parser parser;
        const std::string text = result(method, params);
        simdjson::dom::element value;
        if (parser.parse(text).at_pointer(name).get(value) != simdjson::SUCCESS) return "(none)";
        return simdjson::minify(value);
    }
    static bool is_json(const std::string& text) {
        simdjson::dom::parser parser;
        return parser.parse(text).error() == simdjson::SUCCESS;
    }
    static std::string text(ByteView bytes) {
        std::vector<char> out{'"', '0', 'x'};
        append_hex(out, bytes);
        out.push_back('"');
        return {out.begin(), out.end()};
    }

    Address sender = *crypto::address_of(key);
    std::uint64_t nonce = 0;
    host::MemoryStore store;
    std::unique_ptr<node::Chain> chain;
    FakePool pool;
    std::unique_ptr<RpcServer> server;
};

}  // namespace mezz::rpc::test
