// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/exec/transaction.hpp"

#include <gtest/gtest.h>

#include "core/crypto/secp256k1.hpp"
#include "core/exec/exec_test.hpp"

namespace mezz::exec::test {
namespace {

struct Validity : testing::Test {
    std::expected<TxProperties, TxError> judge(const Transaction& txn) {
        return validate(txn, sender, spec, block, room);
    }
    void expect(const Transaction& txn, TxError error) {
        const auto result = judge(txn);
        ASSERT_FALSE(result.has_value()) << "expected " << name(error);
        EXPECT_EQ(result.error(), error) << name(result.error());
    }
    Validity() {
        block.base_fee = 10;
        room = {.gas = 30'000'000, .blob_gas = 9 * GAS_PER_BLOB, .blob_base_fee = 3};
    }
    Transaction blob() {
        Transaction txn = transfer();
        txn.type = TxType::blob;
        txn.max_fee_per_blob_gas = 3;
        Bytes32 hash;
        hash[0] = 1;
        txn.blob_hashes = {hash};
        return txn;
    }
    Transaction set_code() {
        Transaction txn = transfer();
        txn.type = TxType::set_code;
        txn.gas_limit = 46000;
        txn.authorizations = {Authorization{}};
        return txn;
    }
    Transaction create() {
        Transaction txn = transfer();
        txn.to.reset();
        txn.gas_limit = 10'000'000;
        return txn;
    }
    void at(Revision rev) { spec.revisions = {{0, rev}}; }

    ChainSpec spec;
    BlockContext block;
    BlockRoom room;
    SenderState sender{.nonce = 5, .balance = ETHER, .has_code = false};
};

TEST_F(Validity, effective_price_is_capped_by_the_priority_fee) {
    auto p = judge(transfer());
    ASSERT_TRUE(p);
    EXPECT_EQ(p->effective_gas_price, uint256{12});
    EXPECT_EQ(p->priority_fee, uint256{2});
    Transaction txn = transfer();
    txn.max_fee_per_gas = 11;
    p = judge(txn);
    ASSERT_TRUE(p);
    EXPECT_EQ(p->effective_gas_price, uint256{11});
    EXPECT_EQ(p->priority_fee, uint256{1});
}

TEST_F(Validity, the_sender_owns_the_highest_cost) {
    Transaction txn = transfer();
    sender.balance = uint256{21000 * 20 + 1000};
    EXPECT_TRUE(judge(txn));
    sender.balance -= uint256{1};
    expect(txn, TxError::INSUFFICIENT_ACCOUNT_FUNDS);
    txn.value = ~uint256{};
    expect(txn, TxError::INSUFFICIENT_ACCOUNT_FUNDS);
    txn.max_fee_per_gas = ~uint256{};
    expect(txn, TxError::GASLIMIT_PRICE_PRODUCT_OVERFLOW);
}

TEST_F(Validity, fees_reach_the_base_fee) {
    Transaction txn = transfer();
    txn.max_priority_fee_per_gas = 0;
    txn.max_fee_per_gas = 10;
    EXPECT_TRUE(judge(txn));
    txn.max_fee_per_gas = 9;
    expect(txn, TxError::INSUFFICIENT_MAX_FEE_PER_GAS);
    txn = transfer();
    txn.max_priority_fee_per_gas = 20;
    EXPECT_TRUE(judge(txn));
    txn.max_priority_fee_per_gas = 21;
    expect(txn, TxError::PRIORITY_GREATER_THAN_MAX_FEE_PER_GAS);
}

TEST_F(Validity, gas_fits_the_block_and_the_cap) {
    Transaction txn = transfer();
    room.gas = 21000;
    EXPECT_TRUE(judge(txn));
    room.gas = 20999;
    expect(txn, TxError::GAS_ALLOWANCE_EXCEEDED);
    room.gas = 60'000'000;
    txn.gas_limit = 1 << 24;
    EXPECT_TRUE(judge(txn));
    ++txn.gas_limit;
    expect(txn, TxError::GAS_LIMIT_EXCEEDS_MAXIMUM);
    at(Revision::prague);
    EXPECT_TRUE(judge(txn));
}

TEST_F(Validity, intrinsic_gas_and_floor) {
    Transaction txn = transfer();
    txn.gas_limit = 20999;
    expect(txn, TxError::INTRINSIC_GAS_TOO_LOW);
    txn.data = Bytes(100, 1);  // 16 gas a byte, or 40 as the floor.
    txn.gas_limit = 21000 + 4000;
    EXPECT_TRUE(judge(txn));
    txn.gas_limit -= 1;
    expect(txn, TxError::INTRINSIC_GAS_BELOW_FLOOR_GAS_COST);
    at(Revision::cancun);
    txn.gas_limit = 21000 + 1600;
    EXPECT_TRUE(judge(txn));
}

TEST_F(Validity, initcode_has_a_size_limit) {
    Transaction txn = create();
    txn.data = Bytes(49152, 0);
    EXPECT_TRUE(judge(txn));
    txn.data.push_back(0);
    expect(txn, TxError::INITCODE_SIZE_EXCEEDED);
    at(Revision::paris);
    EXPECT_TRUE(judge(txn));
}

TEST_F(Validity, nonces_match) {
    Transaction txn = transfer();
    txn.nonce = 4;
    expect(txn, TxError::NONCE_MISMATCH_TOO_LOW);
    txn.nonce = 6;
    expect(txn, TxError::NONCE_MISMATCH_TOO_HIGH);
    txn.nonce = ~std::uint64_t{0};
    sender.nonce = txn.nonce;
    expect(txn, TxError::NONCE_IS_MAX);
    --txn.nonce;
    --sender.nonce;
    EXPECT_TRUE(judge(txn));
}

TEST_F(Validity, sender_has_no_code) {
    sender.has_code = true;
    expect(transfer(), TxError::SENDER_NOT_EOA);
}

TEST_F(Validity, chain_id_is_ours) {
    Transaction txn = transfer();
    txn.chain_id = 2;
    expect(txn, TxError::INVALID_CHAINID);
    txn.chain_id.reset();
    expect(txn, TxError::INVALID_CHAINID);
    txn.type = TxType::legacy;
    EXPECT_TRUE(judge(txn));
}

TEST_F(Validity, types_start_with_their_revision) {
    Transaction txn = transfer();
    at(Revision::berlin);
    expect(txn, TxError::TYPE_2_TX_PRE_FORK);
    txn.type = TxType::access_list;
    EXPECT_TRUE(judge(txn));
    at(Revision::istanbul);
    expect(txn, TxError::TYPE_1_TX_PRE_FORK);
    at(Revision::shanghai);
    expect(blob(), TxError::TYPE_3_TX_PRE_FORK);
    at(Revision::cancun);
    EXPECT_TRUE(judge(blob()));
    expect(set_code(), TxError::TYPE_4_TX_PRE_FORK);
    at(Revision::prague);
    EXPECT_TRUE(judge(set_code()));
}

TEST_F(Validity, blob_transactions) {
    EXPECT_TRUE(judge(blob()));
    Transaction txn = blob();
    txn.to.reset();
    expect(txn, TxError::TYPE_3_TX_CONTRACT_CREATION);
    txn = blob();
    txn.blob_hashes.clear();
    expect(txn, TxError::TYPE_3_TX_ZERO_BLOBS);
    txn = blob();
    txn.blob_hashes[0][0] = 2;
    expect(txn, TxError::TYPE_3_TX_INVALID_BLOB_VERSIONED_HASH);
    txn = blob();
    txn.blob_hashes.resize(6, txn.blob_hashes[0]);
    EXPECT_TRUE(judge(txn));
    txn.blob_hashes.resize(7, txn.blob_hashes[0]);
    expect(txn, TxError::TYPE_3_TX_BLOB_COUNT_EXCEEDED);
    room.blob_gas = GAS_PER_BLOB - 1;
    expect(blob(), TxError::TYPE_3_TX_MAX_BLOB_GAS_ALLOWANCE_EXCEEDED);
    room.blob_gas = GAS_PER_BLOB;
    EXPECT_TRUE(judge(blob()));
    room.blob_base_fee = 4;
    expect(blob(), TxError::INSUFFICIENT_MAX_FEE_PER_BLOB_GAS);
    spec.refuses_blob_transactions = true;
    expect(blob(), TxError::TYPE_NOT_SUPPORTED);
}

TEST_F(Validity, set_code_transactions) {
    Transaction txn = set_code();
    txn.authorizations.clear();
    expect(txn, TxError::TYPE_4_EMPTY_AUTHORIZATION_LIST);
    txn = set_code();
    txn.to.reset();
    expect(txn, TxError::TYPE_4_TX_CONTRACT_CREATION);
    txn = set_code();
    txn.gas_limit = 45999;
    expect(txn, TxError::INTRINSIC_GAS_TOO_LOW);
}

TEST(sender_of, signature_rules_follow_the_forks) {
    const Bytes32 key = to_bytes32(7);
    Transaction txn = transfer();
    txn.type = TxType::legacy;
    const auto sign = [&] {
        const auto signature = crypto::sign(signing_hash(txn), key);
        txn.r = signature->r;
        txn.s = signature->s;
        txn.odd_y = signature->odd_y;
    };
    sign();
    EXPECT_EQ(sender_of(txn, Revision::spurious_dragon), *crypto::address_of(key));
    EXPECT_EQ(sender_of(txn, Revision::tangerine_whistle).error(), TxError::INVALID_SIGNATURE_VRS);
    txn.chain_id.reset();
    sign();
    EXPECT_EQ(sender_of(txn, Revision::frontier), *crypto::address_of(key));
    // The same signature with the other s: n - s.
    txn.s = crypto::SECP256K1_ORDER - txn.s;
    txn.odd_y = !txn.odd_y;
    EXPECT_EQ(sender_of(txn, Revision::frontier), *crypto::address_of(key));
    EXPECT_EQ(sender_of(txn, Revision::homestead).error(), TxError::INVALID_SIGNATURE_VRS);
    txn.s = crypto::SECP256K1_ORDER;
    EXPECT_EQ(sender_of(txn, Revision::frontier).error(), TxError::INVALID_SIGNATURE_VRS);
    sign();
    txn.r = 5;  // No point of the curve has this x.
    EXPECT_EQ(sender_of(txn, Revision::homestead).error(), TxError::EC_RECOVERY_FAIL);
}

TEST(tx_error, names_are_spelled_like_the_enumerators) {
    EXPECT_EQ(name(TxError::INSUFFICIENT_ACCOUNT_FUNDS), "INSUFFICIENT_ACCOUNT_FUNDS");
    EXPECT_EQ(name(TxError::SENDER_NOT_EOA), "SENDER_NOT_EOA");
    EXPECT_EQ(name(TxError::INVALID_SIGNATURE_VRS), "INVALID_SIGNATURE_VRS");
    EXPECT_EQ(name(TxError::TYPE_NOT_SUPPORTED), "TYPE_NOT_SUPPORTED");
}

}  // namespace
}  // namespace mezz::exec::test
