// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class SimulateMethods : public RpcTest {
protected:
    static std::string params(std::string_view blocks, std::string_view more = "") {
        return R"([{"blockStateCalls":[)" + std::string(blocks) + "]" + std::string(more) +
               R"(},"latest"])";
    }
    std::string simulate(std::string_view blocks, std::string_view more, std::string_view pointer) {
        return member("eth_simulateV1", params(blocks, more), pointer);
    }
    std::string error(std::string_view blocks, std::string_view more = "") {
        return call("eth_simulateV1", params(blocks, more));
    }
    std::string send(std::string_view rest) const {
        return R"({"from":)" + text(sender) + std::string(rest) + "}";
    }
};

TEST_F(SimulateMethods, effects_of_a_block_are_there_in_the_next) {
    // SLOAD(0) as output, by overriding the contract's code after it stored 7.
    const std::string blocks = R"({"calls":[)" + send(R"(,"to":)" + text(contract)) + "]}," +
                               R"({"stateOverrides":{)" + text(contract) +
                               R"(:{"code":"0x60005460005260206000f3"}},"calls":[)" +
                               send(R"(,"to":)" + text(contract)) + "]}";
    EXPECT_EQ(simulate(blocks, "", "/1/calls/0/returnData"), text(to_bytes32(uint256{7})));
    EXPECT_EQ(simulate(blocks, "", "/0/calls/0/logs/0/topics/0"), text(to_bytes32(uint256{1})));
    EXPECT_EQ(simulate(blocks, "", "/1/parentHash"), simulate(blocks, "", "/0/hash"));
    // The chain itself did not move.
    EXPECT_EQ(result("eth_getStorageAt", "[" + text(contract) + R"(,"0x0","latest"])"),
              text(to_bytes32(uint256{})));
    EXPECT_EQ(result("eth_blockNumber"), "\"0x0\"");
}

TEST_F(SimulateMethods, the_state_root_is_that_of_the_block_made_for_real) {
    const Address receiver = hex<Address>("0x00000000000000000000000000000000000000bb");
    Transaction t = signed_by(make(receiver, uint256{5}), key);
    const std::uint64_t number = mine({t}, false);
    const auto header = **chain->header(number);
    const auto before = **chain->header(number - 1);
    const std::string overrides =
        R"("blockOverrides":{"time":)" + quote(quantity_text(uint256{header.timestamp})) +
        R"(,"baseFeePerGas":"0x3b9aca00","feeRecipient":)" + text(header.coinbase) + "}";
    const std::string txn = send(R"(,"to":)" + text(receiver) +
                                 R"(,"value":"0x5","gas":"0x30d40","maxFeePerGas":"0x2540be400",)"
                                 R"("maxPriorityFeePerGas":"0x77359400","nonce":"0x0")");
    const std::string asked = R"([{"blockStateCalls":[{)" + overrides + R"(,"calls":[)" + txn +
                              R"(]}],"validation":true},"0x0"])";
    EXPECT_EQ(before.number, 0u);
    // The rollup charges nothing for publishing while L1Block is empty, so both blocks agree.
    EXPECT_EQ(member("eth_simulateV1", asked, "/0/stateRoot"), text(header.state_root));
    EXPECT_EQ(member("eth_simulateV1", asked, "/0/receiptsRoot"), text(header.receipts_root));
}

TEST_F(SimulateMethods, an_override_can_take_everything_an_account_has) {
    const std::string broke = R"({"stateOverrides":{)" + text(sender) +
                              R"(:{"balance":"0x0"}},"calls":[)" +
                              send(R"(,"to":)" + text(other) + R"(,"value":"0x1")") + "]}";
    EXPECT_NE(error(broke).find("\"code\":-38014"), std::string::npos);
}

TEST_F(SimulateMethods, movements_of_ether_are_logged_when_asked_for) {
    const std::string blocks =
        R"({"calls":[)" + send(R"(,"to":)" + text(other) + R"(,"value":"0x5")") + "]}";
    EXPECT_EQ(simulate(blocks, "", "/0/calls/0/logs"), "[]");
    const std::string_view asked = R"(,"traceTransfers":true)";
    EXPECT_EQ(simulate(blocks, asked, "/0/calls/0/logs/0/address"),
              "\"0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\"");
    EXPECT_EQ(simulate(blocks, asked, "/0/calls/0/logs/0/data"), text(to_bytes32(uint256{5})));
    // What is undone is not logged: the contract reverts on data.
    const std::string reverts =
        R"({"calls":[)" + send(R"(,"to":)" + text(contract) + R"(,"value":"0x5","input":"0x01")") +
        "]}";
    EXPECT_EQ(simulate(reverts, asked, "/0/calls/0/logs"), "[]");
    EXPECT_EQ(simulate(reverts, asked, "/0/calls/0/error/code"), "3");
}

TEST_F(SimulateMethods, a_moved_precompile_runs_where_it_went) {
    const std::string move =
        R"("stateOverrides":{"0x0000000000000000000000000000000000000004":{"movePrecompileToAddress":)" +
        text(other) + "}}";
    const std::string blocks =
        "{" + move + R"(,"calls":[)" + send(R"(,"to":)" + text(other) + R"(,"input":"0x1234")") +
        "," + send(R"(,"to":"0x0000000000000000000000000000000000000004","input":"0x1234")") + "]}";
    EXPECT_EQ(simulate(blocks, "", "/0/calls/0/returnData"), "\"0x1234\"");
    EXPECT_EQ(simulate(blocks, "", "/0/calls/1/returnData"), "\"0x\"");
    EXPECT_NE(error(R"({"stateOverrides":{)" + text(other) + R"(:{"movePrecompileToAddress":)" +
                    text(contract) + "}}}")
                  .find("is not a precompile"),
              std::string::npos);
}

TEST_F(SimulateMethods, refusals_have_the_codes_of_the_specification) {
    const auto has = [](const std::string& answer, std::string_view code) {
        return answer.find("\"code\":" + std::string(code)) != std::string::npos;
    };
    const std::string_view strict = R"(,"validation":true)";
    const std::string fees = R"(,"maxFeePerGas":"0x2540be400","to":)" + text(other);
    EXPECT_TRUE(
        has(error(R"({"calls":[)" + send(fees + R"(,"nonce":"0x5")") + "]}", strict), "-38011"));
    EXPECT_TRUE(
        has(error(R"({"calls":[)" + send(R"(,"maxFeePerGas":"0x1")") + "]}", strict), "-38012"));
    EXPECT_TRUE(
        has(error(R"({"calls":[)" + send(R"(,"gas":"0x1","to":)" + text(other)) + "]}"), "-38013"));
    EXPECT_TRUE(
        has(error(R"({"calls":[)" + send(R"(,"value":"0xffffffffffffffffff")") + "]}"), "-38014"));
    EXPECT_TRUE(has(error(R"({"blockOverrides":{"gasLimit":"0x5208"},"calls":[)" +
                          send(R"(,"gas":"0x5209","to":)" + text(other)) + "]}"),
                    "-38015"));
    EXPECT_TRUE(has(error(R"({"blockOverrides":{"number":"0x0"}})"), "-38020"));
    EXPECT_TRUE(has(error(R"({"blockOverrides":{"time":"0x1"}})"), "-38021"));
    EXPECT_TRUE(has(error(R"({"blockOverrides":{"number":"0x200"}})"), "-38026"));
    EXPECT_TRUE(has(error(""), "-32602"));
}

}  // namespace
}  // namespace mezz::rpc::test
