// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/types/block.hpp"

#include <gtest/gtest.h>

namespace mezz {
namespace {

Block sample() {
    Block block;
    block.header.number = 7;
    block.header.base_fee_per_gas = 9;
    block.header.withdrawals_root = EMPTY_TRIE_ROOT;
    Transaction legacy;
    legacy.gas_limit = 21000;
    legacy.r = legacy.s = 1;
    Transaction typed = legacy;
    typed.type = TxType::dynamic_fee;
    typed.chain_id = 1;
    block.transactions = {legacy, typed};
    block.ommers = {Header{}};
    block.withdrawals = {Withdrawal{1, 2, Address{}, 3}};
    return block;
}

TEST(block, reads_back) {
    for (const bool has_withdrawals : {true, false}) {
        Block block = sample();
        if (!has_withdrawals) block.withdrawals.reset();
        const auto decoded = decode_block(encode(block));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, block);
    }
}

TEST(block, every_cut_is_rejected) {
    const Bytes bytes = encode(sample());
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(decode_block(ByteView(bytes).first(size)));
    Bytes longer = bytes;
    longer.push_back(0x80);
    EXPECT_FALSE(decode_block(longer));
}

TEST(block, a_legacy_transaction_in_a_string_is_rejected) {
    Block block = sample();
    block.transactions.resize(1);
    Bytes out;
    {
        const rlp::List whole(out);
        rlp::append_raw(out, encode(block.header));
        {
            const rlp::List list(out);
            rlp::append(out, encode(block.transactions[0]));
        }
        rlp::append_raw(out, Bytes{0xc0});
    }
    EXPECT_EQ(decode_block(out).error(), rlp::Error::wrong_value);
}

}  // namespace
}  // namespace mezz
