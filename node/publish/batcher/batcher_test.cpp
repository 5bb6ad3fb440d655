// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
/// The batcher against a parent that misbehaves on demand. The batcher on a real parent is in
/// batcher_anvil_test.cpp.
#include "node/publish/batcher/batcher.hpp"

#include <gtest/gtest.h>

#include "core/codec/hex.hpp"
#include "core/derive/channel.hpp"
#include "node/host/signing/fake_parent_support.hpp"
#include "node/publish/da/data_layers.hpp"

namespace mezz::node {
namespace {

using testing::FakeClock;
using testing::FakeParent;

constexpr Bytes32 key =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
constexpr Address inbox_address = hex<Address>("0x00000000000000000000000000000000000001b0");

std::uint64_t argument(ByteView input, std::size_t index) {
    return abi::word_at(input.subspan(4), index)->limb[0];
}

/// The inbox's rules, as far as the batcher meets them.
struct FakeInbox {
    struct Appended {
        std::uint64_t cursor = 0;
        Bytes data;
    };
    FakeParent& parent;
    std::vector<Appended> entries;
    std::vector<std::uint64_t> queue;  ///< when each item was queued. units: seconds
    std::uint64_t cursor = 0;
    std::uint64_t force_delay = 100;

    explicit FakeInbox(FakeParent& p) : parent(p) {
        parent.on_call(inbox_address, "count()", [this](ByteView) { return entries.size(); });
        parent.on_call(inbox_address, "lastOriginNumber()", [](ByteView) { return 0; });
        parent.on_call(inbox_address, "queueLength()", [this](ByteView) { return queue.size(); });
        parent.estimate = [this](const std::optional<Address>&,
                                 ByteView input) -> Result<std::uint64_t> {
            const auto wrong = refusal(input);
            if (wrong.empty()) return 90'000;
            std::vector<char> digits;
            append_hex(digits, abi::selector(wrong));
            return reset("eth_estimateGas: execution reverted: 0x" +
                         std::string(digits.begin(), digits.end()));
        };
        parent.execute = [this](const Transaction& t, ParentReceipt& receipt) {
            return append(t.data, receipt);
        };
    }

    std::string_view refusal(ByteView input) const {
        if (argument(input, 0) != entries.size()) return "WrongIndex(uint64,uint64)";
        const std::uint64_t to = argument(input, 1);
        if (to < cursor || to > queue.size()) return "CursorOutOfRange(uint64,uint64,uint64)";
        if (to - cursor > derive::MAX_QUEUE_ITEMS_PER_ENTRY)
            return "TooManyQueueItems(uint64,uint64)";
        if (to < queue.size() && parent.time >= queue[to] + force_delay)
            return "OverdueForcedTransaction(uint64)";
        return {};
    }
    bool append(ByteView input, ParentReceipt& receipt) {
        if (!refusal(input).empty()) return false;
        cursor = argument(input, 1);
        entries.push_back({cursor, abi::bytes_at(input.subspan(4), 4).value()});
        ParentLog log;
        log.log.address = inbox_address;
        log.log.topics = {
            abi::topic("EntryAppended(uint64,bytes32,(uint8,bytes32,bytes32,uint64,uint64,uint64,"
                       "bytes32,uint64,bytes32),bytes32[],uint256[])"),
            to_bytes32(uint256{entries.size() - 1})};
        receipt.logs.push_back(std::move(log));
        return true;
    }
};

/// A chain whose derivation follows the fake inbox when told to.
class FakeChain final : public RollupChain {
public:
    explicit FakeChain(FakeInbox& inbox) : inbox_(inbox) {}

    /// A block with one transaction that consumes the queue up to `queue_count`.
    void make_block(std::uint64_t queue_count = 0, std::size_t data_bytes = 0) {
        Transaction txn;
        txn.type = TxType::dynamic_fee;
        txn.chain_id = 901;
        txn.nonce = blocks_.size();
        txn.to = Address{};
        std::uint64_t noise = 1 + blocks_.size();
        for (std::size_t i = 0; i < data_bytes; ++i)
            txn.data.push_back(
                static_cast<std::uint8_t>((noise = noise * 6364136223846793005 + 1) >> 56));
        txn.r = txn.s = 1;
        add_block(queue_count).content.transactions.push_back(txn);
    }
    /// Derives what is new, as a sequencer's driver does.
    void follow() {
        for (; derived_.inbox_count < inbox_.entries.size(); ++derived_.inbox_count) {
            const auto& entry = inbox_.entries[derived_.inbox_count];
            const auto batch = derive::decode_data(entry.data);
            if (batch && batch->parent_number == derived_.head.number)
                derived_.head = blocks_.at(batch->parent_number + batch->blocks.size() - 1).ref;
            const std::uint64_t number = derived_.head.number;
            const std::uint64_t consumed = number == 0 ? 0 : blocks_[number - 1].queue_count;
            if (entry.cursor <= consumed) continue;
            // What the batch left out makes a block that nobody had; later ones are replaced.
            blocks_.resize(number);
            ++salt_;
            derived_.head = add_block(entry.cursor).ref;
        }
    }
    /// As after a reorganisation of the parent.
    void replace_from(std::uint64_t number) {
        const std::size_t count = blocks_.size();
        blocks_.resize(number - 1);
        ++salt_;
        while (blocks_.size() < count) make_block();
    }
    std::uint64_t origin_number = 1;

    BlockRef unsafe_head() override { return blocks_.empty() ? BlockRef{} : blocks_.back().ref; }
    DerivedPosition derived() override { return derived_; }
    DerivedPosition finalized() override { return derived_; }
    Result<std::optional<PublishableBlock>> publishable(std::uint64_t number) override {
        if (number == 0 || number > blocks_.size()) return std::nullopt;
        return blocks_[number - 1];
    }
    Result<Header> header(std::uint64_t) override { return Header{}; }

private:
    PublishableBlock& add_block(std::uint64_t queue_count) {
        PublishableBlock block;
        block.ref.number = blocks_.size() + 1;
        block.ref.hash[0] = static_cast<std::uint8_t>(1 + salt_);
        store_be64(block.ref.hash.data() + 24, block.ref.number);
        block.content.timestamp = 1'000 + block.ref.number;
        block.content.origin =
            derive::Origin{origin_number, 1'000, inbox_.parent.hash_of(origin_number), 7, 1};
        block.queue_count = queue_count;
        return blocks_.emplace_back(std::move(block));
    }

    FakeInbox& inbox_;
    std::vector<PublishableBlock> blocks_;
    DerivedPosition derived_;
    unsigned salt_ = 0;
};

struct World {
    FakeParent parent;
    FakeInbox inbox{parent};
    FakeChain chain{inbox};
    FakeClock clock;
    TxManager txs{parent, *Signer::make(key), clock};
    CalldataLayer layer{inbox_address};
    Batcher batcher;

    explicit World(bool take_overdue = true)
        : batcher(chain, parent, txs, layer,
                  {.chain_id = 901,
                   .inbox = inbox_address,
                   .max_age_ms = 1'000,
                   .leaves_overdue = [take_overdue] { return !take_overdue; }}) {
        parent.head = 10;
    }
    void step(std::uint64_t later_ms = 0) { batcher.step(clock.ms += later_ms); }
    /// Steps of half a second, each with a parent block and derivation after it.
    void run(unsigned steps) {
        for (unsigned i = 0; i < steps; ++i) {
            step(500);
            parent.mine();
            chain.follow();
        }
    }
    /// Publishes what is there: two steps and the entry is sent.
    void send() {
        step();
        step(1'000);
    }
    BatcherStatus status() { return batcher.status(); }
};

Error answered(std::string text) {
    return {Handling::retry, "eth_sendRawTransaction: the parent answered error -32000: " + text};
}
bool says(const World& w, std::string_view text) {
    return w.batcher.status().last_error.find(text) != std::string::npos;
}

TEST(batcher, blocks_go_out_together_when_the_first_is_old_enough) {
    World w;
    w.chain.make_block();
    w.step();
    w.chain.make_block();
    w.step(999);
    EXPECT_EQ(w.status().entries_sent, 0u);
    w.step(1);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    w.run(2);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
    EXPECT_EQ(w.status().blocks_landed, 2u);
    EXPECT_EQ(w.status().entries_in_flight, 0u);
    EXPECT_EQ(w.status().last_error, "");
}

// Fees.

TEST(batcher, an_entry_that_does_not_land_is_sent_again_for_more) {
    World w;
    w.chain.make_block();
    w.send();
    w.step(12'000);
    ASSERT_EQ(w.parent.sent.size(), 2u);
    const auto &was = w.parent.sent[0].txn, &now = w.parent.sent[1].txn;
    EXPECT_EQ(now.nonce, was.nonce);
    EXPECT_EQ(now.data, was.data);
    EXPECT_GE(now.max_fee_per_gas * 1'000, was.max_fee_per_gas * 1'125);
    w.run(2);
    EXPECT_EQ(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.status().entries_landed, 1u);
    EXPECT_EQ(w.status().restarts, 0u);
}

TEST(batcher, an_entry_that_is_underpriced_bids_more) {
    World w;
    w.chain.make_block();
    w.parent.refusals.push_back(answered("transaction underpriced"));
    w.send();
    EXPECT_TRUE(says(w, "trying a higher fee"));
    w.run(4);
    EXPECT_EQ(w.status().entries_landed, 1u);
}

// Nonces.

TEST(batcher, a_nonce_that_is_too_low_is_read_again) {
    World w;
    w.chain.make_block();
    w.parent.refusals.push_back(answered("nonce too low"));
    w.send();
    EXPECT_TRUE(says(w, "nonce too low"));
    w.parent.mined_nonce = 3;
    w.run(4);
    ASSERT_EQ(w.parent.sent.size(), 1u);
    EXPECT_EQ(w.parent.sent[0].txn.nonce, 3u);
    EXPECT_EQ(w.status().entries_landed, 1u);
}

TEST(batcher, transactions_of_an_earlier_run_are_waited_for) {
    World w;
    TxManager earlier(w.parent, *Signer::make(key), w.clock);
    TxCandidate plain;
    plain.to = Address{};
    plain.gas_limit = 21'000;
    earlier.send(plain);
    earlier.step(w.clock.ms);
    w.parent.execute = nullptr;
    w.chain.make_block();
    w.step();
    EXPECT_TRUE(says(w, "earlier run"));
    w.step(5'000);
    EXPECT_EQ(w.parent.sent.size(), 1u);
    w.parent.mine();  // it lands after all
    w.step(1'000);
    w.step(1'000);
    EXPECT_EQ(w.parent.sent.size(), 2u);
}

TEST(batcher, transactions_of_an_earlier_run_that_never_land_do_not_hold_it_up_for_good) {
    World w;
    TxManager earlier(w.parent, *Signer::make(key), w.clock);
    TxCandidate plain;
    plain.to = Address{};
    plain.gas_limit = 21'000;
    earlier.send(plain);
    earlier.step(w.clock.ms);
    w.chain.make_block();
    for (int i = 0; i < 20; ++i) w.step(1'000);
    EXPECT_GE(w.parent.sent.size(), 2u);
}

// Balance.

TEST(batcher, an_empty_account_is_named_and_waited_for) {
    World w;
    w.chain.make_block();
    for (int i = 0; i < 8; ++i)
        w.parent.refusals.push_back(answered("insufficient funds for gas * price + value"));
    w.send();
    EXPECT_TRUE(says(w, "has 5 wei: send it more"));
    w.chain.make_block();
    w.run(20);  // the refusals end: somebody sent ether
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
    EXPECT_EQ(w.status().restarts, 0u);
}

// The parent.

TEST(batcher, a_parent_that_is_away_is_waited_for) {
    World w;
    w.chain.make_block();
    w.parent.down = true;
    w.send();
    EXPECT_TRUE(says(w, "refused"));
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.parent.down = false;
    w.run(6);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, a_reverted_entry_is_made_again_from_what_is_derived) {
    World w;
    w.chain.make_block();
    w.send();
    w.parent.mine(false);
    w.step(500);
    EXPECT_TRUE(says(w, "entry 0 did not land"));
    EXPECT_EQ(w.status().restarts, 1u);
    w.run(8);
    EXPECT_EQ(w.status().entries_landed, 1u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, an_entry_of_somebody_else_moves_its_index) {
    World w;
    w.chain.make_block();
    w.step();
    w.inbox.entries.push_back({0, Bytes{0x77}});
    w.chain.follow();
    w.step(1'000);
    EXPECT_TRUE(says(w, "somebody else"));
    w.run(6);
    ASSERT_EQ(w.inbox.entries.size(), 2u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, blocks_on_an_undone_origin_are_not_published) {
    World w;
    w.chain.make_block();
    w.step();
    w.parent.fork = 1;
    w.step(1'000);
    EXPECT_TRUE(says(w, "reorganised away"));
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.chain.replace_from(1);
    w.run(8);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

// The queue.

TEST(batcher, what_is_queued_goes_out_with_the_blocks_that_consume_it) {
    World w;
    w.inbox.queue = {w.parent.time};
    w.parent.time += 50;  // half of the time there is
    w.chain.make_block(1);
    w.send();
    w.run(2);
    ASSERT_EQ(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.inbox.entries[0].cursor, 1u);
    EXPECT_EQ(w.status().queue_takings, 0u);
}

TEST(batcher, an_entry_ends_where_its_blocks_consume_what_it_may_take) {
    World w;
    w.inbox.queue.assign(2'000, w.parent.time);
    w.chain.make_block(1'000);
    w.chain.make_block(1'024);
    w.chain.make_block(2'000);
    w.send();
    w.run(6);
    ASSERT_EQ(w.inbox.entries.size(), 2u);
    EXPECT_EQ(w.inbox.entries[0].cursor, 1'024u);
    EXPECT_EQ(w.inbox.entries[1].cursor, 2'000u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, a_block_that_consumes_the_overdue_item_is_waited_for) {
    World w;
    w.inbox.queue = {w.parent.time};
    w.parent.time += 100;
    w.chain.make_block(0);
    w.send();
    EXPECT_TRUE(says(w, "OverdueForcedTransaction"));
    EXPECT_TRUE(says(w, "mezz force-include"));
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.run(4);
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.chain.make_block(1);
    w.run(6);
    ASSERT_EQ(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.inbox.entries[0].cursor, 1u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
    EXPECT_EQ(w.status().queue_takings, 0u);
}

TEST(batcher, the_next_entry_takes_an_overdue_item_that_blocks_go_on_leaving_out) {
    World w;
    w.inbox.queue = {w.parent.time, w.parent.time};
    w.parent.time += 100;
    w.chain.make_block(0);
    w.send();
    w.run(18);  // nine seconds: not yet
    EXPECT_EQ(w.parent.sent.size(), 0u);
    w.run(6);
    ASSERT_EQ(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.inbox.entries[0].cursor, 2u);
    EXPECT_EQ(w.status().queue_takings, 1u);
    // The block it was made of, then one that nobody had: the chain goes on after that.
    EXPECT_EQ(w.chain.derived().head.number, 2u);
    EXPECT_TRUE(says(w, "took what was overdue"));
    w.chain.make_block(2);
    w.run(6);
    EXPECT_EQ(w.inbox.entries.size(), 2u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
    EXPECT_EQ(w.chain.derived().head.number, 3u);
}

TEST(batcher, a_backlog_longer_than_an_entry_does_not_stop_it_for_good) {
    World w;
    w.inbox.queue = {w.parent.time};
    w.parent.time += 100;
    // The batcher was away; the block that consumes the item is too far behind for the next entry.
    for (int i = 0; i < 60; ++i) w.chain.make_block(0, 8'000);
    w.chain.make_block(1, 8'000);
    w.send();
    EXPECT_TRUE(says(w, "OverdueForcedTransaction"));
    w.run(60);
    EXPECT_EQ(w.status().queue_takings, 1u);
    ASSERT_GE(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.inbox.entries[0].cursor, 1u);
    EXPECT_GT(w.chain.derived().head.number, 5u) << "blocks before the item are kept";
    EXPECT_LT(w.chain.derived().head.number, 61u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, nothing_follows_an_entry_that_takes_the_queue_before_it_is_derived) {
    World w;
    w.inbox.queue = {w.parent.time};
    w.parent.time += 100;
    w.chain.make_block(0);
    w.send();
    w.step(11'000);
    w.step(1'000);
    ASSERT_EQ(w.status().queue_takings, 1u);
    w.chain.make_block(0);
    for (int i = 0; i < 5; ++i) w.step(1'000);
    EXPECT_EQ(w.status().entries_sent, 1u);
    w.run(8);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, an_item_that_gets_overdue_on_the_way_costs_a_restart_only) {
    World w;
    w.inbox.queue = {w.parent.time};
    w.parent.time += 99;
    w.chain.make_block(0);
    w.send();
    ASSERT_EQ(w.parent.sent.size(), 1u);
    w.parent.mine();  // a second later it is overdue: the inbox refuses
    w.step(500);
    EXPECT_TRUE(says(w, "entry 0 did not land"));
    w.chain.make_block(1);
    w.run(8);
    EXPECT_EQ(w.inbox.entries.size(), 1u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, a_forced_entry_of_a_user_frees_it) {
    World w(false);
    w.inbox.queue = {w.parent.time};
    w.parent.time += 100;
    w.chain.make_block(0);
    w.run(40);
    EXPECT_EQ(w.parent.sent.size(), 0u);
    EXPECT_TRUE(says(w, "OverdueForcedTransaction"));
    w.inbox.entries.push_back({1, {}});
    w.inbox.cursor = 1;
    w.chain.follow();
    w.chain.make_block(1);
    w.run(8);
    EXPECT_EQ(w.inbox.entries.size(), 2u);
    EXPECT_EQ(w.chain.derived().head, w.chain.unsafe_head());
}

TEST(batcher, a_queue_that_the_parent_undid_is_named) {
    World w;
    w.chain.make_block(1);  // the block consumes an item that the inbox does not have
    w.send();
    EXPECT_TRUE(says(w, "CursorOutOfRange"));
    EXPECT_EQ(w.parent.sent.size(), 0u);
}

}  // namespace
}  // namespace mezz::node
