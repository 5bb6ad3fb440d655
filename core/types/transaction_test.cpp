// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/transaction.hpp"

#include <gtest/gtest.h>

#include "core/codec/hex.hpp"
#include "core/types/blob_sidecar.hpp"

namespace mezz {
namespace {

/// The example of EIP-155: its encoding, hash and sender are in the specification.
TEST(transaction, eip155_example) {
    const Bytes raw = *from_hex(
        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025"
        "a028"
        "ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b"
        "3800"
        "ccf555c9f3dc64214b297fb1966a3b6d83");
    const auto t = decode_transaction(raw);
    ASSERT_TRUE(t);
    EXPECT_EQ(t->chain_id, 1U);
    EXPECT_EQ(t->nonce, 9U);
    EXPECT_EQ(encode(*t), raw);
    EXPECT_EQ(signing_hash(*t),
              hex<Bytes32>("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"));
    EXPECT_EQ(recover_sender(*t), hex<Address>("0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f"));
}

Transaction sample(TxType type) {
    Transaction t;
    t.type = type;
    if (type != TxType::deposit) t.chain_id = 42069;
    t.nonce = 7;
    t.max_fee_per_gas = uint256{30'000'000'000};
    t.max_priority_fee_per_gas =
        type == TxType::legacy || type == TxType::access_list ? t.max_fee_per_gas : uint256{2};
    t.gas_limit = 50'000;
    t.to = hex<Address>("0x3535353535353535353535353535353535353535");
    t.value = uint256{1};
    t.data = {1, 2, 3};
    if (type != TxType::legacy && type != TxType::deposit)
        t.access_list = {
            {*t.to,
             {Bytes32{},
              hex<Bytes32>("0x01"
                           "00000000000000000000000000000000000000000000000000000000000000")}}};
    if (type == TxType::blob) {
        t.max_fee_per_blob_gas = uint256{9};
        t.blob_hashes = {Bytes32{}};
    }
    if (type == TxType::set_code)
        t.authorizations = {{uint256{1}, *t.to, 3, 1, uint256{5}, uint256{6}}};
    if (type == TxType::deposit) {
        t = Transaction{};
        t.type = type;
        t.source_hash =
            hex<Bytes32>("0x0100000000000000000000000000000000000000000000000000000000000002");
        t.from = hex<Address>("0x3535353535353535353535353535353535353535");
        t.mint = uint256{5};
        t.value = uint256{5};
        t.gas_limit = 100'000;
        return t;
    }
    t.odd_y = true;
    t.r = uint256{11};
    t.s = uint256{12};
    return t;
}

class EveryType : public ::testing::TestWithParam<TxType> {};

TEST_P(EveryType, round_trips) {
    const Transaction t = sample(GetParam());
    const Bytes raw = encode(t);
    const auto back = decode_transaction(raw);
    ASSERT_TRUE(back);
    EXPECT_TRUE(*back == t);
    EXPECT_EQ(encode(*back), raw);
}

TEST_P(EveryType, every_cut_and_every_extra_byte_is_refused) {
    Bytes raw = encode(sample(GetParam()));
    for (std::size_t n = 0; n < raw.size(); ++n)
        ASSERT_FALSE(decode_transaction(ByteView(raw).first(n))) << n;
    raw.push_back(0);
    EXPECT_FALSE(decode_transaction(raw));
}

INSTANTIATE_TEST_SUITE_P(types, EveryType,
                         ::testing::Values(TxType::legacy, TxType::access_list, TxType::dynamic_fee,
                                           TxType::blob, TxType::set_code, TxType::deposit));

TEST(transaction, every_reason_for_refusal) {
    EXPECT_EQ(decode_transaction({}).error(), TxDecodeError::empty);
    EXPECT_EQ(decode_transaction(Bytes{0x05, 0xc0}).error(), TxDecodeError::unknown_type);
    EXPECT_EQ(decode_transaction(Bytes{0x02, 0xc0}).error(), TxDecodeError::malformed_rlp);
    Transaction t = sample(TxType::legacy);
    t.chain_id = std::nullopt;
    Bytes raw = encode(t);
    raw[raw.size() - 3] = 26;  // v stands before the one-byte r and s
    EXPECT_EQ(decode_transaction(raw).error(), TxDecodeError::bad_signature_v);
}

TEST(transaction, high_s_has_no_sender) {
    Transaction t = sample(TxType::dynamic_fee);
    t.s = ~uint256{} >> 1;
    EXPECT_FALSE(recover_sender(t));
}

/// Both network forms come back whole, and counts that do not fit are refused.
TEST(blob_sidecar, both_forms_round_trip) {
    const Transaction t = sample(TxType::blob);
    for (const std::uint8_t version : {0, 1}) {
        BlobSidecar sidecar;
        sidecar.version = version;
        sidecar.blobs = {Bytes(BYTES_PER_BLOB, 1)};
        sidecar.commitments.resize(1);
        sidecar.proofs.resize(version == 1 ? CELLS_PER_EXT_BLOB : 1);
        const auto back = decode_network(encode_network(t, sidecar));
        ASSERT_TRUE(back);
        EXPECT_TRUE(back->txn == t);
        EXPECT_TRUE(back->sidecar == sidecar);
        sidecar.proofs.pop_back();
        EXPECT_FALSE(decode_network(encode_network(t, sidecar)));
    }
}

}  // namespace
}  // namespace mezz
