// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/amount.hpp"

#include <gtest/gtest.h>

#include "app/bridge.hpp"

namespace mezz::app {
namespace {

TEST(amount, is_written_as_it_is_read) {
    EXPECT_EQ(ether_text({}), "0 ETH");
    EXPECT_EQ(ether_text(uint256{1}), "0.000000000000000001 ETH");
    EXPECT_EQ(ether_text(uint256{1'500'000'000'000'000'000}), "1.5 ETH");
    for (const char* text : {"0.25", "17", "1234567.000000001"})
        EXPECT_EQ(ether_text(parse_amount(std::string(text) + "eth").value()),
                  std::string(text) + " ETH");
}

}  // namespace
}  // namespace mezz::app
