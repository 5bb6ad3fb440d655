// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// A chain of one empty block and a pool that takes anything: what fuzzing and measuring of the
/// RPC alone need.

#include "node/ports/chain_reader.hpp"
#include "node/ports/txn_pool.hpp"

namespace mezz::rpc::test {

class StubState final : public node::StateReader {
public:
    std::optional<Account> account(const Address&) override { return std::nullopt; }
    uint256 storage(const Address&, const Bytes32&) override { return {}; }
    ByteView code(const Bytes32&) override { return {}; }
    [[nodiscard]] std::optional<node::Error> error() const override { return std::nullopt; }
    node::Result<Bytes32> pretend(const Diff&) override { return EMPTY_TRIE_ROOT; }
    node::Result<node::AccountProof> prove(const Address&,
                                           const std::vector<Bytes32>& keys) override {
        node::AccountProof proof;
        for (const Bytes32& key : keys) proof.slots.push_back({key, {}, {}});
        return proof;
    }
};

class StubChain : public node::ChainReader {
public:
    [[nodiscard]] const ChainSpec& spec() const override { return spec_; }
    [[nodiscard]] node::BlockRef head(node::Head) const override { return {}; }
    node::Result<std::optional<Header>> header(std::uint64_t number) override {
        if (number != 0) return std::optional<Header>{};
        Header h;
        h.gas_limit = 30'000'000;
        h.base_fee_per_gas = uint256{1};
        return std::optional(h);
    }
    node::Result<std::optional<std::uint64_t>> number_of(const Bytes32&) override {
        return std::optional<std::uint64_t>{0};
    }
    node::Result<std::optional<node::StoredBlock>> block(std::uint64_t number) override {
        if (number != 0) return std::optional<node::StoredBlock>{};
        node::StoredBlock b;
        b.header = **header(0);
        return std::optional(std::move(b));
    }
    node::Result<std::optional<node::BlockReceipts>> receipts(std::uint64_t number) override {
        if (number != 0) return std::optional<node::BlockReceipts>{};
        return std::optional(node::BlockReceipts{});
    }
    node::Result<std::optional<node::TxnPlace>> find_transaction(const Bytes32&) override {
        return std::optional<node::TxnPlace>{};
    }
    node::Result<std::unique_ptr<node::StateReader>> state(std::uint64_t) override {
        return std::make_unique<StubState>();
    }
    node::Result<BlockContext> context_of(std::uint64_t) override {
        BlockContext c;
        c.gas_limit = 30'000'000;
        c.timestamp = 1;
        return c;
    }
    Bytes32 hash_of(std::uint64_t) override { return {}; }
    void on_new_head(Listener) override {}

private:
    ChainSpec spec_;
};

class StubPool final : public node::TxnPool {
public:
    std::expected<Bytes32, node::PoolRejection> submit(ByteView raw) override {
        Bytes32 hash;
        hash[0] = raw.empty() ? 0 : raw[0];
        return hash;
    }
    std::optional<node::PooledTxn> find(const Bytes32&) override { return std::nullopt; }
    std::optional<std::uint64_t> pending_nonce(const Address&) override { return std::nullopt; }
    node::PoolStatus status() override { return {}; }
    Content content() override { return {}; }
    void on_pending(Listener) override {}
};

}  // namespace mezz::rpc::test
