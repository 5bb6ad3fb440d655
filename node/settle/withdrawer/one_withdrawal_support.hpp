// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#pragma once

/// For tests: a chain with one withdrawal in its state, and nothing else.

#include "core/codec/rlp.hpp"
#include "core/crypto/keccak.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::node::testing {

inline constexpr Address passer = hex<Address>("0x4200000000000000000000000000000000000016");

/// The message passer's storage with one withdrawal: a trie of one leaf.
struct OneSlot {
    Bytes leaf;
    Bytes32 root;
    explicit OneSlot(const Bytes32& slot) {
        Bytes path{0x20};
        append(path, crypto::keccak256(slot));
        const Bytes value{0x01};
        {
            const rlp::List list(leaf);
            rlp::append(leaf, path);
            rlp::append(leaf, value);
        }
        root = crypto::keccak256(leaf);
    }
};

class FakeState final : public StateReader {
public:
    explicit FakeState(OneSlot slot) : slot_(std::move(slot)) {}
    std::optional<Account> account(const Address&) override { return std::nullopt; }
    uint256 storage(const Address&, const Bytes32&) override { return 1; }
    ByteView code(const Bytes32&) override { return {}; }
    [[nodiscard]] std::optional<Error> error() const override { return std::nullopt; }
    Result<Bytes32> pretend(const Diff&) override { return fatal("nothing is pretended here"); }
    Result<AccountProof> prove(const Address&, const std::vector<Bytes32>& keys) override {
        AccountProof out;
        out.storage_root = slot_.root;
        out.slots.push_back({keys[0], 1, {slot_.leaf}});
        return out;
    }

private:
    OneSlot slot_;
};

/// A chain with one withdrawal in block 3.
class FakeChain final : public ChainReader {
public:
    Withdrawal withdrawal;
    bool included = true;    ///< the transaction is in block 3
    bool reverted = false;   ///< and made no withdrawal
    bool state_kept = true;  ///< states were not pruned
    ChainSpec spec_;
    [[nodiscard]] const ChainSpec& spec() const override { return spec_; }
    [[nodiscard]] BlockRef head(Head) const override { return {5, {}}; }
    [[nodiscard]] OneSlot slot() const {
        return OneSlot(
            crypto::keccak256(abi::Words().word(hash(withdrawal)).word(std::uint64_t{0}).finish()));
    }
    [[nodiscard]] Header make(std::uint64_t number) const {
        Header h;
        h.number = number;
        h.withdrawals_root = slot().root;
        return h;
    }
    Result<std::optional<Header>> header(std::uint64_t number) override { return make(number); }
    Result<std::optional<std::uint64_t>> number_of(const Bytes32&) override { return std::nullopt; }
    Result<std::optional<StoredBlock>> block(std::uint64_t) override { return std::nullopt; }
    Result<std::optional<BlockReceipts>> receipts(std::uint64_t) override {
        Log log;
        log.address = passer;
        log.topics = {
            abi::topic("MessagePassed(uint256,address,address,uint256,uint256,bytes,bytes32)"),
            to_bytes32(withdrawal.nonce), to_bytes32(to_uint256(withdrawal.sender)),
            to_bytes32(to_uint256(withdrawal.target))};
        log.data = abi::Words()
                       .word(withdrawal.value)
                       .word(withdrawal.gas_limit)
                       .bytes(withdrawal.data)
                       .word(hash(withdrawal))
                       .finish();
        Receipt receipt;
        receipt.success = !reverted;
        if (!reverted) receipt.logs = {log};
        return BlockReceipts{{receipt}};
    }
    Result<std::optional<TxnPlace>> find_transaction(const Bytes32&) override {
        return included ? std::optional(TxnPlace{3, 0}) : std::nullopt;
    }
    Result<std::unique_ptr<StateReader>> state(std::uint64_t) override {
        if (!state_kept) return retry("the state was pruned");
        return std::make_unique<FakeState>(slot());
    }
    Result<BlockContext> context_of(std::uint64_t) override { return retry("not here"); }
    Bytes32 hash_of(std::uint64_t number) override { return mezz::hash(make(number)); }
    void on_new_head(Listener) override {}
};

}  // namespace mezz::node::testing
