// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/state/journal.hpp"

#include <gtest/gtest.h>

#include "core/state/memory_view.hpp"

namespace mezz {
namespace {

constexpr Address ALICE = hex<Address>("0x00000000000000000000000000000000000a11ce");
constexpr Address BOB = hex<Address>("0x0000000000000000000000000000000000000b0b");
const Bytes32 KEY = to_bytes32(7);
const Bytes32 OTHER = to_bytes32(8);

struct JournalTest : testing::Test {
    JournalTest() { view.set(ALICE, 1, 100, {0x60, 0x00}, {{KEY, 5}}); }
    MemoryView view;
    Journal journal{view, LATEST_REVISION};
};

TEST_F(JournalTest, reading_changes_nothing) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    EXPECT_EQ(journal.balance(alice), uint256{100});
    EXPECT_EQ(journal.value(journal.slot(alice, KEY)), uint256{5});
    journal.touch(alice);
    journal.touch(journal.account(BOB));
    journal.end_transaction();
    EXPECT_EQ(journal.diff(), Diff{});
}

TEST_F(JournalTest, a_change_back_to_the_old_value_is_no_change) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    const SlotId slot = journal.slot(alice, KEY);
    journal.set_value(slot, 6);
    journal.set_value(slot, 5);
    journal.add_balance(alice, 1);
    journal.subtract_balance(alice, 1);
    journal.end_transaction();
    EXPECT_EQ(journal.diff(), Diff{});
}

TEST_F(JournalTest, revert_undoes_everything_since_the_checkpoint) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    const AccountId bob = journal.account(BOB);
    const auto checkpoint = journal.checkpoint();
    journal.set_nonce(alice, 2);
    journal.add_balance(bob, 9);
    journal.set_code(bob, {1, 2, 3});
    journal.mark_created(bob);
    journal.mark_destroyed(alice);
    journal.set_value(journal.slot(alice, KEY), 0);
    journal.set_transient(alice, KEY, 3);
    journal.add_log({ALICE, {}, {}});
    journal.add_refund(10);
    EXPECT_TRUE(journal.warm(alice));
    EXPECT_TRUE(journal.warm(journal.slot(alice, KEY)));
    journal.revert(checkpoint);
    EXPECT_EQ(journal.refund(), 0);
    EXPECT_TRUE(journal.logs().empty());
    EXPECT_TRUE(journal.transient(alice, KEY).is_zero());
    EXPECT_FALSE(journal.is_created(bob));
    EXPECT_FALSE(journal.exists(bob));
    EXPECT_TRUE(journal.warm(alice));
    EXPECT_TRUE(journal.warm(journal.slot(alice, KEY)));
    journal.end_transaction();
    EXPECT_EQ(journal.diff(), Diff{});
}

TEST_F(JournalTest, original_value_is_of_the_transaction_not_of_the_block) {
    journal.begin_transaction();
    AccountId alice = journal.account(ALICE);
    journal.set_value(journal.slot(alice, KEY), 6);
    EXPECT_EQ(journal.original(journal.slot(alice, KEY)), uint256{5});
    journal.end_transaction();
    journal.begin_transaction();
    EXPECT_EQ(journal.original(journal.slot(alice, KEY)), uint256{6});
    journal.end_transaction();
    const Diff diff = journal.diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_EQ(diff.accounts[0].storage, (std::vector<std::pair<Bytes32, uint256>>{{KEY, 6}}));
}

TEST_F(JournalTest, warmth_and_transient_storage_end_with_the_transaction) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    EXPECT_TRUE(journal.warm(alice));
    EXPECT_FALSE(journal.warm(alice));
    journal.set_transient(alice, KEY, 1);
    journal.end_transaction();
    journal.begin_transaction();
    EXPECT_TRUE(journal.transient(alice, KEY).is_zero());
    EXPECT_TRUE(journal.warm(alice));
    journal.end_transaction();
}

TEST_F(JournalTest, a_destroyed_account_is_removed_at_the_end) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    EXPECT_TRUE(journal.mark_destroyed(alice));
    EXPECT_FALSE(journal.mark_destroyed(alice));
    EXPECT_TRUE(journal.exists(alice));
    journal.end_transaction();
    const Diff diff = journal.diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_FALSE(diff.accounts[0].account.has_value());
    EXPECT_TRUE(diff.accounts[0].storage_cleared);
}

TEST_F(JournalTest, an_account_born_again_in_the_block_has_none_of_its_old_slots) {
    journal.begin_transaction();
    const AccountId alice = journal.account(ALICE);
    journal.mark_destroyed(alice);
    journal.end_transaction();
    journal.begin_transaction();
    EXPECT_TRUE(journal.value(journal.slot(alice, KEY)).is_zero());
    journal.add_balance(alice, 1);
    journal.set_value(journal.slot(alice, OTHER), 4);
    journal.end_transaction();
    const Diff diff = journal.diff();
    ASSERT_EQ(diff.accounts.size(), 1u);
    EXPECT_TRUE(diff.accounts[0].storage_cleared);
    EXPECT_EQ(diff.accounts[0].storage, (std::vector<std::pair<Bytes32, uint256>>{{OTHER, 4}}));
    view.apply(diff);
    EXPECT_TRUE(view.storage(ALICE, KEY).is_zero());
    EXPECT_EQ(view.storage(ALICE, OTHER), uint256{4});
}

TEST_F(JournalTest, touched_empty_accounts_go_from_spurious_dragon_on) {
    view.set(BOB, 0, 0);
    journal.begin_transaction();
    journal.touch(journal.account(BOB));
    journal.end_transaction();
    ASSERT_EQ(journal.diff().accounts.size(), 1u);
    EXPECT_FALSE(journal.diff().accounts[0].account.has_value());

    Journal old(view, Revision::homestead);
    old.begin_transaction();
    old.touch(old.account(BOB));
    old.end_transaction();
    EXPECT_EQ(old.diff(), Diff{});
}

TEST_F(JournalTest, new_code_is_in_the_diff_once) {
    journal.begin_transaction();
    const AccountId bob = journal.account(BOB);
    journal.set_code(bob, {0xfe});
    journal.set_code(journal.account(to_address(99)), {0xfe});
    journal.end_transaction();
    // A reverted change in a later transaction must not lose the code.
    journal.begin_transaction();
    const auto checkpoint = journal.checkpoint();
    journal.set_code(bob, {0x00});
    journal.revert(checkpoint);
    journal.end_transaction();
    const Diff diff = journal.diff();
    EXPECT_EQ(diff.accounts.size(), 2u);
    ASSERT_EQ(diff.codes.size(), 1u);
    EXPECT_EQ(diff.codes[0].second, Bytes{0xfe});
    EXPECT_EQ(to_bytes(journal.code(bob)), Bytes{0xfe});
}

TEST_F(JournalTest, results_do_not_depend_on_the_hash_seed) {
    const auto run = [&](std::uint64_t seed) {
        Journal j(view, LATEST_REVISION, seed);
        j.begin_transaction();
        for (std::uint64_t i = 1; i < 500; ++i) {
            const AccountId id = j.account(to_address(uint256{i * 7919}));
            j.add_balance(id, i);
            j.set_value(j.slot(id, to_bytes32(i % 13)), i);
        }
        j.end_transaction();
        return j.diff();
    };
    const Diff diff = run(0);
    EXPECT_EQ(diff.accounts.size(), 499u);
    EXPECT_EQ(diff, run(0xdeadbeef));
}

}  // namespace
}  // namespace mezz
