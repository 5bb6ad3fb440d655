// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <set>

#include "app/config/keys.hpp"
#include "app/config/toml_file.hpp"

namespace mezz::app {
namespace {

std::string taken(const char* key, std::string_view value) {
    const auto text = flag_text(*find_key(key), value);
    return text ? *text : "refused: " + text.error();
}

TEST(config_values, durations_become_numbers_of_the_flag) {
    EXPECT_EQ(taken("chain.block_time", "1s"), "1000");
    EXPECT_EQ(taken("chain.block_time", "100ms"), "100");
    EXPECT_EQ(taken("proof.clock", "2m"), "120");
    EXPECT_EQ(file_text(*find_key("chain.block_time"), "1500"), "1500ms");
    EXPECT_EQ(file_text(*find_key("proof.clock"), "3600"), "1h");
}

TEST(config_values, of_another_kind_are_refused) {
    EXPECT_EQ(taken("chain.block_time", "1000"),
              "refused: expected a duration as \"1s\" or \"250ms\", found \"1000\"");
    EXPECT_EQ(taken("proof.clock", "5500ms"), "refused: expected whole seconds, found \"5500ms\"");
    EXPECT_EQ(taken("rpc.port", "http"), "refused: expected a whole number, found \"http\"");
    EXPECT_EQ(taken("rpc.port", "-1"), "refused: expected a whole number, found \"-1\"");
    EXPECT_EQ(taken("limits.body", "5 parrots"),
              "refused: expected a size as \"64MiB\", or bytes, found \"5 parrots\"");
    EXPECT_EQ(taken("state.ephemeral", "yes"), "refused: expected true or false, found \"yes\"");
}

TEST(config_values, have_a_range) {
    EXPECT_EQ(taken("chain.block_time", "99ms"), "refused: 99ms is out of range: 100ms to 10s");
    EXPECT_EQ(taken("chain.block_time", "10s"), "10000");
    EXPECT_EQ(taken("chain.block_time", "10001ms"),
              "refused: 10001ms is out of range: 100ms to 10s");
    EXPECT_EQ(taken("rpc.port", "65535"), "65535");
    EXPECT_EQ(taken("rpc.port", "65536"), "refused: 65536 is out of range: 0 to 65535");
    EXPECT_EQ(taken("limits.body", "4GiB"), "4294967296");
    EXPECT_EQ(taken("limits.body", "5GiB"), "refused: 5GiB is out of range: 1KiB to 4GiB");
    // More than 64 bits.
    EXPECT_TRUE(taken("limits.body", "99999999999TiB").starts_with("refused"));
    EXPECT_TRUE(taken("chain.id", "18446744073709551616").starts_with("refused"));
}

TEST(config_values, choices_suggest_the_nearest) {
    EXPECT_EQ(taken("da.kind", "calldata"), "calldata");
    EXPECT_EQ(taken("da.kind", "blob"),
              "refused: expected one of blobs, calldata, cheaper, found \"blob\"; did you mean "
              "blobs?");
}

TEST(config_values, an_inverted_flag_says_the_opposite) {
    EXPECT_EQ(taken("console.enabled", "false"), "true");
    EXPECT_EQ(file_text(*find_key("console.enabled"), "true"), "false");
}

TEST(config_keys, names_and_flags_are_unique) {
    std::set<std::string_view> names, flags;
    for (const auto& key : all_keys()) {
        EXPECT_TRUE(names.insert(key.name).second) << key.name;
        EXPECT_TRUE(flags.insert(key.flag).second) << key.flag;
        EXPECT_EQ(find_key(key.name), &key);
    }
    EXPECT_EQ(find_key("chain"), nullptr);
}

TEST(toml_file, gives_values_with_their_lines) {
    const auto values = parse_toml("a = 1\n[b]\nc = \"x\"\n\nd = [\"p\", \"q\"]\ne = true\n", "f");
    ASSERT_TRUE(values.has_value());
    ASSERT_EQ(values->size(), 4u);
    EXPECT_EQ((*values)[0].key, "a");
    EXPECT_EQ((*values)[0].type, TomlType::integer);
    EXPECT_EQ((*values)[1].key, "b.c");
    EXPECT_EQ((*values)[1].text, "x");
    EXPECT_EQ((*values)[1].line, 3u);
    EXPECT_EQ((*values)[2].items, (std::vector<std::string>{"p", "q"}));
    EXPECT_EQ((*values)[3].text, "true");
}

TEST(toml_file, names_the_line_of_what_is_no_toml) {
    for (const auto* text :
         {"a = 1\na = 2\n", "a = 1\nb = \n", "a = 1\nb = 'x\n", "a = 1\n[=]\n"}) {
        const auto values = parse_toml(text, "f.toml");
        ASSERT_FALSE(values.has_value()) << text;
        EXPECT_TRUE(values.error().starts_with("f.toml:2: ")) << values.error();
    }
}

TEST(toml_file, letters_of_all_scripts_stand_in_texts_and_nowhere_else) {
    const auto values = parse_toml("a = \"\u00e4 \ufef7 \u3042\" # \u00e4 \ufef7\n", "f");
    ASSERT_TRUE(values.has_value());
    EXPECT_EQ((*values)[0].text, "\u00e4 \ufef7 \u3042");
    for (const char* letter : {"\u00e4", "\u1681", "\u2010", "\u3042", "\ufef7", "\U0001f600"})
        for (const auto& text :
             {std::string(letter) + " = 1\n", "a = " + std::string(letter) + "\n",
              "a " + std::string(letter) + " = 1\n"})
            EXPECT_FALSE(parse_toml(text, "f").has_value()) << text;
}

}  // namespace
}  // namespace mezz::app
