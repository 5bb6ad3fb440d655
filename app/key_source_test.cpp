// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/key_source.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>

#include "node/ports/hex_text.hpp"

namespace mezz::app {
namespace {

const std::string text = "0x" + std::string(62, '0') + "2a";
constexpr const char* variable = "MEZZ_TEST_KEY";

class KeySourceTest : public testing::Test {
protected:
    KeySourceTest() { unsetenv(variable); }
    ~KeySourceTest() override {
        unsetenv(variable);
        std::filesystem::remove(path);
    }
    void write(const std::string& content, std::filesystem::perms permissions) const {
        std::ofstream(path) << content;
        std::filesystem::permissions(path, permissions);
    }
    /// The key as hex, or what is wrong.
    static std::string outcome(const std::vector<std::string>& words) {
        CLI::App app;
        std::string text_of_key;
        std::filesystem::path file;
        add_key_flags(app, "--key", variable, "A key", text_of_key, file);
        try {
            app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
        } catch (const CLI::ParseError& e) {
            return e.what();
        }
        const auto key = read_key("--key", variable, text_of_key, file);
        return key ? node::hex_text(*key) : key.error().message;
    }
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("mezz_key_" + std::to_string(getpid()));
    static constexpr auto mine =
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write;
};

TEST_F(KeySourceTest, a_key_comes_from_file_environment_or_flag) {
    EXPECT_EQ(outcome({"--key", text}), text);
    setenv(variable, text.c_str(), 1);
    EXPECT_EQ(outcome({}), text);
    unsetenv(variable);
    write(text + "\n", mine);
    EXPECT_EQ(outcome({"--key-file", path.string()}), text);
}

TEST_F(KeySourceTest, what_is_wrong_is_named_and_the_key_is_not_shown) {
    EXPECT_EQ(outcome({}),
              "--key: a private key is needed, 32 bytes as 0x-hex, in --key-file FILE or the "
              "environment's MEZZ_TEST_KEY");
    EXPECT_EQ(outcome({"--key", "0x12secret"}), "--key: expected 32 bytes as 0x and 64 hex digits");
    const std::string from = "--key-file " + path.string();
    EXPECT_EQ(outcome({"--key-file", path.string()}), from + ": cannot be read, or is empty");
    write("", mine);
    EXPECT_EQ(outcome({"--key-file", path.string()}), from + ": cannot be read, or is empty");
    write(text + " " + text, mine);
    EXPECT_EQ(outcome({"--key-file", path.string()}), from + ": holds more than one word");
    write(text, mine | std::filesystem::perms::group_read);
    EXPECT_EQ(outcome({"--key-file", path.string()}),
              from + ": other users may read it; run chmod 600 on it");
    EXPECT_NE(outcome({"--key", text, "--key-file", path.string()}).find("excludes"),
              std::string::npos);
}

}  // namespace
}  // namespace mezz::app
