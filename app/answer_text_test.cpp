// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "app/answer_text.hpp"

#include <gtest/gtest.h>

namespace mezz::app {
namespace {

TEST(answer_text, withdrawals_say_their_stage_and_when_they_go_on) {
    EXPECT_EQ(withdrawals_text(R"({"withdrawals":[]})"), "no withdrawals\n");
    EXPECT_EQ(withdrawals_text(
                  R"({"withdrawals":[{"transaction":"0xaa","withdrawalHash":"0xbb","target":"0xcc",
                      "value":"0x16345785d8a0000","stage":"proven","etaSeconds":7},
                     {"transaction":"0x1","withdrawalHash":"0x2","target":"0x3","value":"0x0",
                      "stage":"finalized","etaSeconds":null}]})"),
              "proven, goes on in 7 s: 0.1 ETH for 0xcc\n  begun by    0xaa\n  withdrawal  0xbb\n"
              "finalized: 0 ETH for 0x3\n  begun by    0x1\n  withdrawal  0x2\n");
}

TEST(answer_text, calls_are_a_tree_with_their_logs) {
    EXPECT_EQ(
        call_tree_text(R"({"type":"CALL","from":"0xa","to":"0xb","value":"0x7","gasUsed":"0x5208",
                  "input":"0x1234","calls":[{"type":"CREATE","from":"0xb","gasUsed":"0x1","input":"0x",
                  "error":"execution reverted","revertReason":"no\nway"}],
                  "logs":[{"address":"0xb","topics":["0x01","0x02"],"data":"0x"}]})"),
        "CALL 0xa -> 0xb  0.000000000000000007 ETH  21000 gas  0x1234\n"
        "  CREATE (nothing)  1 gas  failed: execution reverted (no way)\n"
        "  log of 0xb 0x01 0x02\n");
    const std::string input = "0x" + std::string(200, 'a');
    EXPECT_EQ(call_tree_text(R"({"type":"CALL","from":"0xa","to":"0xb","gasUsed":"0x0","input":")" +
                             input + "\"}"),
              "CALL 0xa -> 0xb  0 gas  " + input.substr(0, 74) + "… (100 bytes)\n");
}

TEST(answer_text, takes_any_text) {
    for (const char* text : {"", "null", "5", "[]", "{}", R"({"withdrawals":5})",
                             R"({"withdrawals":[5]})", R"({"withdrawals":[{"transaction":"0x1"}]})",
                             R"({"type":"CALL"})", R"({"type":"CALL","from":"0xa","gasUsed":"7"})",
                             R"({"type":"CALL","from":"0xa","gasUsed":"0x7","calls":[null]})",
                             R"({"type":"CALL","from":"0xa","gasUsed":"0x7","logs":[{}]})"}) {
        EXPECT_FALSE(withdrawals_text(text)) << text;
        EXPECT_FALSE(call_tree_text(text)) << text;
    }
}

}  // namespace
}  // namespace mezz::app
