// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/batch.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include "core/codec/byte_reader.hpp"
#include "core/derive/channel.hpp"
#include "core/derive/derive_test.hpp"

namespace mezz::derive::test {
namespace {

Bytes with_format(std::uint8_t format, ByteView body) {
    Bytes out{format};
    append(out, body);
    return out;
}

Bytes compressed(ByteView payload) {
    Bytes frame(ZSTD_compressBound(payload.size()));
    frame.resize(ZSTD_compress(frame.data(), frame.size(), payload.data(), payload.size(), 9));
    return with_format(format_zstd, frame);
}

TEST(Batch, random_batches_of_every_type_come_back) {
    Random random(1);
    for (int i = 0; i < 500; ++i) {
        const Batch batch = random.batch(random.below(1u << 20));
        const Bytes payload = encode_batch(batch);
        const auto back = decode_batch(payload);
        ASSERT_TRUE(back) << "batch " << i << ": " << static_cast<int>(back.error());
        ASSERT_EQ(*back, batch) << "batch " << i;
        ASSERT_EQ(decode_data(with_format(format_plain, payload)), batch);
        ASSERT_EQ(decode_data(compressed(payload)), batch);
    }
}

TEST(Batch, a_truncated_batch_is_refused) {
    Random random(2);
    for (int i = 0; i < 30; ++i) {
        const Bytes payload = encode_batch(random.batch(5));
        for (std::size_t n = 0; n < payload.size(); ++n)
            ASSERT_FALSE(decode_batch(ByteView(payload).first(n)));
    }
}

TEST(Batch, whatever_is_accepted_after_a_bit_flip_encodes_to_the_same_bytes) {
    Random random(3);
    int accepted = 0;
    for (int i = 0; i < 40; ++i) {
        Bytes payload = encode_batch(random.batch(5));
        for (int k = 0; k < 500; ++k) {
            const auto at = random.below(payload.size());
            const auto bit = static_cast<std::uint8_t>(1u << random.below(8));
            payload[at] ^= bit;
            if (const auto back = decode_batch(payload)) {
                ++accepted;
                ASSERT_EQ(encode_batch(*back), payload);
            }
            payload[at] ^= bit;
        }
    }
    EXPECT_GT(accepted, 1000);
}

TEST(Batch, nothing_is_empty_data) {
    EXPECT_EQ(decode_data({}), std::unexpected(BatchError::empty_data));
}

TEST(Batch, another_format_byte_is_unknown_format) {
    EXPECT_EQ(decode_data(Bytes{2, 0}), std::unexpected(BatchError::unknown_format));
}

TEST(Batch, a_frame_that_is_cut_is_bad_compression) {
    Bytes data = compressed(encode_batch(Random(4).batch(5)));
    data.pop_back();
    EXPECT_EQ(decode_data(data), std::unexpected(BatchError::bad_compression));
}

TEST(Batch, a_compression_bomb_is_too_large) {
    const Bytes fits(max_payload_bytes), bursts(max_payload_bytes + 1);
    EXPECT_EQ(decode_data(compressed(bursts)), std::unexpected(BatchError::too_large));
    EXPECT_NE(decode_data(compressed(fits)), std::unexpected(BatchError::too_large));
    EXPECT_EQ(decode_data(with_format(format_plain, bursts)),
              std::unexpected(BatchError::too_large));
}

TEST(Batch, left_over_bytes_are_malformed) {
    Bytes payload = encode_batch(Random(5).batch(5));
    payload.push_back(0);
    EXPECT_EQ(decode_batch(payload), std::unexpected(BatchError::malformed));
}

TEST(Batch, a_blob_transaction_or_a_deposit_is_bad_transaction_type) {
    for (const auto type : {TxType::blob, static_cast<TxType>(5), static_cast<TxType>(7)}) {
        Batch batch;
        batch.blocks.resize(1);
        Transaction t;
        t.type = type;
        t.chain_id = 0;
        batch.blocks[0].transactions.push_back(t);
        EXPECT_EQ(decode_batch(encode_batch(batch)),
                  std::unexpected(BatchError::bad_transaction_type));
    }
    Batch batch;
    batch.blocks.resize(1);
    batch.blocks[0].transactions.resize(1);
    Bytes payload = encode_batch(batch);
    payload[7] |= 0x80;  // the first meta byte
    EXPECT_EQ(decode_batch(payload), std::unexpected(BatchError::bad_transaction_type));
}

TEST(Batch, one_block_too_many_is_too_many_blocks) {
    Batch batch;
    batch.blocks.resize(max_batch_blocks);
    EXPECT_TRUE(decode_batch(encode_batch(batch)));
    batch.blocks.resize(max_batch_blocks + 1);
    EXPECT_EQ(decode_batch(encode_batch(batch)), std::unexpected(BatchError::too_many_blocks));
}

TEST(Batch, more_transactions_than_the_bytes_can_hold_are_refused_before_memory_is_taken) {
    // 16 MiB that claim one transaction a byte: without the check, gigabytes of empty ones.
    Bytes payload;
    append_varint(payload, 5);
    append_varint(payload, 0);
    append_varint(payload, 1);
    append_varint(payload, 0);
    payload.push_back(0);
    append_varint(payload, 0);
    append_varint(payload, max_payload_bytes - 100);
    payload.resize(max_payload_bytes);
    EXPECT_EQ(decode_batch(payload), std::unexpected(BatchError::malformed));
}

TEST(Batch, the_smallest_transactions_fill_their_bytes_exactly) {
    Batch batch;
    batch.blocks.resize(1);
    Transaction creation;
    creation.chain_id = 0;
    batch.blocks[0].transactions.assign(100, creation);
    EXPECT_EQ(decode_batch(encode_batch(batch)), batch);
}

}  // namespace
}  // namespace mezz::derive::test
