// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "core/codec/hex.hpp"
#include "core/crypto/secp256k1.hpp"

namespace mezz::app {
namespace {

const Bytes32 known =
    hex<Bytes32>("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");

struct Folder {
    Folder() {
        char name[] = "/tmp/mezz-key-XXXXXX";
        path = mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

TEST(key_file, draws_again_what_is_no_key) {
    int draws = 0;
    const auto key = new_key([&](std::span<std::uint8_t> out) {
        // All ones are above the order, zero is none.
        const auto byte = static_cast<std::uint8_t>(draws == 0 ? 255 : draws == 1 ? 0 : 7);
        std::fill(out.begin(), out.end(), byte);
        ++draws;
        return true;
    });
    ASSERT_TRUE(key);
    EXPECT_EQ(draws, 3);
    EXPECT_EQ((*key)[0], 7);
    EXPECT_FALSE(new_key([](std::span<std::uint8_t>) { return false; }));
    const auto none = new_key([](std::span<std::uint8_t> out) {
        std::fill(out.begin(), out.end(), std::uint8_t{0});
        return true;
    });
    EXPECT_EQ(none.error().message, "the system's randomness is none");
}

TEST(key_file, two_keys_of_the_system_differ) {
    const auto a = new_key(system_randomness), b = new_key(system_randomness);
    ASSERT_TRUE(a && b);
    EXPECT_NE(*a, *b);
}

TEST(key_file, reads_what_people_write) {
    const std::string digits = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    for (const auto& text : {digits, "0x" + digits, "  0x" + digits + "\r\n"})
        EXPECT_EQ(parse_key(text, "x").value_or(Bytes32{}), known) << text;
    const std::string order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";
    for (const auto& [text, why] :
         {std::pair{std::string(" \n"), "x: is empty"},
          {digits.substr(2), "x: expected a private key, 64 hex digits"},
          {digits + " " + digits, "x: expected a private key, 64 hex digits"},
          {"g" + digits.substr(1), "x: expected a private key, 64 hex digits"},
          {std::string(64, '0'), "x: is no private key: zero, or not below the order of the group"},
          {order, "x: is no private key: zero, or not below the order of the group"}}) {
        const auto key = parse_key(text, "x");
        ASSERT_FALSE(key) << text;
        EXPECT_EQ(key.error().message, why);
    }
}

TEST(key_file, is_its_owners_alone_and_never_written_over) {
    const Folder folder;
    const auto path = folder.path / "key";
    ASSERT_TRUE(write_key_file(path, known));
    EXPECT_EQ(read_key_file(path).value_or(Bytes32{}), known);
    struct stat info{};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u);
    const auto again = write_key_file(path, Bytes32{});
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().message,
              path.string() + ": is there already; a key is never written over");
    EXPECT_EQ(read_key_file(path).value_or(Bytes32{}), known);
    EXPECT_FALSE(write_key_file(folder.path / "no" / "key", known));
    EXPECT_FALSE(read_key_file(folder.path / "none"));
    std::ofstream(folder.path / "long") << std::string(5'000, 'a');
    EXPECT_FALSE(read_key_file(folder.path / "long"));
}

}  // namespace
}  // namespace mezz::app
