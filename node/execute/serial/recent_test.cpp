// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/execute/serial/recent.hpp"

#include <gtest/gtest.h>

#include "core/base/uint256.hpp"

namespace mezz::node {
namespace {

Bytes32 key(std::uint64_t n) {
    return to_bytes32(uint256{n});
}

TEST(recent, holds_everything_while_there_is_room) {
    Recent<Bytes32, std::uint64_t> recent(1 << 14);
    for (std::uint64_t i = 0; i < 2000; ++i) recent.put(key(i), i);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const auto* value = recent.find(key(i));
        ASSERT_TRUE(value != nullptr) << i;
        EXPECT_EQ(*value, i);
    }
    EXPECT_EQ(recent.size(), 2000U);
    EXPECT_EQ(recent.find(key(2000)), nullptr);
}

TEST(recent, size_is_bounded_and_what_is_in_use_stays) {
    Recent<Bytes32, std::uint64_t> recent(1024);
    for (std::uint64_t i = 0; i < 50'000; ++i) {
        recent.put(key(i), i);
        if (recent.find(key(0)) == nullptr) FAIL() << i;
    }
    EXPECT_LE(recent.size(), 1024U);
    EXPECT_EQ(recent.peek(key(1)), nullptr);
    ASSERT_NE(recent.peek(key(49'999)), nullptr);
}

TEST(recent, put_replaces_and_clear_forgets) {
    Recent<Bytes32, std::uint64_t> recent(1024);
    recent.put(key(1), 1);
    recent.put(key(1), 2);
    EXPECT_EQ(recent.size(), 1U);
    EXPECT_EQ(*recent.peek(key(1)), 2U);
    recent.clear();
    EXPECT_EQ(recent.peek(key(1)), nullptr);
}

}  // namespace
}  // namespace mezz::node
