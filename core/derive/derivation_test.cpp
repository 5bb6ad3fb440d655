// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/derive/derivation.hpp"

#include <gtest/gtest.h>

#include "core/codec/byte_reader.hpp"
#include "core/derive/derive_test.hpp"

namespace mezz::derive::test {
namespace {

constexpr std::uint64_t head_time = 1000;

/// One entry on a chain whose head is block 10 at origin 20.
class Derive : public testing::Test {
protected:
    Derive() {
        spec_.chain_id = 7;
        spec_.gas_limit = 1'000'000;
        spec_.max_drift_seconds = 600;
        start_.head_number = 10;
        start_.head_timestamp = head_time;
        start_.origin = {20, 990, Random(1).fixed<32>(), 5, 6};
        start_.sequence_number = 3;
        entry_.source = Source::calldata;
        entry_.parent_number = 31;
        entry_.parent_timestamp = 1100;
        entry_.origin_number = 30;
        entry_.origin_hash = Random(2).fixed<32>();
        batch_.chain_id = 7;
        batch_.parent_number = 10;
        batch_.blocks.resize(2);
        batch_.blocks[0].timestamp = head_time + 2;
        batch_.blocks[1].timestamp = head_time + 4;
    }

    void queue(std::size_t count, std::uint64_t gas = 100'000) {
        for (std::size_t i = 0; i < count; ++i) {
            QueueItem item;
            item.index = items_.size();
            item.opaque_data.resize(64);
            append_be64(item.opaque_data, gas);
            item.opaque_data.push_back(0);
            items_.push_back(item);
        }
    }

    Bytes plain() const {
        Bytes out{format_plain};
        append(out, encode_batch(batch_));
        return out;
    }

    /// The blocks of the entry with these bytes; `mismatch`: the blobs hold something else.
    std::vector<BlockAttributes> derive(const Bytes& data, bool mismatch = false) {
        entry_.data_hash = chunk_hash(data);
        if (entry_.source == Source::blobs) entry_.blobs_hash = blobs_hash(openings_);
        entry_.queue_cursor = items_.size();
        entry_.queue_acc = {};
        for (const auto& item : items_)
            entry_.queue_acc = accumulate(entry_.queue_acc, item_hash(item));
        Derivation d(spec_, start_);
        std::vector<BlockAttributes> out;
        bool given = false;
        for (;;) {
            auto step = d.step();
            if (std::holds_alternative<NeedEntry>(step)) {
                if (given) break;
                given = true;
                EXPECT_TRUE(d.provide_entry(entry_, openings_));
            } else if (std::holds_alternative<NeedData>(step)) {
                EXPECT_TRUE(mismatch ? d.provide_mismatch() : d.provide_data(data));
            } else if (std::holds_alternative<NeedQueue>(step)) {
                EXPECT_TRUE(d.provide_queue(items_));
            } else {
                out.push_back(std::get<NextBlock>(step).attributes);
            }
        }
        error_ = d.last_error();
        end_ = d.position();
        EXPECT_EQ(end_.inbox_count, 1u);
        EXPECT_EQ(end_.inbox_acc, accumulate({}, entry_hash(entry_)));
        return out;
    }

    RollupSpec spec_;
    Position start_, end_;
    Entry entry_;
    std::vector<BlobOpening> openings_;
    std::vector<QueueItem> items_;
    Batch batch_;
    std::optional<BatchError> error_;
};

TEST_F(Derive, a_batch_gives_its_blocks) {
    batch_.blocks[1].origin = Origin{21, 1001, {}, 1, 2};
    const auto blocks = derive(plain());
    ASSERT_EQ(blocks.size(), 2u);
    EXPECT_EQ(error_, std::nullopt);
    EXPECT_EQ(blocks[0].number, 11u);
    EXPECT_EQ(blocks[0].sequence_number, 4u);
    EXPECT_EQ(blocks[0].origin, start_.origin);
    EXPECT_EQ(blocks[1].number, 12u);
    EXPECT_EQ(blocks[1].sequence_number, 0u);
    EXPECT_EQ(blocks[1].origin, batch_.blocks[1].origin);
    EXPECT_EQ(end_.head_number, 12u);
}

TEST_F(Derive, queued_items_go_where_the_batch_labels_them) {
    queue(3);
    batch_.blocks[0].deposits.resize(1, {{}, 5});
    batch_.blocks[1].deposits.resize(2, {{}, 6});
    const auto blocks = derive(plain());
    ASSERT_EQ(blocks.size(), 2u);
    EXPECT_EQ(blocks[0].queue_items.size(), 1u);
    EXPECT_EQ(blocks[0].labels[0]->log_index, 5u);
    EXPECT_EQ(blocks[1].queue_items[1].index, 2u);
    EXPECT_EQ(end_.queue_count, 3u);
}

TEST_F(Derive, items_a_batch_leaves_get_a_block_after_it) {
    queue(2);
    batch_.blocks[0].deposits.resize(1);
    const auto blocks = derive(plain());
    ASSERT_EQ(blocks.size(), 3u);
    EXPECT_EQ(blocks[2].queue_items.size(), 1u);
    EXPECT_EQ(blocks[2].labels[0], std::nullopt);
    EXPECT_EQ(blocks[2].origin.number, 30u);
    EXPECT_EQ(blocks[2].timestamp, 1100u);
}

TEST_F(Derive, bytes_that_are_no_batch_leave_the_queue_to_blocks_of_its_own) {
    queue(2);
    const auto blocks = derive(Bytes{9});
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_EQ(error_, BatchError::unknown_format);
    EXPECT_EQ(blocks[0].queue_items.size(), 2u);
}

TEST_F(Derive, queue_blocks_split_where_gas_fills_one) {
    queue(5, 400'000);
    const auto blocks = derive({});
    ASSERT_EQ(blocks.size(), 3u);
    EXPECT_EQ(blocks[0].queue_items.size(), 2u);
    EXPECT_EQ(blocks[2].queue_items.size(), 1u);
}

TEST_F(Derive, an_item_that_wants_more_than_a_block_stands_alone) {
    queue(1, 100);
    queue(1, ~std::uint64_t{0});
    queue(1, 100);
    EXPECT_EQ(derive({}).size(), 3u);
}

TEST_F(Derive, a_forced_entry_ignores_blocks_and_takes_labels_that_fit) {
    entry_.source = Source::forced;
    queue(2);
    batch_.blocks[0].deposits.resize(2, {{}, 8});
    batch_.blocks[1].transactions.resize(1);
    batch_.blocks[1].transactions[0].chain_id = 7;
    auto blocks = derive(plain());
    ASSERT_EQ(blocks.size(), 1u);
    EXPECT_TRUE(blocks[0].transactions.empty());
    EXPECT_EQ(blocks[0].labels[1]->log_index, 8u);
    batch_.blocks[0].deposits.resize(1);  // too few: none count
    blocks = derive(plain());
    EXPECT_EQ(blocks[0].labels[0], std::nullopt);
}

TEST_F(Derive, another_chains_batch_is_wrong_chain) {
    batch_.chain_id = 8;
    EXPECT_TRUE(derive(plain()).empty());
    EXPECT_EQ(error_, BatchError::wrong_chain);
}

TEST_F(Derive, a_batch_on_another_block_is_wrong_parent) {
    for (const std::uint64_t parent : {9, 11}) {
        batch_.parent_number = parent;
        EXPECT_TRUE(derive(plain()).empty());
        EXPECT_EQ(error_, BatchError::wrong_parent);
    }
}

TEST_F(Derive, time_that_goes_back_is_bad_timestamp) {
    batch_.blocks[0].timestamp = head_time;
    derive(plain());
    EXPECT_EQ(error_, std::nullopt);
    batch_.blocks[0].timestamp = head_time - 1;
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_timestamp);
}

TEST_F(Derive, time_beyond_the_drift_is_bad_timestamp) {
    batch_.blocks[1].timestamp = entry_.parent_timestamp + spec_.max_drift_seconds;
    derive(plain());
    EXPECT_EQ(error_, std::nullopt);
    ++batch_.blocks[1].timestamp;
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_timestamp);
}

TEST_F(Derive, an_origin_that_does_not_advance_is_bad_origin) {
    batch_.blocks[0].origin = Origin{20, 990, {}, 0, 0};
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_origin);
    batch_.blocks[0].origin = Origin{21, 989, {}, 0, 0};
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_origin);
}

TEST_F(Derive, an_origin_newer_than_the_entrys_is_bad_origin) {
    batch_.blocks[0].origin = Origin{30, 1000, entry_.origin_hash, 0, 0};
    derive(plain());
    EXPECT_EQ(error_, std::nullopt);
    batch_.blocks[0].origin->hash = {};
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_origin);
    batch_.blocks[0].origin = Origin{31, 1000, {}, 0, 0};
    derive(plain());
    EXPECT_EQ(error_, BatchError::bad_origin);
}

TEST_F(Derive, more_labels_than_items_are_queue_overrun) {
    queue(1);
    batch_.blocks[0].deposits.resize(2);
    EXPECT_EQ(derive(plain()).size(), 1u);
    EXPECT_EQ(error_, BatchError::queue_overrun);
}

TEST_F(Derive, blobs_that_hold_something_else_are_blob_mismatch) {
    entry_.source = Source::blobs;
    const Bytes data = plain();
    openings_ = {{Random(9).fixed<32>(), 5}};
    EXPECT_EQ(derive(data).size(), 2u);
    EXPECT_EQ(error_, std::nullopt);
    queue(1);
    EXPECT_EQ(derive(data, true).size(), 1u);
    EXPECT_EQ(error_, BatchError::blob_mismatch);
}

TEST_F(Derive, published_data_is_what_the_declared_hash_names) {
    const Bytes data = plain();
    auto blobs = encode_blobs(data);
    EXPECT_EQ(published_data(blobs, chunk_hash(data)), data);
    EXPECT_EQ(published_data(blobs, chunk_hash(Bytes{1})), std::nullopt);
    EXPECT_EQ(published_data({}, chunk_hash({})), std::nullopt);
    blobs[0][40] ^= 1;
    EXPECT_EQ(published_data(blobs, chunk_hash(data)), std::nullopt);
    blobs[0][40] ^= 1;
    blobs.push_back(blobs[0]);  // one blob too many
    EXPECT_EQ(published_data(blobs, chunk_hash(data)), std::nullopt);
}

TEST_F(Derive, openings_show_what_blobs_hold) {
    const Bytes data = plain();
    const Bytes32 data_hash = chunk_hash(data);
    const auto blob = encode_blobs(data)[0];
    const Bytes32 versioned = Random(9).fixed<32>();
    openings_ = {{versioned, evaluate_blob(blob, opening_point(versioned, data_hash))}};
    EXPECT_TRUE(openings_match(data, data_hash, openings_));
    auto other = openings_;
    other[0].y = other[0].y + 1;
    EXPECT_FALSE(openings_match(data, data_hash, other));
    openings_.push_back(openings_[0]);  // one blob too many
    EXPECT_FALSE(openings_match(data, data_hash, openings_));
}

TEST_F(Derive, deposits_beyond_the_gas_of_a_block_are_too_much_work) {
    queue(5, 400'000);  // two and a half of them fill a block
    batch_.blocks[0].deposits.resize(2);
    batch_.blocks[1].deposits.resize(2);
    EXPECT_EQ(derive(plain()).size(), 3u);  // the fifth has a block of its own
    EXPECT_EQ(error_, std::nullopt);
    batch_.blocks[1].deposits.resize(3);
    const auto blocks = derive(plain());
    EXPECT_EQ(error_, BatchError::too_much_work);
    ASSERT_EQ(blocks.size(), 3u);  // of deposits only: two, two and one
    EXPECT_EQ(blocks[2].queue_items.size(), 1u);
    // One that wants more than there is comes alone.
    items_.clear();
    queue(2, 2'000'000);
    batch_.blocks[0].deposits.resize(1);
    batch_.blocks[1].deposits.resize(1);
    EXPECT_EQ(derive(plain()).size(), 2u);
    EXPECT_EQ(error_, std::nullopt);
}

TEST_F(Derive, more_transactions_than_a_block_could_include_are_too_much_work) {
    Transaction t;
    t.chain_id = 7;
    batch_.blocks[1].transactions.assign(spec_.gas_limit / 21'000, t);
    EXPECT_EQ(derive(plain()).size(), 2u);
    EXPECT_EQ(error_, std::nullopt);
    batch_.blocks[1].transactions.push_back(t);
    EXPECT_TRUE(derive(plain()).empty());
    EXPECT_EQ(error_, BatchError::too_much_work);
}

TEST_F(Derive, answers_that_do_not_hash_are_refused) {
    const Bytes data = plain();
    entry_.data_hash = chunk_hash(data);
    queue(1);
    entry_.queue_cursor = 1;
    entry_.queue_acc = accumulate({}, item_hash(items_[0]));
    Derivation d(spec_, start_);
    const auto refused = [](Refusal r) { return std::expected<void, Refusal>(std::unexpected(r)); };
    EXPECT_EQ(d.provide_data(data), refused(Refusal::not_asked));
    EXPECT_EQ(d.provide_queue({}), refused(Refusal::not_asked));
    EXPECT_EQ(d.provide_mismatch(), refused(Refusal::not_asked));
    EXPECT_EQ(d.provide_entry(entry_, std::vector<BlobOpening>(1)),
              refused(Refusal::wrong_openings));
    EXPECT_TRUE(d.provide_entry(entry_, {}));
    EXPECT_EQ(d.provide_entry(entry_, {}), refused(Refusal::not_asked));
    EXPECT_EQ(d.provide_mismatch(), refused(Refusal::not_blobs));
    EXPECT_EQ(d.provide_data({}), refused(Refusal::wrong_data));
    EXPECT_TRUE(d.provide_data(data));
    EXPECT_EQ(d.provide_queue({}), refused(Refusal::wrong_queue));
    auto other = items_;
    other[0].index = 1;
    EXPECT_EQ(d.provide_queue(other), refused(Refusal::wrong_queue));
    EXPECT_TRUE(d.provide_queue(items_));
}

TEST(Blobs, data_of_any_size_comes_back) {
    Random random(4);
    for (const std::size_t size : {std::size_t{1}, std::size_t{27}, std::size_t{28}, blob_capacity,
                                   blob_capacity + 1, 3 * blob_capacity - 1}) {
        Bytes data(size);
        for (auto& b : data) b = static_cast<std::uint8_t>(random.below(256));
        const auto blobs = encode_blobs(data);
        EXPECT_EQ(blobs.size(), (size + blob_capacity - 1) / blob_capacity);
        EXPECT_EQ(decode_blobs(blobs), data);
    }
}

TEST(Blobs, anything_encode_does_not_make_is_refused) {
    const auto good = encode_blobs(Bytes(100, 7));
    const auto refuses = [&](auto change) {
        auto blobs = good;
        change(blobs);
        return !decode_blobs(blobs);
    };
    EXPECT_TRUE(refuses([](auto& b) { b.clear(); }));
    EXPECT_TRUE(refuses([](auto& b) { b[0].pop_back(); }));
    EXPECT_TRUE(refuses([](auto& b) { b[0][32 * 9] = 1; }));   // above 31 bytes
    EXPECT_TRUE(refuses([](auto& b) { b[0].back() = 1; }));    // after the data
    EXPECT_TRUE(refuses([](auto& b) { b[0][4] = 0; }));        // size 0
    EXPECT_TRUE(refuses([](auto& b) { b[0][1] = 1; }));        // larger than a blob
    EXPECT_TRUE(refuses([](auto& b) { b.push_back(b[0]); }));  // not full, not last
}

}  // namespace
}  // namespace mezz::derive::test
