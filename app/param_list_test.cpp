// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/param_list.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

TEST(param_list, reads_numbers_in_every_spelling) {
    ParamList p(R"([7, "0x1f", "0x00ff", null])");
    EXPECT_EQ(p.number(0, "a"), 7u);
    EXPECT_EQ(p.number(1, "b"), 31u);
    EXPECT_EQ(p.number(2, "c"), 255u);
    EXPECT_EQ(p.number_or(3, "d", 9), 9u);
    EXPECT_EQ(p.number_or(4, "e", 8), 8u);
    EXPECT_FALSE(p.failed());
    ParamList most(R"(["0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"])");
    EXPECT_EQ(most.word(0, "wei"), ~uint256{});
    EXPECT_FALSE(most.failed());
}

TEST(param_list, reads_what_else_there_is) {
    ParamList p(R"([true, "0x00000000000000000000000000000000000000aa", "0x0102",)"
                R"( {"blocks": "0x2", "timestamp": 5}])");
    EXPECT_TRUE(p.flag(0, "on"));
    EXPECT_EQ(p.address(1, "who")[19], 0xaa);
    EXPECT_EQ(p.bytes(2, "code"), (Bytes{1, 2}));
    EXPECT_TRUE(p.is_object(3));
    EXPECT_EQ(p.member(3, "blocks"), 2u);
    EXPECT_EQ(p.member(3, "timestamp"), 5u);
    EXPECT_EQ(p.member(3, "none"), std::nullopt);
    EXPECT_EQ(p.member(0, "none"), std::nullopt) << "no object";
    EXPECT_FALSE(p.failed());
}

TEST(param_list, a_list_that_has_to_be_empty) {
    ParamList p(R"([[], null, [1], {}])");
    for (const std::size_t i : {0, 1, 7}) p.no_list(i, "list");
    EXPECT_FALSE(p.failed());
    p.no_list(2, "list");
    ASSERT_TRUE(p.failed());
    EXPECT_TRUE(p.error().error().message.starts_with(
        "params[2] (list): expected an empty list; others are not supported"))
        << p.error().error().message;
    ParamList other(R"([{}])");
    other.no_list(0, "list");
    EXPECT_TRUE(other.failed());
}

TEST(param_list, the_first_problem_is_named_by_its_place) {
    const auto problem = [](std::string_view params, auto&& read) {
        ParamList p(params);
        read(p);
        return p.failed() ? p.error().error().message : std::string("none");
    };
    const auto number = [](ParamList& p) { p.number(0, "count"); };
    EXPECT_EQ(problem(R"(["x"])", number),
              "params[0] (count): expected a number of at most 64 bits, as such or in 0x hex, got "
              "\"x\"");
    for (const char* bad : {"[]", "[-1]", "[1.5]", R"(["0x"])", R"(["12"])", R"(["0xg"])",
                            R"(["0x10000000000000000"])", "[[]]", "{", ""})
        EXPECT_TRUE(problem(bad, number).starts_with("params[0] (count): expected a number"))
            << bad;
    EXPECT_NE(problem(R"(["0x12"])", [](ParamList& p) { p.address(0, "who"); })
                  .find("an address of 20 bytes, got \"0x12\""),
              std::string::npos);
    EXPECT_NE(problem(R"(["aa"])", [](ParamList& p) { p.bytes(0, "code"); }).find("0x hex"),
              std::string::npos);
    EXPECT_NE(problem("[1]", [](ParamList& p) { p.flag(0, "on"); }).find("true or false"),
              std::string::npos);
    EXPECT_NE(problem(R"([{"blocks": []}])", [](ParamList& p) { p.member(0, "blocks"); })
                  .find("params[0] (blocks)"),
              std::string::npos);
    EXPECT_EQ(problem(R"([1])",
                      [](ParamList& p) {
                          p.hash(1, "first");
                          p.flag(0, "second");
                      }),
              "params[1] (first): expected 32 bytes as 0x hex, got nothing");
}

}  // namespace
}  // namespace mezz::app
