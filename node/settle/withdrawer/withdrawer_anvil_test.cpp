// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/crypto/keccak.hpp"
#include "core/derive/block.hpp"
#include "node/host/client/anvil_support.hpp"
#include "node/host/signing/abi.hpp"
#include "node/settle/deployer/deployer.hpp"
#include "node/settle/withdrawer/withdrawer.hpp"

namespace mezz::node {
namespace {

constexpr Address passer = hex<Address>("0x4200000000000000000000000000000000000016");

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
        receipt.success = true;
        receipt.logs = {log};
        return BlockReceipts{{receipt}};
    }
    Result<std::optional<TxnPlace>> find_transaction(const Bytes32&) override {
        return TxnPlace{3, 0};
    }
    Result<std::unique_ptr<StateReader>> state(std::uint64_t) override {
        return std::make_unique<FakeState>(slot());
    }
    Result<BlockContext> context_of(std::uint64_t) override { return retry("not here"); }
    Bytes32 hash_of(std::uint64_t number) override { return mezz::hash(make(number)); }
    void on_new_head(Listener) override {}
};

TEST(withdrawer_on_anvil, a_withdrawal_is_proven_and_paid) {
    MEZZ_NEEDS_ANVIL();
    testing::Anvil anvil;
    auto& parent = anvil.parent();
    testing::SystemClock clock;
    const Signer signer = *Signer::make(testing::anvil_key_0);
    TxManager txs(parent, signer, clock);
    DeployOptions o;
    auto& s = o.settings;
    s.owner = s.batcher = s.proposer = s.challenger = s.guardian = signer.address();
    s.max_clock_duration_seconds = 2;
    s.proof_maturity_delay_seconds = 3;
    const auto contracts = deploy(parent, txs, o);
    ASSERT_TRUE(contracts) << contracts.error().message;
    TxCandidate fund;
    fund.to = contracts->portal;
    fund.value = 1'000'000;
    fund.data = abi::Call("donateETH()").finish();
    ASSERT_TRUE(txs.send_and_wait(fund));

    FakeChain chain;
    chain.withdrawal = {uint256{1} << 240,
                        hex<Address>("0x00000000000000000000000000000000000000aa"),
                        hex<Address>("0x00000000000000000000000000000000000000bb"),
                        777,
                        100'000,
                        {1, 2, 3}};
    Withdrawer withdrawer(chain, parent, txs, Bytes32{}, {.contracts = *contracts, .poll_ms = 100});
    for (int i = 0; i < 10; ++i) {
        withdrawer.step(clock.now_ms());
        testing::sleep_ms(50);
    }
    EXPECT_EQ(withdrawer.status().stage, WithdrawalStage::claim) << withdrawer.status().message;

    TxCandidate create;
    create.to = contracts->dispute_game_factory;
    create.data =
        abi::Call("create(uint32,bytes32,bytes)")
            .word(std::uint64_t{ATTESTED_OUTPUTS})
            .word(derive::output_root(chain.make(4)))
            .bytes(
                abi::Words().word(std::uint64_t{4}).word(std::uint64_t{0}).word(Bytes32{}).finish())
            .finish();
    const auto made = txs.send_and_wait(create);
    ASSERT_TRUE(made) << made.error().message;
    const Address game = to_address(to_uint256(made->logs.back().log.topics[1]));
    bool resolved = false;
    std::vector<WithdrawalStage> stages;
    const auto end = clock.now_ms() + 40'000;
    while (clock.now_ms() < end && withdrawer.status().stage < WithdrawalStage::done) {
        const auto& st = withdrawer.step(clock.now_ms());
        if (stages.empty() || stages.back() != st.stage) {
            stages.push_back(st.stage);
            std::printf("  stage %d, eta %ld ms: %s\n", static_cast<int>(st.stage),
                        st.eta_ms ? static_cast<long>(*st.eta_ms) : -1, st.message.c_str());
        }
        if (!resolved && st.stage == WithdrawalStage::maturing) {
            TxCandidate resolve;
            resolve.to = game;
            resolve.data = abi::Call("resolve()").finish();
            resolved = txs.send_and_wait(resolve, 5'000).has_value();
        }
        testing::sleep_ms(50);
    }
    EXPECT_EQ(withdrawer.status().stage, WithdrawalStage::done) << withdrawer.status().message;
    EXPECT_EQ(parent.balance(chain.withdrawal.target).value(), uint256{777});
}

}  // namespace
}  // namespace mezz::node
