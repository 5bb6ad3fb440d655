// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/settings.hpp"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

namespace mezz::app {
namespace {

TEST(settings, say_where_each_value_comes_from) {
    CLI::App command;
    int port = 8545;
    bool json = false;
    std::string secret = "0x11", other;
    command.option_defaults()->always_capture_default();
    command.add_option("--port", port, "Port");
    command.add_option("--batcher-key", secret, "Key");
    command.add_option("--other", other, "Other");
    command.add_flag("--json", json, "Lines of JSON");
    command.parse("--other x --batcher-key 0x22");
    const auto settings = settings_of(command);
    ASSERT_EQ(settings.size(), 4u);
    EXPECT_EQ(settings[0].name, "--port");
    EXPECT_EQ(settings[0].value, "8545");
    EXPECT_EQ(settings[0].source, "default");
    EXPECT_EQ(settings[0].what, "Port");
    EXPECT_EQ(settings[1].value, "(set, not shown)");
    EXPECT_EQ(settings[1].source, "flag");
    EXPECT_EQ(settings[2].value, "x");
    EXPECT_EQ(settings[2].source, "flag");
    EXPECT_EQ(settings[3].value, "false");
}

}  // namespace
}  // namespace mezz::app
