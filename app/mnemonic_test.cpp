// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/mnemonic.hpp"

#include <gtest/gtest.h>

#include "core/codec/hex.hpp"
#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

using node::hex_text;

std::string repeated(std::string_view word, int times, std::string_view last) {
    std::string out;
    for (int i = 0; i < times; ++i) out += std::string(word) + " ";
    return out + std::string(last);
}

/// spec: BIP-39, test vectors (python-mnemonic, vectors.json), with the passphrase TREZOR.
TEST(mnemonic, entropy_and_seed_are_those_of_the_specification) {
    struct Case {
        std::string words, entropy, seed;
    };
    const Case cases[] = {
        {repeated("abandon", 11, "about"), "0x00000000000000000000000000000000",
         "0xc55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c"
         "9"
         "2f2cf141630c7a3c4ab7c81b2f001698e7463b04"},
        {"legal winner thank year wave sausage worth useful legal winner thank yellow",
         "0x7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
         "0x2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c8093"
         "7"
         "a1c1069be3a3a5bd381ee6260e8d9739fce1f607"},
        {repeated("abandon", 17, "agent"), "0x000000000000000000000000000000000000000000000000",
         "0x035895f2f481b1b0f01fcf8c289c794660b289981a78f8106447707fdd9666ca06da5a9a565181599b79f53"
         "b"
         "844d8a71dd9f439c52a3d7b3e8a79c906ac845fa"},
        {repeated("zoo", 23, "vote"),
         "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
         "0xdd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ff"
         "d"
         "31ed3992c456cdf60f5d4564b8ba3f05a69890ad"},
    };
    for (const Case& c : cases) {
        const auto entropy = entropy_of(c.words);
        ASSERT_TRUE(entropy) << entropy.error().message;
        EXPECT_EQ(hex_text(*entropy), c.entropy);
        EXPECT_EQ(hex_text(seed_of(c.words, "TREZOR")), c.seed);
    }
}

/// spec: BIP-32, test vector 1: m, m/0', m/0'/1.
TEST(mnemonic, keys_are_derived_as_in_the_specification) {
    const Bytes seed = from_hex("0x000102030405060708090a0b0c0d0e0f").value();
    const ExtendedKey m = master_key(seed);
    EXPECT_EQ(hex_text(m.key),
              "0xe8f32e723decf4051aefac8e2c93c9c5b214313817cdb01a1494b917c8436b35");
    EXPECT_EQ(hex_text(m.chain_code),
              "0x873dff81c02f525623fd1fe5167eac3a55a049de3d314bb42ee227ffed37d508");
    const auto hard = child_key(m, 1U << 31);
    ASSERT_TRUE(hard);
    EXPECT_EQ(hex_text(hard->key),
              "0xedb2e14f9ee77d26dd93b4ecede8d16ed408ce149b6cd80b0715a2d911a0afea");
    const auto soft = child_key(*hard, 1);
    ASSERT_TRUE(soft);
    EXPECT_EQ(hex_text(soft->key),
              "0x3c6cb8d0f6a264c91ea8b5030fadaa8e538b020f0a387421a12de9319dc93368");
}

TEST(mnemonic, the_well_known_one_gives_the_well_known_accounts) {
    const auto accounts = accounts_of(well_known_mnemonic, 12);
    ASSERT_TRUE(accounts) << accounts.error().message;
    ASSERT_EQ(accounts->size(), 12u);
    for (std::size_t i = 0; i < dev_accounts().size(); ++i) {
        EXPECT_EQ((*accounts)[i].private_key, dev_accounts()[i].private_key) << i;
        EXPECT_EQ((*accounts)[i].address, dev_accounts()[i].address) << i;
    }
    // The eleventh and twelfth, as anvil and hardhat show them.
    EXPECT_EQ(hex_text((*accounts)[10].address), "0xbcd4042de499d14e55001ccbb24a551f3b954096");
    EXPECT_EQ(hex_text((*accounts)[11].address), "0x71be63f3384f5fb98995898a86b02fb2426c5788");
}

TEST(mnemonic, white_space_does_not_count) {
    EXPECT_EQ(plain_mnemonic("  test\ttest \n junk "), "test test junk");
    EXPECT_TRUE(entropy_of("\n" + repeated("test  ", 11, "junk\t")));
}

TEST(mnemonic, what_is_none_is_refused_and_named) {
    const auto refused = [](const std::string& words, const std::string& why) {
        const auto entropy = entropy_of(words);
        ASSERT_FALSE(entropy) << words;
        EXPECT_EQ(entropy.error().message, why);
        EXPECT_FALSE(accounts_of(words, 1));
    };
    const std::string numbers = "a mnemonic has 12, 15, 18, 21 or 24 words, not ";
    refused("", numbers + "0");
    refused(repeated("test", 12, "junk"), numbers + "13");
    refused(repeated("zoo", 26, "vote"), numbers + "27");
    refused(repeated("test", 10, "tset junk"),
            "word 11 of the mnemonic, 'tset', is none of the 2048 of BIP-39; did you mean test?");
    refused(repeated("TEST", 11, "junk"),
            "word 1 of the mnemonic, 'TEST', is none of the 2048 of BIP-39");
    refused(repeated("test", 11, "zoo"),
            "the checksum of the mnemonic is wrong: a word is another one, or in another place");
}

}  // namespace
}  // namespace mezz::app
