// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/dev_wallet.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace mezz::app {
namespace {

const std::string other =
    "legal winner thank year wave sausage worth useful legal winner thank yellow";

class Wallets : public testing::Test {
protected:
    Wallets() {
        state_ = std::filesystem::path(testing::TempDir()) /
                 testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::remove_all(state_);
        std::filesystem::create_directories(state_);
    }
    ~Wallets() override { std::filesystem::remove_all(state_); }
    void write(const char* name, std::string_view text) const {
        std::ofstream(state_ / name) << text;
    }
    std::filesystem::path state_;
};

TEST_F(Wallets, a_state_remembers_its_own) {
    const DevWallet wanted{
        "  legal winner thank year wave sausage worth useful legal winner\tthank "
        "yellow",
        3, 7};
    const auto fresh = wallet_for(state_, wanted, {true, true, true});
    ASSERT_TRUE(fresh);
    EXPECT_EQ(*fresh, (DevWallet{other, 3, 7}));
    ASSERT_TRUE(write_wallet(state_, *fresh));
    EXPECT_EQ(read_wallet(state_).value(), *fresh);
    // Nobody asks for anything: as it was. The same once more: fine.
    EXPECT_EQ(wallet_for(state_, {}, {}).value(), *fresh);
    EXPECT_EQ(wallet_for(state_, wanted, {true, true, true}).value(), *fresh);
}

TEST_F(Wallets, what_differs_from_the_state_is_refused_and_named) {
    ASSERT_TRUE(write_wallet(state_, {other, 3, 7}));
    const auto refused = [&](const GivenWallet& given, std::string_view flag) {
        const auto wallet = wallet_for(state_, {}, given);
        ASSERT_FALSE(wallet);
        EXPECT_TRUE(wallet.error().message.starts_with(flag)) << wallet.error().message;
        EXPECT_NE(wallet.error().message.find(state_.string()), std::string::npos);
    };
    refused({.mnemonic = true}, "--mnemonic \"test test");
    refused({.count = true}, "--accounts 10: ");
    refused({.balance = true}, "--balance 10000: ");
}

TEST_F(Wallets, a_state_from_before_has_the_well_known_accounts) {
    write("rollup.json", "{}");
    EXPECT_EQ(wallet_for(state_, {other, 3, 7}, {}).value(), DevWallet{});
    EXPECT_FALSE(wallet_for(state_, {other, 3, 7}, {.mnemonic = true}));
}

TEST_F(Wallets, damaged_files_are_refused) {
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("[]"), "{\"mnemonic\": \"" + other + "\"}",
          "{\"mnemonic\": \"" + other + "\", \"count\": 0, \"balance\": 1}",
          "{\"mnemonic\": \"" + other + "\", \"count\": 1001, \"balance\": 1}",
          "{\"mnemonic\": \"" + other + "\", \"count\": -1, \"balance\": 1}",
          std::string("{\"mnemonic\": \"a b c\", \"count\": 1, \"balance\": 1}")}) {
        write("accounts.json", text);
        const auto read = read_wallet(state_);
        ASSERT_FALSE(read) << text;
        EXPECT_NE(read.error().message.find("accounts.json"), std::string::npos);
    }
}

TEST(dev_wallet, balances_replace_and_add) {
    const auto accounts = accounts_of(DevWallet{other, 2, 0});
    ASSERT_TRUE(accounts);
    std::vector<node::GenesisAccount> genesis(1);
    genesis[0].address = (*accounts)[1].address;
    genesis[0].nonce = 5;
    set_balances(genesis, balances_of(*accounts, 3));
    ASSERT_EQ(genesis.size(), 2u);
    EXPECT_EQ(genesis[0].nonce, 5u);
    for (const auto& account : genesis)
        EXPECT_EQ(account.balance, uint256{3'000'000'000'000'000'000});
    EXPECT_EQ(genesis[1].address, (*accounts)[0].address);
}

}  // namespace
}  // namespace mezz::app
