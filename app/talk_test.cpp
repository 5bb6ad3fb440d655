// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/talk.hpp"

#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "app/check_result.hpp"

namespace mezz::app {
namespace {

/// A terminal to write to; the process's talk and variables are as before afterwards.
class Terminal {
public:
    Terminal() {
        EXPECT_EQ(openpty(&master_, &slave_, nullptr, nullptr, nullptr), 0);
        stream_ = fdopen(slave_, "w");
        unsetenv("NO_COLOR");
        setenv("TERM", "xterm", 1);
    }
    ~Terminal() {
        std::fclose(stream_);
        ::close(master_);
        set_talk({});
        unsetenv("NO_COLOR");
    }
    [[nodiscard]] std::FILE* stream() const { return stream_; }

private:
    int master_ = -1, slave_ = -1;
    std::FILE* stream_ = nullptr;
};

TEST(talk, colours_are_for_terminals_of_people_who_want_them) {
    const Terminal terminal;
    EXPECT_EQ(painted(terminal.stream(), Tone::bad, "x"), "\033[31mx\033[0m");
    setenv("NO_COLOR", "", 1);
    EXPECT_TRUE(has_color(terminal.stream()));
    setenv("NO_COLOR", "0", 1);
    EXPECT_FALSE(has_color(terminal.stream()));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    EXPECT_FALSE(has_color(terminal.stream()));
    setenv("TERM", "xterm", 1);
    set_talk({.no_color = true});
    EXPECT_EQ(painted(terminal.stream(), Tone::bad, "x"), "x");
    set_talk({});
    std::FILE* file = std::tmpfile();
    EXPECT_FALSE(has_color(file));
    std::fclose(file);
}

std::string outcome(const std::vector<std::string>& words, Talk& talk) {
    CLI::App app;
    std::string level;
    app.add_option("--log-level", level);
    add_talk_flags(app, talk);
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& e) {
        return e.what();
    }
    return log_level_of(talk, level);
}

TEST(talk, flags_choose_the_level_and_exclude_each_other) {
    for (const auto& [words, level] : {std::pair{std::vector<std::string>{"-q"}, "warn"},
                                       {{"--quiet"}, "warn"},
                                       {{"-v"}, "debug"},
                                       {{"--verbose", "--no-color"}, "debug"},
                                       {{"--log-level", "info,rpc=debug"}, "info,rpc=debug"}}) {
        Talk talk;
        EXPECT_EQ(outcome(words, talk), level);
    }
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"-q", "-v"}, {"-q", "--log-level", "info"}, {"-v", "--log-level", "info"}}) {
        Talk talk;
        EXPECT_NE(outcome(words, talk).find("excludes"), std::string::npos);
    }
}

TEST(check_result, stands_in_a_column_of_eight) {
    for (const auto result :
         {CheckResult::ok, CheckResult::warning, CheckResult::failed, CheckResult::skipped}) {
        set_talk({.no_color = true});
        EXPECT_EQ(told(result).size(), 8u);
        EXPECT_TRUE(told(result).starts_with(name_of(result)));
    }
    set_talk({});
}

}  // namespace
}  // namespace mezz::app
