// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/keccak.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/crypto/keccak_plain.hpp"

namespace mezz::crypto {
namespace {

ByteView text(const char* s) {
    return {reinterpret_cast<const std::uint8_t*>(s), std::strlen(s)};
}

TEST(keccak256, known_digests) {
    EXPECT_EQ(keccak256({}), EMPTY_KECCAK);
    EXPECT_EQ(keccak256(text("abc")),
              hex<Bytes32>("0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"));
    const std::uint8_t empty_list_rlp[] = {0xc0};
    EXPECT_EQ(keccak256(empty_list_rlp),
              hex<Bytes32>("0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"));
}

TEST(keccak256, equals_the_plain_definition_at_every_length) {
    std::mt19937_64 random{1};
    Bytes data;
    for (int size = 0; size < 3 * 136 + 2; ++size) {
        ASSERT_EQ(keccak256(data), plain::keccak256(data)) << size;
        data.push_back(static_cast<std::uint8_t>(random()));
    }
}

TEST(keccak256, pieces_hash_like_the_whole) {
    std::mt19937_64 random{2};
    for (int round = 0; round < 2000; ++round) {
        Bytes data(random() % 600);
        for (auto& byte : data) byte = static_cast<std::uint8_t>(random());
        Keccak256 hasher;
        for (std::size_t at = 0; at < data.size();) {
            const std::size_t size = std::min<std::size_t>(random() % 200, data.size() - at);
            hasher.update(ByteView(data).subspan(at, size));
            at += size;
        }
        ASSERT_EQ(hasher.finish(), keccak256(data));
        ASSERT_EQ(hasher.finish(), EMPTY_KECCAK);
    }
}

}  // namespace
}  // namespace mezz::crypto
