// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/logging.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

namespace mezz::app::log {
namespace {

constexpr std::uint64_t ms = 1'767'323'045'678;  // 2026-01-02T03:04:05.678Z

TEST(logging, a_line_for_people) {
    EXPECT_EQ(line(Format::text, ms, Level::warn, "batcher", "fees were raised",
                   {{"nonce", 7u}, {"why", "too low"}, {"empty", ""}, {"ratio", 0.5}}),
              "2026-01-02T03:04:05.678Z warn batcher: fees were raised nonce=7 why=\"too low\" "
              "empty=\"\" ratio=0.5");
    // An event stays one line.
    EXPECT_EQ(line(Format::text, ms, Level::info, "rpc", "a\nb", {{"x", "c\nd"}}),
              "2026-01-02T03:04:05.678Z info rpc: a b x=\"c\\nd\"");
}

TEST(logging, a_json_object_a_line) {
    const std::string text =
        line(Format::json, ms, Level::error, "rpc", "say \"hi\"\n",
             {{"block", 12}, {"ok", true}, {"text", std::string("\x01\\ü")}, {"less", -3}});
    EXPECT_EQ(text.find('\n'), std::string::npos);
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    ASSERT_EQ(parser.parse(text).get(object), simdjson::SUCCESS) << text;
    const auto get = [&](const char* key) { return std::string_view(object[key]); };
    EXPECT_EQ(get("ts"), "2026-01-02T03:04:05.678Z");
    EXPECT_EQ(get("level"), "error");
    EXPECT_EQ(get("component"), "rpc");
    EXPECT_EQ(get("msg"), "say \"hi\"\n");
    EXPECT_EQ(std::int64_t(object["block"]), 12);
    EXPECT_EQ(bool(object["ok"]), true);
    EXPECT_EQ(get("text"), "\x01\\ü");
    EXPECT_EQ(std::int64_t(object["less"]), -3);
}

TEST(logging, levels_by_component) {
    const auto levels = parse_levels("warn,rpc=debug,batcher=off");
    ASSERT_TRUE(levels);
    for (std::size_t i = 0; i < components.size(); ++i)
        EXPECT_EQ((*levels)[i], components[i] == "rpc"       ? Level::debug
                                : components[i] == "batcher" ? Level::off
                                                             : Level::warn);
    EXPECT_EQ((*parse_levels("rpc=trace"))[0], Level::info);
}

TEST(logging, levels_that_are_not_known_are_named) {
    EXPECT_EQ(parse_levels("inof").error().substr(0, 44),
              "'inof' is no level; did you mean info? (trac");
    EXPECT_NE(parse_levels("info,rcp=debug").error().find("did you mean rpc?"), std::string::npos);
    EXPECT_FALSE(parse_levels(""));
    EXPECT_FALSE(parse_levels("info,"));
    EXPECT_FALSE(parse_levels("info,debug"));
    EXPECT_FALSE(parse_levels("rpc="));
}

}  // namespace
}  // namespace mezz::app::log
