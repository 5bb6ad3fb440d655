// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/sender_pool.hpp"

#include <gtest/gtest.h>

#include "app/dev_accounts.hpp"
#include "core/derive/channel.hpp"

namespace mezz::app {
namespace {

constexpr std::uint64_t chain_id = 7;

Transaction transfer(std::uint64_t n) {
    const auto& account = dev_accounts()[n % dev_accounts().size()];
    Transaction t;
    t.type = TxType::dynamic_fee;
    t.chain_id = chain_id;
    t.nonce = n;
    t.gas_limit = 21'000;
    t.to = account.address;
    node::Signer::make(account.private_key)->sign(t);
    if (n % 7 == 3) t.s = ~uint256{};  // no sender
    if (n % 7 == 5) t.r = uint256{};
    return t;
}

derive::Batch batch(std::uint64_t parent_number, std::uint64_t first) {
    derive::Batch out;
    out.chain_id = chain_id;
    out.parent_number = parent_number;
    for (const std::uint64_t size : {100u, 0u, 1u, 33u}) {
        derive::BatchBlock block;
        block.timestamp = parent_number;
        for (std::uint64_t i = 0; i < size; ++i) block.transactions.push_back(transfer(first++));
        out.blocks.push_back(std::move(block));
    }
    return out;
}

Bytes data_of(const derive::Batch& b) {
    Bytes out{derive::format_plain};
    append(out, derive::encode_batch(b));
    return out;
}

void expect_serial_answers(SenderPool& pool, std::uint64_t number,
                           const std::vector<Transaction>& txns) {
    node::SerialSenderRecovery serial;
    const auto mine = pool.recover_block(number, txns), theirs = serial.recover_block(number, txns);
    ASSERT_EQ(mine.size(), theirs.size());
    for (std::size_t i = 0; i < mine.size(); ++i) {
        EXPECT_EQ(mine[i].sender, theirs[i].sender) << number << ' ' << i;
        EXPECT_EQ(mine[i].hash, theirs[i].hash) << number << ' ' << i;
    }
}

TEST(sender_pool, answers_as_the_serial_recovery_expected_or_not) {
    for (const unsigned threads : {1u, 3u}) {
        SenderPool pool(threads);
        const auto first = batch(0, 0), second = batch(4, 500), unexpected = batch(8, 900);
        pool.expect(0, data_of(first));
        pool.expect(1, data_of(second));
        for (const auto* b : {&first, &second, &unexpected})
            for (std::size_t i = 0; i < b->blocks.size(); ++i)
                expect_serial_answers(pool, b->parent_number + 1 + i, b->blocks[i].transactions);
    }
}

TEST(sender_pool, guesses_a_block_that_is_recovered_and_keeps_it) {
    SenderPool pool(2);
    const auto b = batch(0, 0);
    pool.expect(0, data_of(b));
    // The threads get to block 4 when they do.
    expect_serial_answers(pool, 1, b.blocks[0].transactions);
    std::vector<node::BodyItem> guess;
    while (guess.empty()) guess = pool.guess_block(4);
    node::SerialSenderRecovery serial;
    const auto answers = serial.recover_block(4, b.blocks[3].transactions);
    std::size_t next = 0;
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i].sender) continue;
        ASSERT_LT(next, guess.size());
        EXPECT_EQ(guess[next].sender, *answers[i].sender);
        EXPECT_EQ(guess[next].hash, answers[i].hash);
        EXPECT_TRUE(guess[next].txn == b.blocks[3].transactions[i]);
        ++next;
    }
    EXPECT_EQ(next, guess.size());
    EXPECT_TRUE(pool.guess_block(5).empty());
    expect_serial_answers(pool, 4, b.blocks[3].transactions);
    EXPECT_TRUE(pool.guess_block(4).empty());
}

TEST(sender_pool, other_transactions_than_expected_get_their_own_answers) {
    SenderPool pool(2);
    const auto expected = batch(0, 0), derived = batch(0, 40);
    pool.expect(0, data_of(expected));
    pool.expect(0, data_of(derived));  // a reorg of the parent brought another entry
    for (std::size_t i = 0; i < derived.blocks.size(); ++i)
        expect_serial_answers(pool, 1 + i, derived.blocks[i].transactions);
    pool.expect(1, data_of(expected));
    for (std::size_t i = 0; i < derived.blocks.size(); ++i)
        expect_serial_answers(pool, 1 + i, derived.blocks[i].transactions);
}

TEST(sender_pool, blocks_that_nobody_asks_for_are_forgotten) {
    SenderPool pool(1);
    for (std::uint64_t entry = 0; entry < 20; ++entry) {
        const auto never = batch(1'000'000 * (20 - entry), 0);
        pool.expect(entry, data_of(never));
    }
    const auto asked = batch(0, 3);
    pool.expect(20, data_of(asked));
    expect_serial_answers(pool, 1, asked.blocks[0].transactions);
    // By now entry 20 was decoded, so those before 16 are gone; their answers are still right.
    expect_serial_answers(pool, 20'000'001, batch(20'000'000, 0).blocks[0].transactions);
}

TEST(sender_pool, bytes_that_are_no_batch_are_ignored) {
    SenderPool pool(1);
    pool.expect(0, {});
    pool.expect(1, Bytes(1000, 0x55));
    expect_serial_answers(pool, 1, {transfer(1)});
}

}  // namespace
}  // namespace mezz::app
