// Mezzanine: one C++ stack for every execution layer.
// SPDX-License-Identifier: Apache-2.0
#include "node/ingest/rpc/json_writer.hpp"
#include "node/ingest/rpc/test_chain.hpp"

namespace mezz::rpc::test {
namespace {

class CallMethods : public RpcTest {
protected:
    std::string to(const Address& a, std::string_view rest = "") {
        return R"({"from":)" + text(sender) + R"(,"to":)" + text(a) + std::string(rest) + "}";
    }
    std::uint64_t estimate(const std::string& arguments) {
        const std::string r = result("eth_estimateGas", "[" + arguments + "]");
        return std::stoull(r.substr(3), nullptr, 16);
    }
    bool succeeds(const std::string& target, std::uint64_t gas) {
        char hex[20];
        std::snprintf(hex, sizeof hex, "0x%lx", gas);
        const std::string a = target.substr(0, target.size() - 1) + R"(,"gas":")" + hex + "\"}";
        return call("eth_call", "[" + a + "]").find("\"error\"") == std::string::npos;
    }
};

TEST_F(CallMethods, call_returns_output) {
    EXPECT_EQ(result("eth_call", "[" + to(contract) + ",\"latest\"]"),
              text(to_bytes32(uint256{7})));
    EXPECT_EQ(result("eth_call", "[" + to(other) + "]"), "\"0x\"");
}

TEST_F(CallMethods, revert_has_code_3_reason_and_data) {
    const std::string answer = call("eth_call", "[" + to(contract, R"(,"input":"0x01")") + "]");
    EXPECT_NE(
        answer.find(R"("error":{"code":3,"message":"execution reverted: no","data":"0x08c379a0)"),
        std::string::npos)
        << answer;
    EXPECT_NE(call("eth_estimateGas", "[" + to(contract, R"(,"input":"0x01")") + "]")
                  .find(R"("code":3,"message":"execution reverted: no")"),
              std::string::npos);
}

TEST_F(CallMethods, failures_without_revert_are_server_errors) {
    EXPECT_NE(call("eth_call", "[" + to(contract, R"(,"gas":"0x5300")") + "]")
                  .find(R"("code":-32000,"message":"out of gas")"),
              std::string::npos);
    EXPECT_NE(call("eth_call", "[" + to(contract, R"(,"gas":"0x1")") + "]")
                  .find(R"("code":-32000,"message":"err: intrinsic gas too low)"),
              std::string::npos);
    EXPECT_NE(call("eth_call", "[" + to(other, R"(,"value":"0xffffffffffffffffffff")") + "]")
                  .find("insufficient funds for gas * price + value"),
              std::string::npos);
}

TEST_F(CallMethods, overrides_change_what_the_call_sees) {
    // BALANCE(CALLER) as output.
    const std::string code = "0x333160005260206000f3";
    const std::string overrides = "{" + text(other) + R"(:{"code":")" + code + "\"}," +
                                  text(sender) + R"(:{"balance":"0x2a"}})";
    EXPECT_EQ(result("eth_call", "[" + to(other) + ",\"latest\"," + overrides + "]"),
              text(to_bytes32(uint256{42})));
    // SLOAD(0)
    const std::string slots = "{" + text(other) +
                              R"(:{"code":"0x60005460005260206000f3","state":{)" + text(Bytes32{}) +
                              ":" + text(to_bytes32(uint256{9})) + "}}}";
    EXPECT_EQ(result("eth_call", "[" + to(other) + ",\"latest\"," + slots + "]"),
              text(to_bytes32(uint256{9})));
    // TIMESTAMP
    const std::string clock = "{" + text(other) + R"(:{"code":"0x4260005260206000f3"}})";
    EXPECT_EQ(result("eth_call", "[" + to(other) + ",\"latest\"," + clock + R"(,{"time":"0x77"}])"),
              text(to_bytes32(uint256{0x77})));
}

TEST_F(CallMethods, estimates_are_enough_and_tight) {
    EXPECT_EQ(estimate(to(other, R"(,"value":"0x1")")), 21'000u);
    const std::uint64_t gas = estimate(to(contract));
    EXPECT_TRUE(succeeds(to(contract), gas));
    EXPECT_FALSE(succeeds(to(contract), gas - gas / 20));
    EXPECT_NE(call("eth_estimateGas", "[" + to(contract, R"(,"gas":"0x5300")") + "]")
                  .find("gas required exceeds allowance (21248)"),
              std::string::npos);
    EXPECT_NE(
        call("eth_estimateGas",
             "[" + to(contract, R"(,"gasPrice":"0x2540be400","value":"0xde0b6b3a763ffff")") + "]")
            .find("gas required exceeds allowance (0)"),
        std::string::npos);
}

/// Code that answers one word that `opcode` pushes.
std::string word_of(const char* opcode) {
    return std::string("0x") + opcode + "60005260206000f3";
}

TEST_F(CallMethods, pending_is_the_block_to_be_made) {
    mine({});
    BlockContext next;
    next.number = 2;
    next.timestamp = 1'700'000'777;
    next.gas_limit = 30'000'000;
    next.base_fee = uint256{123};
    next.prev_randao[31] = 9;
    std::vector<std::uint64_t> asked;
    RpcOptions options;
    options.next_block = [&](std::uint64_t number) -> node::Result<BlockContext> {
        asked.push_back(number);
        return next;
    };
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    const auto sees = [&](const char* opcode, std::string_view block) {
        return result("eth_call", "[" + to(other, R"(,"gasPrice":"0x7b")") + "," +
                                      std::string(block) + ",{" + text(other) + R"(:{"code":")" +
                                      word_of(opcode) + "\"}}]");
    };
    const auto word = [](std::uint64_t v) { return text(to_bytes32(uint256{v})); };
    EXPECT_EQ(sees("43", R"("pending")"), word(2));              // NUMBER
    EXPECT_EQ(sees("42", R"("pending")"), word(1'700'000'777));  // TIMESTAMP
    EXPECT_EQ(sees("48", R"("pending")"), word(123));            // BASEFEE
    EXPECT_EQ(sees("44", R"("pending")"), word(9));              // PREVRANDAO
    EXPECT_EQ(asked, std::vector<std::uint64_t>(4, 1));
    EXPECT_EQ(sees("43", R"("latest")"), word(1));
    EXPECT_EQ(sees("43", R"("0x0")"), word(0));
    EXPECT_EQ(asked.size(), 4u);
}

TEST_F(CallMethods, estimates_see_the_block_they_are_for) {
    mine({});
    // Reverts unless NUMBER is 2: PUSH1 2, NUMBER, EQ, PUSH1 11, JUMPI, revert; JUMPDEST, STOP.
    const std::string overrides =
        "{" + text(other) + R"(:{"code":"0x60024314600b57600080fd5b00"}})";
    const auto answer = [&](const std::string& block) {
        return call("eth_estimateGas", "[" + to(other) + "," + block + "," + overrides + "]");
    };
    for (const char* block : {"null", R"("latest")", R"("pending")"})
        EXPECT_NE(answer(block).find(R"("result":"0x52)"), std::string::npos) << answer(block);
    // A block that is named is meant.
    EXPECT_NE(answer(R"("0x1")").find("execution reverted"), std::string::npos);
    EXPECT_NE(answer("{\"blockHash\":" + text(chain->hash_of(1)) + "}").find("execution reverted"),
              std::string::npos);
}

TEST_F(CallMethods, trouble_with_the_next_block_is_an_answer) {
    RpcOptions options;
    options.next_block = [](std::uint64_t) -> node::Result<BlockContext> {
        return node::retry("no such block");
    };
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    EXPECT_NE(call("eth_estimateGas", "[" + to(other) + "]").find("no such block"),
              std::string::npos);
}

TEST_F(CallMethods, access_list_names_touched_slots) {
    const std::string params = "[" + to(contract) + ",\"latest\"]";
    EXPECT_EQ(member("eth_createAccessList", params, "/accessList"),
              R"([{"address":)" + text(contract) + R"(,"storageKeys":[)" + text(Bytes32{}) + "]}]");
    EXPECT_EQ(
        member("eth_createAccessList", "[" + to(contract, R"(,"input":"0x01")") + "]", "/error"),
        "\"execution reverted\"");
}

TEST_F(CallMethods, contradictory_arguments_are_refused) {
    EXPECT_NE(call("eth_call", "[" + to(other, R"(,"gasPrice":"0x1","maxFeePerGas":"0x2")") + "]")
                  .find("-32602"),
              std::string::npos);
    EXPECT_NE(call("eth_call", "[" + to(other, R"(,"maxFeePerGas":"0x1")") + "]")
                  .find("max fee per gas less than block base fee"),
              std::string::npos);
}

TEST_F(CallMethods, a_call_takes_input_before_data_and_a_transaction_neither) {
    const std::string two = R"(,"data":"0x","input":"0x01")", same = R"(,"data":"0x","input":"0x")";
    // The contract reverts where there is any data.
    EXPECT_NE(call("eth_call", "[" + to(contract, two) + "]").find("execution reverted: no"),
              std::string::npos);
    EXPECT_EQ(result("eth_call", "[" + to(contract, R"(,"data":"0x01","input":"0x")") + "]"),
              text(to_bytes32(uint256{7})));
    for (const char* method : {"eth_fillTransaction", "eth_sendTransaction"}) {
        const std::string from = R"(,"from":)" + text(sender);
        EXPECT_NE(call(method, "[" + to(contract, from + two) + "]")
                      .find(R"("code":-32602,"message":"params[0]: both \"data\" and)"),
                  std::string::npos);
        (void)result(method, "[" + to(contract, from + same) + "]");
    }
}

TEST_F(CallMethods, calls_for_another_chain_are_refused) {
    const std::string here = to(other, R"(,"chainId":"0x385")"),
                      elsewhere = to(other, R"(,"chainId":"0x1")");
    for (const char* method : {"eth_call", "eth_estimateGas", "eth_createAccessList",
                               "eth_fillTransaction", "debug_traceCall"}) {
        (void)result(method, "[" + here + "]");
        EXPECT_NE(
            call(method, "[" + elsewhere + "]")
                .find(
                    R"x("code":-32000,"message":"chainId does not match node's (have=1, want=901)"}})x"),
            std::string::npos)
            << method;
    }
    EXPECT_NE(call("eth_simulateV1", R"([{"blockStateCalls":[{"calls":[)" + elsewhere + R"(]}]}])")
                  .find("chainId does not match node's"),
              std::string::npos);
}

TEST_F(CallMethods, a_call_ends_at_its_time_limit_whatever_gas_it_has) {
    // Every call has gas for much longer than its limit, so that none can end otherwise.
    const auto limited = [&](std::uint64_t ms) {
        RpcOptions options;
        options.call_timeout_ms = ms;
        options.call_gas_cap = 1'000'000'000'000;
        server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    };
    const auto ends = [&](const std::string& method, const std::string& params,
                          const std::string& limit) {
        const std::string answer = call(method, params);
        EXPECT_NE(answer.find(R"x("code":-32000,"message":"execution aborted (timeout = )x" +
                              limit + R"x()"}})x"),
                  std::string::npos)
            << method << answer;
    };
    limited(40);
    const std::string gas = R"(,"gas":"0xe8d4a51000")";
    // JUMPDEST, PUSH0, JUMP; and the same with a call of the identity in between.
    for (const char* code : {"0x5b5f56", "0x5b5f5f5f5f60045afa505f56"}) {
        const std::string with = R"(,"latest",{)" + text(other) + R"(:{"code":")" + code + "\"}}";
        ends("eth_call", "[" + to(other, gas) + with + "]", "40ms");
        ends("eth_createAccessList", "[" + to(other, gas) + with + "]", "40ms");
        ends("eth_simulateV1",
             R"([{"blockStateCalls":[{"blockOverrides":{"gasLimit":"0xe8d4a51000"},)"
             R"("stateOverrides":{)" +
                 text(other) + R"(:{"code":")" + code + R"("}},"calls":[)" + to(other) + "]}]}]",
             "40ms");
    }
    // In the sum of its runs, each of which is too short to be looked at.
    limited(1);
    ends("eth_estimateGas",
         "[" + to(other, R"(,"gas":"0xffffff")") + R"(,"latest",{)" + text(other) +
             R"(:{"code":"0x5b5f5f5f5f60045afa505f56"}}])",
         "1ms");
}

TEST_F(CallMethods, a_call_within_its_time_gives_the_same_with_much_gas) {
    RpcOptions options;
    options.call_gas_cap = 1'000'000'000'000;
    server = std::make_unique<RpcServer>(*chain, pool, std::move(options));
    // Counts down from 40,000, then returns what is left of its gas.
    const std::string with = R"(,"latest",{)" + text(other) +
                             R"(:{"code":"0x619c405b60019003806003575a5f5260205ff3"}}])";
    for (const std::uint64_t gas : {49'000'000u, 51'000'000u, 151'000'000u}) {
        const std::string answer = result(
            "eth_call", "[" + to(other, R"(,"gas":)" + quote(quantity_text(uint256{gas}))) + with);
        const std::uint64_t left =
            to_uint256(*fixed_from_hex<Bytes32>(answer.substr(1, 66))).limb[0];
        EXPECT_EQ(gas - left, 1'061'005u) << answer;
    }
}

TEST_F(CallMethods, prices_follow_blocks) {
    EXPECT_EQ(result("eth_maxPriorityFeePerGas"), "\"0xf4240\"");
    mine({signed_by(make(other), key)});
    EXPECT_EQ(result("eth_maxPriorityFeePerGas"), "\"0x77359400\"");
    EXPECT_EQ(result("eth_blobBaseFee"), "\"0x1\"");
    EXPECT_EQ(member("eth_feeHistory", R"(["0x2","latest",[0,100]])", "/oldestBlock"), "\"0x0\"");
    EXPECT_EQ(member("eth_feeHistory", R"([2,"latest",[0,100]])", "/reward/1"),
              R"(["0x77359400","0x77359400"])");
    EXPECT_NE(member("eth_feeHistory", R"(["0x2","latest",[]])", "/baseFeePerGas/2"), "(none)");
    EXPECT_NE(call("eth_feeHistory", R"(["0x2","latest",[50,20]])").find("-32602"),
              std::string::npos);
    EXPECT_NE(result("eth_gasPrice"), "\"0x0\"");
}

}  // namespace
}  // namespace mezz::rpc::test
