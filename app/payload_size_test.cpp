// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/payload_size.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

TEST(payload_size, plain_data_is_all_but_its_format) {
    EXPECT_EQ(payload_size(Bytes{0, 7, 7, 7}), 3u);
    EXPECT_EQ(payload_size(Bytes{0}), 0u);
}

TEST(payload_size, frames_say_it_in_one_two_four_or_eight_bytes) {
    EXPECT_EQ(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0x20, 9}), 9u);
    EXPECT_EQ(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0x60, 1, 1}), 257u + 256u);
    EXPECT_EQ(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0x80, 0x58, 1, 2, 3, 4}), 0x04030201u);
    EXPECT_EQ(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0xe0, 1, 0, 0, 0, 1, 0, 0, 0}),
              0x100000001u);
}

TEST(payload_size, anything_else_is_not_known) {
    EXPECT_FALSE(payload_size({}));
    EXPECT_FALSE(payload_size(Bytes{2, 1, 1}));
    EXPECT_FALSE(payload_size(Bytes{1}));
    EXPECT_FALSE(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfe, 0x20, 9}));
    EXPECT_FALSE(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58, 9}));
    EXPECT_FALSE(payload_size(Bytes{1, 0x28, 0xb5, 0x2f, 0xfd, 0x60, 1}));
}

}  // namespace
}  // namespace mezz::app
