// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/access.hpp"

#include <gtest/gtest.h>

#include "core/codec/hex.hpp"

namespace mezz::rpc {
namespace {

/// A token of another program: node's createHmac over {"alg":"HS256","typ":"JWT"} and
/// {"iat":1700000000}, secret 0x11…11.
constexpr std::string_view foreign =
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9."
    "Hb09lNHg9IiC1UttHzXRW1voUqjM97m4oEuKWkSux5g";

const Bytes32 secret = [] {
    Bytes32 s;
    for (std::size_t i = 0; i < 32; ++i) s.data()[i] = 0x11;
    return s;
}();
constexpr std::uint64_t now = 1'700'000'000;

std::string problem(std::string_view token, std::uint64_t at = now) {
    const auto checked = check_token(token, secret, at);
    return checked ? "" : checked.error();
}

TEST(jwt, takes_tokens_of_other_programs) {
    EXPECT_EQ(problem(foreign), "");
    EXPECT_EQ(make_token(secret, now), foreign);
}

TEST(jwt, is_good_for_a_minute_either_way) {
    EXPECT_EQ(problem(foreign, now + 60), "");
    EXPECT_EQ(problem(foreign, now - 60), "");
    EXPECT_NE(problem(foreign, now + 61).find("iat: more than 60 s"), std::string::npos);
    EXPECT_NE(problem(foreign, now - 61).find("iat: more than 60 s"), std::string::npos);
}

TEST(jwt, refuses_what_was_not_signed_with_the_secret) {
    std::string changed(foreign);
    changed[changed.size() - 3] = changed[changed.size() - 3] == 'A' ? 'B' : 'A';
    EXPECT_NE(problem(changed).find("signature"), std::string::npos);
    Bytes32 other = secret;
    other.data()[0] ^= 1;
    EXPECT_NE(problem(make_token(other, now)).find("signature"), std::string::npos);
    // Nobody chooses the algorithm but the node: {"alg":"none"} with an empty signature.
    EXPECT_NE(problem("eyJhbGciOiJub25lIn0.eyJpYXQiOjE3MDAwMDAwMDB9.").find("signature"),
              std::string::npos);
}

TEST(jwt, names_what_is_wrong_with_the_form) {
    for (const char* text : {"", "a", "a.b", "a.b.c.d", "..a.b"})
        EXPECT_NE(problem(text).find("header.claims.signature"), std::string::npos) << text;
    EXPECT_NE(problem("a+.b.c").find("base64url"), std::string::npos);
    EXPECT_NE(problem(std::string(5000, 'a')).find("header.claims.signature"), std::string::npos);
}

TEST(access, patterns_are_names_or_their_beginnings) {
    for (const char* good : {"*", "eth_*", "eth_call", "rpc.discover", "eth_getBlock*"})
        EXPECT_TRUE(is_method_pattern(good)) << good;
    for (const char* bad : {"", "eth_*x", "*eth", "eth call", "eth_**", "eth-call"})
        EXPECT_FALSE(is_method_pattern(bad)) << bad;
}

}  // namespace
}  // namespace mezz::rpc
