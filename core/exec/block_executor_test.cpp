// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/block_executor.hpp"

#include <gtest/gtest.h>

#include "core/crypto/secp256k1.hpp"
#include "core/exec/exec_test.hpp"

namespace mezz::exec::test {
namespace {

using namespace mezz::evm;

TEST(block_executor, a_transfer_moves_value_and_pays_fees) {
    World w;
    const auto receipt = w.commit(transfer());
    ASSERT_TRUE(receipt);
    EXPECT_TRUE(receipt->success);
    EXPECT_EQ(receipt->cumulative_gas_used, 21000u);
    EXPECT_EQ(w.balance(RECIPIENT), uint256{1000});
    EXPECT_EQ(w.balance(COINBASE), uint256{2 * 21000});
    EXPECT_EQ(w.balance(SENDER), ETHER - uint256{1000 + 12 * 21000});  // 10 a gas are burned.
    EXPECT_EQ(w.view.account(SENDER)->nonce, 6u);
}

TEST(block_executor, an_invalid_transaction_leaves_no_trace) {
    World w;
    Transaction txn = transfer();
    txn.nonce = 6;
    BlockExecutor executor(w.view, w.spec, w.block, w.hashes);
    EXPECT_EQ(executor.apply(txn, SENDER).error(), TxError::NONCE_MISMATCH_TOO_HIGH);
    EXPECT_EQ(executor.check(txn, SENDER).error(), TxError::NONCE_MISMATCH_TOO_HIGH);
    EXPECT_TRUE(executor.check(transfer(), SENDER));
    EXPECT_EQ(executor.gas_used(), 0u);
    EXPECT_EQ(executor.finish(), Diff{});
}

TEST(block_executor, a_reverting_call_still_pays) {
    World w;
    w.view.set(RECIPIENT, 1, 0, {OP_PUSH1, 1, OP_PUSH0, OP_SSTORE, OP_PUSH0, OP_PUSH0, OP_REVERT});
    Transaction txn = transfer();
    txn.gas_limit = 100'000;
    const auto receipt = w.commit(txn);
    ASSERT_TRUE(receipt);
    EXPECT_FALSE(receipt->success);
    EXPECT_EQ(receipt->cumulative_gas_used, 21000u + 3 + 2 + 22100 + 2 + 2);
    EXPECT_EQ(w.balance(RECIPIENT), uint256{});
    EXPECT_TRUE(w.view.storage(RECIPIENT, Bytes32{}).is_zero());
}

TEST(block_executor, refunds_are_at_most_a_fifth) {
    World w;
    w.view.set(RECIPIENT, 1, 0, {OP_PUSH0, OP_PUSH0, OP_SSTORE}, {{Bytes32{}, 1}});
    Transaction txn = transfer();
    txn.gas_limit = 100'000;
    const auto receipt = w.apply(txn);
    ASSERT_TRUE(receipt);
    const std::uint64_t used = 21000 + 4 + 5000;
    EXPECT_EQ(receipt->cumulative_gas_used, used - 4800);
}

TEST(block_executor, creation_deploys_what_initcode_returns) {
    World w;
    Transaction txn = transfer();
    txn.to.reset();
    txn.gas_limit = 100'000;
    // Returns one byte of memory: STOP.
    txn.data = {OP_PUSH1, 1, OP_PUSH0, OP_RETURN};
    const auto receipt = w.commit(txn);
    ASSERT_TRUE(receipt && receipt->success);
    const Address created = create_address(SENDER, 5);
    EXPECT_EQ(to_bytes(w.view.code(w.view.account(created)->code_hash)), Bytes{0});
    EXPECT_EQ(w.view.account(created)->nonce, 1u);
    EXPECT_EQ(w.balance(created), uint256{1000});
}

TEST(block_executor, logs_are_in_the_receipt_and_its_bloom) {
    World w;
    w.view.set(RECIPIENT, 1, 0, {OP_PUSH1, 7, OP_PUSH0, OP_PUSH0, OP_LOG0 + 1});
    Transaction txn = transfer();
    txn.gas_limit = 50'000;
    const auto receipt = w.apply(txn);
    ASSERT_TRUE(receipt);
    ASSERT_EQ(receipt->logs.size(), 1u);
    EXPECT_EQ(receipt->logs[0].topics, std::vector<Bytes32>{to_bytes32(7)});
    EXPECT_TRUE(may_contain(receipt->bloom, RECIPIENT));
    EXPECT_TRUE(may_contain(receipt->bloom, to_bytes32(7)));
}

TEST(block_executor, eip2935_begin_stores_the_parent_hash) {
    World w;
    // sstore(0, calldata[0..32])
    w.view.set(hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935"), 1, 0,
               {OP_PUSH0, OP_CALLDATALOAD, OP_PUSH0, OP_SSTORE});
    w.view.set(hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"), 1, 0,
               {OP_PUSH0, OP_CALLDATALOAD, OP_PUSH0, OP_SSTORE});
    w.block.parent_hash = to_bytes32(77);
    w.block.parent_beacon_root = to_bytes32(88);
    BlockExecutor executor(w.view, w.spec, w.block, w.hashes);
    executor.begin();
    EXPECT_EQ(executor.gas_used(), 0u);
    w.view.apply(executor.finish());
    EXPECT_EQ(w.view.storage(hex<Address>("0x0000f90827f1c53a10cb7a02335b175320002935"), {}),
              uint256{77});
    EXPECT_EQ(w.view.storage(hex<Address>("0x000f3df6d732807ef1319fb7b8bb8522d0beac02"), {}),
              uint256{88});
    EXPECT_EQ(w.view.account(hex<Address>("0xfffffffffffffffffffffffffffffffffffffffe")),
              std::nullopt);
}

TEST(block_executor, eip7702_authorization_delegates_and_refunds) {
    World w;
    const Bytes32 key = to_bytes32(42);
    const Address authority = *crypto::address_of(key);
    w.view.set(authority, 0, 1);
    Authorization a;
    a.chain_id = 1;
    a.address = RECIPIENT;
    const auto signature = crypto::sign(signing_hash(a), key);
    a.r = signature->r;
    a.s = signature->s;
    a.y_parity = signature->odd_y ? 1 : 0;
    Transaction txn = transfer();
    txn.type = TxType::set_code;
    txn.gas_limit = 100'000;
    txn.authorizations = {a};
    const auto receipt = w.commit(txn);
    ASSERT_TRUE(receipt);
    EXPECT_EQ(to_bytes(w.view.code(w.view.account(authority)->code_hash)),
              delegation_code(RECIPIENT));
    EXPECT_EQ(w.view.account(authority)->nonce, 1u);
    EXPECT_EQ(receipt->cumulative_gas_used, 46000u - 46000 / 5);
    // The same authorization again has a stale nonce: skipped, and nothing is refunded.
    txn.nonce = 6;
    const auto again = w.apply(txn);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->cumulative_gas_used, 46000u);
}

// --- rollup -----------------------------------------------------------------------------------

struct Rollup : testing::Test {
    Rollup() {
        w.spec.is_rollup = true;
        w.spec.chain_id = 1;
    }
    Transaction deposit() {
        Transaction txn;
        txn.type = TxType::deposit;
        txn.from = SENDER;
        txn.to = RECIPIENT;
        txn.mint = 500;
        txn.value = 300;
        txn.gas_limit = 100'000;
        return txn;
    }
    World w;
};

TEST_F(Rollup, fees_go_to_the_vaults) {
    // base fee 1000, blob base fee 2000; scalars 3 and 5.
    w.view.set(predeploy::L1_BLOCK, 1, 0, {},
               {{to_bytes32(1), 1'000'000'000},
                {to_bytes32(7), 2'000'000},
                {to_bytes32(3), uint256{99, std::uint64_t{3} << 32 | 5, 0, 0}}});
    const Transaction txn = transfer();
    std::uint64_t calldata_gas = 0;
    for (const std::uint8_t b : encode(txn)) calldata_gas += b == 0 ? 4 : 16;
    const std::uint64_t l1_fee =
        calldata_gas * (16 * 3 * 1'000'000'000ull + 5 * 2'000'000ull) / 16'000'000;
    ASSERT_GT(l1_fee, 0u);
    ASSERT_TRUE(w.commit(txn));
    EXPECT_EQ(w.balance(predeploy::BASE_FEE_VAULT), uint256{10 * 21000});
    EXPECT_EQ(w.balance(COINBASE), uint256{2 * 21000});
    EXPECT_EQ(w.balance(predeploy::L1_FEE_VAULT), uint256{l1_fee});
    EXPECT_EQ(w.balance(SENDER), ETHER - uint256{1000 + 12 * 21000 + l1_fee});
    EXPECT_EQ(w.balance(RECIPIENT), uint256{1000});
}

TEST_F(Rollup, the_data_fee_must_be_owned) {
    w.view.set(predeploy::L1_BLOCK, 1, 0, {},
               {{to_bytes32(1), ETHER * ETHER},
                {to_bytes32(3), uint256{0, std::uint64_t{1} << 32, 0, 0}}});
    EXPECT_EQ(w.apply(transfer()).error(), TxError::INSUFFICIENT_ACCOUNT_FUNDS);
    w.spec.rollup.charges_l1_data_fee = false;
    EXPECT_TRUE(w.apply(transfer()));
}

TEST_F(Rollup, a_deposit_mints_and_pays_nothing) {
    const auto receipt = w.commit(deposit());
    ASSERT_TRUE(receipt);
    EXPECT_TRUE(receipt->success);
    EXPECT_EQ(receipt->deposit_nonce, 5u);
    EXPECT_EQ(receipt->cumulative_gas_used, 21000u);
    EXPECT_EQ(w.balance(SENDER), ETHER + uint256{200});
    EXPECT_EQ(w.balance(RECIPIENT), uint256{300});
    EXPECT_EQ(w.balance(COINBASE), uint256{});
    EXPECT_EQ(w.view.account(SENDER)->nonce, 6u);
}

TEST_F(Rollup, a_failed_deposit_keeps_its_mint_and_nonce) {
    Transaction txn = deposit();
    txn.value = ETHER + ETHER;
    auto receipt = w.commit(txn);
    ASSERT_TRUE(receipt);
    EXPECT_FALSE(receipt->success);
    EXPECT_EQ(receipt->cumulative_gas_used, txn.gas_limit);
    EXPECT_EQ(w.balance(SENDER), ETHER + uint256{500});
    EXPECT_EQ(w.view.account(SENDER)->nonce, 6u);

    txn = deposit();
    txn.gas_limit = 20'999;
    receipt = w.commit(txn);
    ASSERT_TRUE(receipt);
    EXPECT_FALSE(receipt->success);
    EXPECT_EQ(w.balance(SENDER), ETHER + uint256{1000});
    EXPECT_EQ(w.view.account(SENDER)->nonce, 7u);

    w.view.set(RECIPIENT, 1, 0, {OP_INVALID});
    receipt = w.commit(deposit());
    ASSERT_TRUE(receipt);
    EXPECT_FALSE(receipt->success);
    EXPECT_EQ(receipt->cumulative_gas_used, 100'000u);
    EXPECT_EQ(w.balance(SENDER), ETHER + uint256{1500});
    EXPECT_EQ(w.view.account(SENDER)->nonce, 8u);
}

TEST_F(Rollup, a_deposit_may_create_a_contract) {
    Transaction txn = deposit();
    txn.to.reset();
    txn.data = {OP_PUSH1, 1, OP_PUSH0, OP_RETURN};
    const auto receipt = w.commit(txn);
    ASSERT_TRUE(receipt && receipt->success);
    EXPECT_EQ(w.balance(create_address(SENDER, 5)), uint256{300});
}

TEST_F(Rollup, deposits_are_refused_elsewhere) {
    w.spec.is_rollup = false;
    EXPECT_EQ(w.apply(deposit()).error(), TxError::TYPE_NOT_SUPPORTED);
}

TEST_F(Rollup, transition_skips_what_is_invalid) {
    Transaction bad = transfer();
    bad.nonce = 9;
    Transaction next = transfer();
    next.nonce = 7;
    BlockInput input{.context = w.block,
                     .transactions = {deposit(), bad, transfer(), next},
                     .senders = {SENDER, SENDER, SENDER, SENDER},
                     .withdrawals = {{.address = RECIPIENT, .amount_gwei = 2}}};
    input.transactions[2].nonce = 6;
    const BlockOutput out = transition(w.view, input, w.spec, w.hashes);
    EXPECT_EQ(out.included, (std::vector<std::uint32_t>{0, 2, 3}));
    EXPECT_EQ(out.refused, (std::vector<std::uint32_t>{1}));
    EXPECT_EQ(out.first_error, TxError::NONCE_MISMATCH_TOO_HIGH);
    EXPECT_EQ(out.gas_used, 3 * 21000u);
    EXPECT_EQ(out.receipts.back().cumulative_gas_used, out.gas_used);
    w.view.apply(out.diff);
    EXPECT_EQ(w.balance(RECIPIENT), uint256{300 + 2 * 1000 + 2'000'000'000});
}

TEST_F(Rollup, transition_recovers_senders) {
    const Bytes32 key = to_bytes32(7);
    w.view.set(*crypto::address_of(key), 5, ETHER);
    Transaction txn = transfer();
    const auto signature = crypto::sign(signing_hash(txn), key);
    txn.r = signature->r;
    txn.s = signature->s;
    txn.odd_y = signature->odd_y;
    Transaction forged = txn;
    forged.r = 0;
    const BlockOutput out = transition(
        w.view,
        {.context = w.block, .transactions = {forged, txn}, .senders = {}, .withdrawals = {}},
        w.spec, w.hashes);
    EXPECT_EQ(out.included, std::vector<std::uint32_t>{1});
    EXPECT_EQ(out.first_error, TxError::INVALID_SIGNATURE_VRS);
}

// --- simulation -------------------------------------------------------------------------------

TEST(simulate, needs_no_nonce_and_no_gas_money) {
    World w;
    w.view.set(RECIPIENT, 1, 0,
               {OP_BASEFEE, OP_PUSH0, OP_MSTORE, OP_PUSH1, 32, OP_PUSH0, OP_RETURN});
    Call call;
    call.from = to_address(0x99);
    call.to = RECIPIENT;
    call.gas_limit = 100'000;
    auto r = simulate(w.view, w.spec, w.block, w.hashes, call);
    ASSERT_TRUE(r);
    EXPECT_EQ(r->status, Status::success);
    EXPECT_EQ(r->output, Bytes(32, 0));  // Without a price the base fee reads as zero.
    call.gas_price = 10;
    r = simulate(w.view, w.spec, w.block, w.hashes, call);
    ASSERT_TRUE(r);
    EXPECT_EQ(load_be256(r->output.data()), uint256{10});
}

TEST(simulate, overrides_pretend_state) {
    World w;
    w.view.set(RECIPIENT, 1, 0, {}, {{to_bytes32(1), 11}});
    Call call{.from = SENDER,
              .to = RECIPIENT,
              .gas_limit = 100'000,
              .gas_price = {},
              .value = {},
              .data = {},
              .access_list = {},
              .blob_hashes = {},
              .authorizations = {}};
    AccountOverride o;
    o.address = RECIPIENT;
    // Returns sload(1) + sload(2).
    o.code = Bytes{OP_PUSH1, 1,         OP_SLOAD, OP_PUSH1, 2,        OP_SLOAD, OP_ADD,
                   OP_PUSH0, OP_MSTORE, OP_PUSH1, 32,       OP_PUSH0, OP_RETURN};
    o.storage = {{to_bytes32(2), 100}};
    SimulationOptions options;
    options.overrides = {o};
    auto r = simulate(w.view, w.spec, w.block, w.hashes, call, options);
    ASSERT_TRUE(r);
    EXPECT_EQ(load_be256(r->output.data()), uint256{111});
    options.overrides[0].replaces_storage = true;
    r = simulate(w.view, w.spec, w.block, w.hashes, call, options);
    EXPECT_EQ(load_be256(r->output.data()), uint256{100});
}

TEST(simulate, rejects_what_cannot_start) {
    World w;
    Call call;
    call.from = SENDER;
    call.to = RECIPIENT;
    call.gas_limit = 20'999;
    EXPECT_EQ(simulate(w.view, w.spec, w.block, w.hashes, call).error(),
              TxError::INTRINSIC_GAS_TOO_LOW);
    call.gas_limit = 21'009;
    call.data = {0};  // 4 gas intrinsic, 10 as the floor.
    EXPECT_EQ(simulate(w.view, w.spec, w.block, w.hashes, call).error(),
              TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST);
    call.data.clear();
    call.value = ETHER + ETHER;
    EXPECT_EQ(simulate(w.view, w.spec, w.block, w.hashes, call).error(),
              TxError::INSUFFICIENT_ACCOUNT_FUNDS);
    call.to.reset();
    call.data = Bytes(49153, 0);
    call.gas_limit = 10'000'000;
    EXPECT_EQ(simulate(w.view, w.spec, w.block, w.hashes, call).error(),
              TxError::INITCODE_SIZE_EXCEEDED);
}

}  // namespace
}  // namespace mezz::exec::test
